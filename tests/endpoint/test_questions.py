"""Questions: the list by session, the page, results, parameters, the description."""

from __future__ import annotations

import re

import httpx
import pytest
from jsonschema import Draft202012Validator

from rskg.namespaces import BASE, RDF, SH, graph
from rskg.paths import Files
from rskg.query import load_all
from tests.endpoint.conftest import said

HTML = {"Accept": "text/html"}


def test_the_list_follows_the_agenda_and_shows_what_is_open(site: httpx.Client) -> None:
    text = site.get("/queries", headers=HTML).text
    assert "First session" in text
    assert 'href="/queries/adopters"' in text
    assert "What is still open?" in text
    assert "no query yet" in text


def test_a_question_shows_picture_rows_limits_source_and_ways_onward(site: httpx.Client) -> None:
    text = site.get("/queries/adopters", headers=HTML).text
    order = [
        "Who adopts what?",
        "<svg",
        "1 row",
        "What it cannot say",
        "What is missing, and how to contribute it",
        "<code>examples/adoption/valid.ttl</code>",
        "Where it comes from",
        "Take it with you",
        "curl",
        "pandas.read_csv",
        "SELECT ?process",
    ]
    body = text[text.index("<h1>") :]
    found = [body.index(piece) for piece in order]
    assert found == sorted(found)
    assert "A code of conduct" in body
    assert "CC BY 4.0" in body


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "xml"])
def test_results_come_in_every_format(site: httpx.Client, name: str) -> None:
    answer = site.get("/queries/adopters", params={"format": name})
    assert answer.status_code == 200
    assert "A code of conduct" in answer.text
    assert answer.headers["etag"]
    again = site.get(
        "/queries/adopters",
        params={"format": name},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


def test_parameters_by_slug_or_iri(site: httpx.Client) -> None:
    def lines(value: str) -> int:
        answer = site.get("/queries/adopters", params={"format": "csv", "process": value})
        assert answer.status_code == 200
        return len(answer.text.splitlines()) - 1

    assert lines("code") == 1
    assert lines(BASE + "id/process/code") == 1
    assert lines("guide") == 0
    assert lines("") == 1
    page = site.get("/queries/adopters", params={"process": "guide"}, headers=HTML).text
    assert '<option value="guide" selected>A guide</option>' in page
    assert "Nothing on record matches" in page


def test_unknown_parameters_are_told(site: httpx.Client) -> None:
    answer = site.get("/queries/adopters", params={"nonsense": "1", "format": "csv"})
    assert answer.status_code == 400
    assert "process" in answer.json()["detail"]


def test_a_value_that_is_given_twice_is_refused(site: httpx.Client) -> None:
    for address in ("/queries/adopters", "/queries/adopters/evidence"):
        answer = site.get(address, params={"process": ["code", "law"]})
        assert answer.status_code == 400
        assert "process is given twice" in answer.json()["detail"]


def test_a_question_without_rows_says_why(real_site: httpx.Client) -> None:
    """On its page always; in the Link of an answer on request, at the same revision."""
    asked = {"process": "irma-standrd"}
    page = real_site.get("/queries/uptake-by-instrument", params=asked, headers=HTML).text
    sentence = "did you mean process:irma-standard?"
    assert f"and nothing has that name: {sentence}" in page
    for form in ("csv", "json", "arrow"):
        given = {**asked, "format": form}
        answer = real_site.get("/queries/uptake-by-instrument", params=given)
        assert "describedby" not in answer.links
        given["explain"] = "empty"
        address = real_site.get("/queries/uptake-by-instrument", params=given).links["describedby"]
        told = real_site.get(address["url"]).json()
        assert (told["empty"], told["revision"]) == (True, 1)
        assert sentence in told["reasons"][0]["sentence"]
    full = {"format": "csv", "explain": "empty"}
    assert "describedby" not in real_site.get("/queries/uptake-by-instrument", params=full).links
    assert real_site.get("/queries/uptake-by-instrument/why").json()["reasons"] == []
    assert real_site.get("/queries/uptake-by-instrument/why?colour=red").status_code == 400
    wrong = {"format": "csv", "explain": "all"}
    assert real_site.get("/queries/uptake-by-instrument", params=wrong).status_code == 400


def test_choices_are_offered_and_others_refused(real_site: httpx.Client) -> None:
    page = real_site.get("/queries/changes-to-instruments?kind=revised", headers=HTML).text
    assert "<option selected>revised</option>" in page
    answer = real_site.get("/queries/changes-to-instruments?kind=revized&format=csv")
    assert answer.status_code == 400
    assert "did you mean revised?" in answer.json()["detail"]
    described = real_site.get("/openapi.json").json()["paths"]["/queries/changes-to-instruments"]
    kind = next(one for one in described["get"]["parameters"] if one["name"] == "kind")
    assert "revised" in kind["schema"]["enum"]


def test_rdf_describes_the_question(site: httpx.Client) -> None:
    answer = site.get("/queries/adopters", headers={"Accept": "text/turtle"})
    node = BASE + "queries/adopters"
    assert (node, RDF + "type", SH + "SPARQLExecutable") in said(answer)


def test_every_real_question_has_a_page_and_rows(real_site: httpx.Client) -> None:
    described = said(real_site.get("/queries", params={"format": "ttl"}))
    slugs = {s[len(BASE) :] for s, _, _ in described if s.startswith(BASE + "queries/")}
    assert slugs
    for slug in sorted(slugs):
        assert real_site.get(f"/{slug}", headers=HTML).status_code == 200, slug
        assert real_site.get(f"/{slug}", params={"format": "csv"}).status_code == 200, slug


def test_parts_of_an_answer_lead_to_the_others(real_site: httpx.Client) -> None:
    whole = real_site.get("/queries/voice-by-stage", params={"format": "csv"})
    lines = whole.text.splitlines()
    assert 'rel="next"' not in whole.headers["link"]
    found, address = [], "/queries/voice-by-stage?format=csv&limit=4"
    while True:
        answer = real_site.get(address)
        assert answer.status_code == 200
        assert ("prev" in answer.links) is bool(found)
        assert answer.links["first"]["url"].endswith("offset=0")
        assert answer.links["last"]["url"].endswith("offset=8")
        found += answer.text.splitlines()[1:]
        if "next" not in answer.links:
            break
        address = answer.links["next"]["url"]
    assert found == lines[1:]
    back = real_site.get(answer.links["prev"]["url"])
    assert back.text.splitlines()[1:] == lines[5:9]


@pytest.mark.parametrize("given", ["limit=0", "limit=ten", "offset=-1", "limit=5&offset=x"])
def test_a_part_that_there_cant_be_is_refused(site: httpx.Client, given: str) -> None:
    answer = site.get(f"/queries/adopters?format=csv&{given}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] in given


def test_openapi_describes_each_question_with_its_parameters(
    real_site: httpx.Client, files: Files
) -> None:
    paths = real_site.get("/openapi.json").json()["paths"]
    for slug, question in load_all(files.queries).items():
        described = paths[f"/queries/{slug}"]["get"]
        assert described["summary"] == question.summary
        told = {each["name"]: each for each in described["parameters"]}
        assert {"format", "revision", "explain", "limit", "offset"} | {
            p.name for p in question.parameters
        } == told.keys()
        for parameter in question.parameters:
            schema = told[parameter.name]["schema"]
            Draft202012Validator.check_schema(schema)
            assert told[parameter.name]["description"]
            if parameter.default is not None:
                assert Draft202012Validator(schema).is_valid(schema["default"])
    asked = paths["/queries/voice-by-stage"]["get"]["parameters"]
    stage = next(each for each in asked if each["in"] == "query")
    assert stage["name"] == "stage"
    assert {"extraction", "recycling"} <= set(stage["schema"]["enum"])


def test_a_measure_shows_its_formula_its_source_and_its_questions(real_site: httpx.Client) -> None:
    text = real_site.get("/id/measure/overlap.html").text
    for piece in (
        "Overlap",
        "shared / (shared",
        "Jaccard",
        "/queries/topics-that-two-actors-share",
    ):
        assert piece in text
    page = real_site.get("/queries/topics-that-two-actors-share", headers=HTML).text
    assert 'href="/id/measure/overlap"' in page


def test_the_rows_lead_to_their_statements_and_sources(real_site: httpx.Client) -> None:
    page = real_site.get("/queries/power-by-reach", headers=HTML).text
    assert 'href="/queries/power-by-reach/evidence"' in page
    behind = real_site.get("/queries/power-by-reach/evidence", headers=HTML)
    assert behind.status_code == 200
    assert "confidence</span>" in behind.text
    rows = real_site.get("/queries/power-by-reach/evidence", params={"format": "json"}).json()
    found = rows["results"]["bindings"]
    assert {"thing", "statement", "source"} <= found[0].keys()
    named = real_site.get("/queries/power-by-reach", params={"format": "json"}).json()
    actors = {row["actor"]["value"] for row in named["results"]["bindings"]}
    assert actors <= {row["thing"]["value"] for row in found}


def test_each_row_and_each_bar_leads_to_its_own_statements(real_site: httpx.Client) -> None:
    address = "/queries/voice-by-stage"
    page = real_site.get(f"{address}?lang=en&revision=1", headers=HTML).text
    body = page[page.index('<h2 id="numbers">') :]
    rows = re.findall(r"<tr><td class=\"trace\">(.*?)</td>(.*?)</tr>", body)
    assert len(rows) == len(real_site.get(f"{address}?format=csv").text.splitlines()) - 1
    for number, (link, _) in enumerate(rows, 1):
        assert f'href="{address}/evidence?revision=1&amp;row={number}"' in link
        assert f'aria-label="The statements and sources behind row {number}"' in link
    bars = re.findall(
        r'class="counted" href="([^"]*row=(\d+))">(\d+)</a>', page[: page.index(body)]
    )
    assert len(bars) == len(rows)
    for href, number, shown in bars:
        assert f">{shown}</td>" in rows[int(number) - 1][1]
        assert real_site.get(href.replace("&amp;", "&")).status_code == 200
    two = real_site.get(f"{address}/evidence?row=1,3&format=csv").headers["solutions-counted"]
    alone = [
        int(real_site.get(f"{address}/evidence?row={n}&format=csv").headers["solutions-counted"])
        for n in (1, 3)
    ]
    assert int(two) == sum(alone)


def test_a_counted_number_leads_to_its_facts(real_site: httpx.Client) -> None:
    address = "/queries/voice-by-stage"
    rows = real_site.get(address, params={"format": "json"}).json()["results"]["bindings"]
    third = real_site.get(f"{address}/evidence", params={"format": "json", "row": "3"})
    told = [row for row in third.json()["results"]["bindings"] if "property" in row]
    facts = [row for row in told if row["graph"]["value"] != graph("ontology")]
    stage = rows[2]["stage"]["value"]
    covering = {row["thing"]["value"] for row in facts if row["value"]["value"] == stage}
    assert len(covering) == int(rows[2]["instruments"]["value"])
    assert all("source" in row and "confidence" in row for row in facts)
    counted = third.headers["solutions-counted"]
    assert int(counted) >= len(covering)
    assert third.headers["solutions-shown"] == counted
    page = real_site.get(f"{address}/evidence", headers=HTML).text
    assert "olutions of the query&#39;s patterns" in page
    wrong = real_site.get(f"{address}/evidence", params={"row": "1000"})
    assert wrong.status_code == 400
    assert f"1 to {len(rows)}" in wrong.json()["detail"]


def test_the_numbers_of_the_home_page_lead_to_statements(real_site: httpx.Client) -> None:
    assert "/relations/actor-process" in real_site.get("/", headers=HTML).text
    assert (
        "/relations/actor-process/evidence"
        in real_site.get("/relations/actor-process", headers=HTML).text
    )
    behind = real_site.get("/relations/actor-process/evidence", params={"format": "csv"})
    assert behind.status_code == 200
    assert "/id/statement/" in behind.text


def test_an_address_takes_a_slug_of_either_kind(real_site: httpx.Client) -> None:
    """Two countries, two unions of them, or one of each, on the page as in an answer."""
    address = "/queries/years-from-adoption-to-duty"
    for place, kind in (("EU", "jurisdiction"), ("US", "country"), ("USA", "country")):
        asked = {"jurisdiction": place, "format": "json"}
        rows = real_site.get(address, params=asked).json()["results"]["bindings"]
        assert {row["jurisdiction"]["value"] for row in rows} == {f"{BASE}id/{kind}/{place[:2]}"}
    page = real_site.get(address, params={"jurisdiction": "USA"}, headers=HTML).text
    assert '<option value="US" selected>' in page
    assert '<option value="EU">' in page


def test_an_address_takes_the_code_of_a_thing(real_site: httpx.Client) -> None:
    address = "/queries/cases-by-rule-of-law"
    for path in (address, f"{address}/evidence"):
        by_code, by_name = (
            real_site.get(path, params={"country": each, "format": "csv"}) for each in ("COD", "CD")
        )
        assert (by_code.status_code, by_code.text) == (200, by_name.text)
        assert len(by_code.text.splitlines()) > 1
    chosen = re.findall(
        "<option[^>]* selected[^>]*>([^<]*)",
        real_site.get(f"{address}?country=COD", headers=HTML).text,
    )
    assert "Democratic Republic of the Congo" in chosen
