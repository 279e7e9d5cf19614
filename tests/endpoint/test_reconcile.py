"""The Reconciliation API 0.2, with the requests that OpenRefine sends.

The schemas are written from the text of the specification:
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def record(needed: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*needed], "properties": {**needed, **optional}}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


NAMED = record({"id": TEXT, "name": TEXT}, description={"type": "string"})
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
PLACE = record({"service_url": {"pattern": "^https?://"}, "service_path": {"pattern": "^/"}})
SIZE = {"type": "integer", "minimum": 1}
MANIFEST = record(
    {
        "versions": {**array(TEXT), "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": {"pattern": "^https?://"},
        "schemaSpace": {"pattern": "^https?://"},
        "view": record({"url": TEMPLATE}),
        "preview": record({"url": TEMPLATE, "width": SIZE, "height": SIZE}),
        "suggest": record({"entity": PLACE, "type": PLACE, "property": PLACE}),
        "extend": record({"propose_properties": PLACE}, property_settings=array({})),
        "batchSize": SIZE,
        "documentation": {"pattern": "^https?://"},
    }
)
FEATURE = record({"id": TEXT, "value": {"type": ["number", "boolean"]}})
CANDIDATE = record(
    {"id": TEXT, "name": TEXT, "score": {"type": "number"}, "type": array(NAMED)},
    match={"type": "boolean"},
    features=array(FEATURE),
)
RESULTS = {"type": "object", "additionalProperties": record({"result": array(CANDIDATE)})}
SUGGESTED = record({"result": array(NAMED)})
ONE_OF = [
    ("id", {"type": "string"}),
    ("str", {"type": "string"}),
    ("float", {"type": "number"}),
    ("int", {"type": "integer"}),
    ("date", {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}),
]
CELL = {
    "oneOf": [
        {
            **record({key: kind}, **({"name": TEXT} if key == "id" else {})),
            "additionalProperties": False,
        }
        for key, kind in ONE_OF
    ]
}
ROWS = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": array(CELL)},
}
EXTENSION = record({"meta": array(NAMED), "rows": ROWS})


def good(answer: httpx.Response, schema: dict[str, Any]) -> Any:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    Draft202012Validator(schema).validate(told)
    return told


def as_form(field: str, value: object) -> bytes:
    return f"{field}={quote(json.dumps(value, ensure_ascii=False), safe='')}".encode()


def test_the_manifest_says_what_the_specification_asks_for(real_site: httpx.Client) -> None:
    told = good(real_site.get("/reconcile"), MANIFEST)
    assert told["view"]["url"].startswith(str(real_site.base_url).rstrip("/"))


def test_openrefine_guesses_the_classes_of_a_column(real_site: httpx.Client) -> None:
    # ten cells of a column, three candidates each, and no class yet
    queries = {
        f"q{at}": {"query": name, "limit": 3}
        for at, name in enumerate(("Chile", "Pérou", "Zambie", "Brasil"))
    }
    answer = real_site.post("/reconcile", content=as_form("queries", queries), headers=FORM)
    told = good(answer, RESULTS)
    assert [*told] == [*queries]
    assert all(len(each["result"]) <= 3 for each in told.values())
    first = [each["result"][0]["id"] for each in told.values()]
    assert first == ["country/CL", "country/PE", "country/ZM", "country/BR"]
    kinds = [kind["id"] for each in told.values() for kind in each["result"][0]["type"]]
    assert kinds.count("Country") == 4


def test_openrefine_reconciles_with_a_class_and_another_column(real_site: httpx.Client) -> None:
    asked = {
        "query": "bhp group",
        "type": "Company",
        "type_strict": "should",
        "properties": [
            {"pid": "basedIn", "v": {"id": "country/AU", "name": "Australia"}},
            {"pid": "lei", "v": "WZE1WSENV6JSZFK0JC28"},
        ],
    }
    answer = real_site.post("/reconcile", content=as_form("queries", {"q0": asked}), headers=FORM)
    best = good(answer, RESULTS)["q0"]["result"][0]
    assert (best["id"], best["match"]) == ("actor/bhp", True)
    scores = [each["score"] for each in answer.json()["q0"]["result"]]
    assert scores == sorted(scores, reverse=True)


def test_openrefine_extends_a_table_by_properties(real_site: httpx.Client) -> None:
    proposed = real_site.get("/reconcile/properties", params={"type": "Company", "limit": 50})
    told = good(proposed, record({"type": TEXT, "properties": array(NAMED)}))
    assert "basedIn" in [each["id"] for each in told["properties"]]
    asked = {
        "ids": ["actor/bhp", "country/CL", "actor/no-such"],
        "properties": [{"id": "basedIn"}, {"id": "lei"}, {"id": "leastDeveloped", "settings": {}}],
    }
    answer = real_site.post("/reconcile", content=as_form("extend", asked), headers=FORM)
    told = good(answer, EXTENSION)
    assert [each["id"] for each in told["meta"]] == ["basedIn", "lei", "leastDeveloped"]
    assert told["meta"][0]["name"] == "is based in"
    bhp = told["rows"]["actor/bhp"]
    assert bhp["basedIn"] == [{"id": "country/AU", "name": "Australia"}]
    assert bhp["lei"] == [{"str": "WZE1WSENV6JSZFK0JC28"}]
    assert told["rows"]["country/CL"]["leastDeveloped"] == [{"str": "false"}]
    assert told["rows"]["actor/no-such"] == {"basedIn": [], "lei": [], "leastDeveloped": []}


def test_openrefine_suggests_while_somebody_types(real_site: httpx.Client) -> None:
    def suggested(kind: str, prefix: str, **more: str) -> list[str]:
        answer = real_site.get(f"/reconcile/suggest/{kind}", params={"prefix": prefix, **more})
        return [each["id"] for each in good(answer, SUGGESTED)["result"]]

    assert suggested("entity", "Chil")[0] == "country/CL"
    assert suggested("entity", "actor/bhp")[0] == "actor/bhp"
    assert suggested("type", "Compan")[0] == "Company"
    assert suggested("type", "Entreprise")[0] == "Company"
    assert "basedIn" in suggested("property", "based")
    assert suggested("entity", "Chil", cursor="1") == suggested("entity", "Chil")[1:]
    assert suggested("entity", "") == []


def test_a_candidate_can_be_seen_in_a_frame_and_on_its_page(real_site: httpx.Client) -> None:
    seen = real_site.get("/reconcile/preview", params={"id": "country/CL"})
    assert seen.status_code == 200
    assert "Chile" in seen.text
    assert "frame-ancestors" not in seen.headers["content-security-policy"]
    page = real_site.get(f"/reconcile/view?id={quote('country/CL', safe='')}")
    assert (page.status_code, page.headers["location"]) == (303, "/id/country/CL")
    for path in ("preview", "view"):
        assert real_site.get(f"/reconcile/{path}", params={"id": "no/such"}).status_code == 404


def test_a_batch_in_the_address_is_answered_as_one_in_a_form(real_site: httpx.Client) -> None:
    queries = {"a": {"query": "Kupfer"}, "b": {"query": "Zinn", "type": ["Commodity"]}}
    by_address = real_site.get("/reconcile", params={"queries": json.dumps(queries)})
    by_form = real_site.post("/reconcile", data={"queries": json.dumps(queries)})
    assert good(by_address, RESULTS) == good(by_form, RESULTS)
    assert by_form.json()["b"]["result"][0]["id"] == "commodity/tin"


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("queries", "{", 400),
        ("queries", "[]", 400),
        ("queries", "[" * 100_000, 400),
        ("queries", '{"q0": "Chile"}', 422),
        ("queries", '{"q0": {}}', 422),
        ("queries", '{"q0": {"query": 7}}', 422),
        ("queries", '{"q0": {"query": "x", "limit": 0}}', 422),
        ("queries", '{"q0": {"query": "x", "limit": NaN}}', 422),
        ("queries", '{"q0": {"query": "x", "limit": "3"}}', 422),
        ("queries", '{"q0": {"query": "x", "type": 3}}', 422),
        ("queries", '{"q0": {"query": "x", "type_strict": "maybe"}}', 422),
        ("queries", '{"q0": {"properties": []}}', 422),
        ("queries", '{"q0": {"query": "x", "properties": [{"v": "y"}]}}', 422),
        ("queries", '{"q0": {"query": "x", "properties": [{"pid": "lei", "v": null}]}}', 422),
        ("queries", json.dumps({f"q{at}": {"query": "x"} for at in range(1001)}), 413),
        ("extend", "nonsense", 400),
        ("extend", '{"ids": "actor/bhp", "properties": []}', 422),
        ("extend", '{"ids": [], "properties": ["lei"]}', 422),
        ("extend", '{"ids": ["a> } DROP"], "properties": [{"id": "lei"}]}', 400),
        ("other", "{}", 400),
    ],
)
def test_what_is_no_batch_is_told_in_one_sentence(
    real_site: httpx.Client, field: str, value: str, status: int
) -> None:
    answer = real_site.post("/reconcile", data={field: value})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")


def test_a_body_of_another_type_is_refused(real_site: httpx.Client) -> None:
    assert real_site.post("/reconcile", json={"q0": {"query": "Chile"}}).status_code == 415


def test_half_a_surrogate_is_a_name_like_any_other(real_site: httpx.Client) -> None:
    sent = '{"\\ud800": {"query": "\\ud800 Chile"}}'
    assert good(real_site.post("/reconcile", data={"queries": sent}), RESULTS).keys() == {"\ud800"}


def test_an_odd_cursor_is_told(real_site: httpx.Client) -> None:
    answer = real_site.get("/reconcile/suggest/entity", params={"prefix": "x", "cursor": "next"})
    assert answer.status_code == 400
