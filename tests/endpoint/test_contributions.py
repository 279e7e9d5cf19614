"""A partner's walk over real HTTP: refused at the line, accepted, seen, replaced, withdrawn."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rskg.contribution.partners import Partners
from rskg.namespaces import CONTEXT, graph
from rskg.store import Revisions
from tests.endpoint.conftest import said
from tests.endpoint.contributing import ACME, Partner, ask, default_graph, site


def test_a_partner_s_walk(acme: Partner, place: Path) -> None:
    client = acme.client
    never = default_graph(place)
    bad = acme.post(site("walk", country="QQ"))
    assert bad.status_code == 422
    result = bad.json()["report"]["results"][0]
    assert (result["place"]["line"], result["component"]) == (9, "ClassConstraintComponent")

    good = acme.post(site("walk"))
    assert good.status_code == 201, good.text
    told = good.json()
    assert good.headers["location"] == f"/contributions/{told['id']}"
    assert int(good.headers["revision"]) == told["revision"]
    by = "SELECT ?g ?who ?licence ?sum { GRAPH ?g { site:walk a rskg:Site } GRAPH ?p { "
    by += "?g <http://www.w3.org/ns/prov#wasAttributedTo> ?who ; dcterms:license ?licence ; "
    by += "dcterms:identifier ?sum } }"
    row = ask(client, by)[0]
    assert row["g"] == told["graph"]
    assert row["who"] == ACME
    assert row["licence"].startswith("https://creativecommons.org/licenses/by/4.0")
    feature = "<http://www.opengis.net/ont/geosparql#Feature>"
    assert ask(client, f"ASK {{ site:walk a {feature} }}"), "what follows is in the default graph"

    again = acme.put(site("walk", label="Walk Mine"))
    assert again.status_code == 201, again.text
    assert again.json()["replaced"] == [told["id"]]
    assert again.json()["revision"] == told["revision"] + 1
    labels = ask(client, "SELECT ?l { site:walk rdfs:label ?l }")
    assert labels == [{"l": "Walk Mine"}]
    old = client.get(told["address"])
    assert (old.status_code, old.json()["withdrawnBy"]) == (410, ACME)

    assert acme.delete(again.json()["id"]).status_code == 200
    assert default_graph(place) == never
    assert not ask(client, "ASK { GRAPH ?g { site:walk ?p ?o } }")
    gone = client.get(again.json()["address"])
    assert gone.status_code == 410
    assert gone.json()["withdrawn"] > told["accepted"][:10]
    assert acme.delete(again.json()["id"]).status_code == 410


def test_the_statistics_and_the_size_are_those_of_a_store_without_it(
    acme: Partner, place: Path
) -> None:
    revisions = Revisions(place)
    before, triples = _statistics(revisions), revisions.describe(revisions.current() or 0).triples
    made = acme.post(site("counted")).json()
    assert _statistics(revisions) != before
    now = revisions.describe(made["revision"])
    assert now.triples == revisions.open(now.number).size()
    assert acme.delete(made["id"]).status_code == 200
    here = {line for line in _statistics(revisions) if "graph/provenance" not in line}
    assert here == {line for line in before if "graph/provenance" not in line}
    assert revisions.describe(revisions.current() or 0).triples == triples


def _statistics(revisions: Revisions) -> set[str]:
    return {str(quad) for quad in revisions.open().quads(graph("statistics"))}


def test_what_others_state_too_stays(acme: Partner, other: Partner) -> None:
    mine = acme.post(site("shared")).json()
    theirs = site("shared").replace("statement:shared", "statement:others-shared")
    assert other.post(theirs).status_code == 201
    assert acme.delete(mine["id"]).status_code == 200
    here = ask(acme.client, "SELECT ?g ?l { GRAPH ?g { site:shared rdfs:label ?l } }")
    assert [row["l"] for row in here] == ["shared"]
    assert ask(acme.client, "ASK { site:shared a rskg:Site . statement:others-shared ?p ?o }")
    assert not ask(acme.client, "ASK { statement:shared ?p ?o }")


@pytest.mark.parametrize("form", ["nt", "jsonld", "rdfxml"])
def test_every_format_says_the_same(acme: Partner, form: str) -> None:
    types = {"nt": "application/n-triples", "jsonld": "application/ld+json"}
    made = acme.post(site("forms")).json()
    told = acme.client.get(f"/graph/contribution/{made['id']}?format={form}")
    assert acme.delete(made["id"]).status_code == 200
    media = types.get(form, "application/rdf+xml")
    again = acme.post(told.content, Content_Type=media)
    assert again.status_code == 201, again.text
    copy = acme.client.get(f"/graph/contribution/{again.json()['id']}?format=nt")
    assert said(copy) == said(told)


def test_json_ld_may_name_the_context_that_is_published_here(acme: Partner) -> None:
    published = acme.client.get("/context.jsonld")
    assert published.headers["content-type"] == "application/ld+json"
    assert published.headers["access-control-allow-origin"] == "*"
    known = {"If-None-Match": published.headers["etag"]}
    assert acme.client.get("/context.jsonld", headers=known).status_code == 304
    assert published.json()["@context"]["locatedIn"]["@type"] == "@id"
    nodes = [
        {"id": "site:named", "type": "Site", "label": {"en": "Named"}, "locatedIn": "country:CL"},
        {
            **{"id": "statement:named", "type": "Statement", "states": "site:named"},
            **{"source": "A report", "rskg:confidence": "confidence:high"},
        },
    ]
    document = json.dumps({"@context": CONTEXT, "@graph": nodes})
    media = {"Content-Type": "application/ld+json"}
    checked = acme.client.post("/validate?report=json", content=document, headers=media)
    assert checked.json()["conforms"], checked.text
    made = acme.post(document, Content_Type=media["Content-Type"])
    assert made.status_code == 201, made.text
    assert ask(acme.client, "SELECT ?l { site:named rdfs:label ?l }") == [{"l": "Named"}]
    assert acme.delete(made.json()["id"]).status_code == 200
    other = acme.post(
        document.replace(CONTEXT, "https://a.example/"), Content_Type=media["Content-Type"]
    )
    assert other.status_code == 422
    assert "has to stand in the document itself" in other.text


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_packed_document_is_the_same(acme: Partner, coding: str) -> None:
    zstd = pytest.importorskip("backports.zstd")
    pack = gzip.compress if coding == "gzip" else zstd.compress
    made = acme.post(pack(site("packed").encode()), Content_Encoding=coding)
    assert made.status_code == 201, made.text
    plain = acme.post(site("packed"))
    assert (plain.status_code, plain.json()["id"]) == (200, made.json()["id"])


def test_a_repetition_changes_nothing(acme: Partner, place: Path) -> None:
    first = acme.post(site("once"), Idempotency_Key="k-1")
    assert first.status_code == 201
    newest = Revisions(place).current()
    for repeated in (
        acme.post(site("once"), Idempotency_Key="k-1"),
        acme.post(site("once"), Idempotency_Key="k-2"),
        acme.post(site("once")),
        acme.put(site("once")),
    ):
        assert (repeated.status_code, repeated.json()["state"]) == (200, "already")
        assert repeated.headers["location"] == first.headers["location"]
    reused = acme.post(site("other"), Idempotency_Key="k-1")
    assert (reused.status_code, reused.json()["type"].rpartition("/")[2]) == (422, "key-used")
    assert Revisions(place).current() == newest
    assert acme.delete(first.json()["id"]).status_code == 200
    anew = acme.post(site("once"))
    assert anew.status_code == 201
    assert anew.json()["id"] == first.json()["id"] + "-2"


def test_a_dry_run_stores_nothing(acme: Partner, place: Path) -> None:
    newest = Revisions(place).current()
    told = acme.post(site("dry"), "?dry-run")
    assert (told.status_code, told.json()["state"]) == (200, "judged")
    assert acme.post(site("dry", country="QQ"), "?dry-run=true").status_code == 422
    assert Revisions(place).current() == newest
    assert not (place / "contributions" / f"{told.json()['sha256']}.ttl").exists()


@pytest.mark.parametrize(
    ("query", "accept", "media", "start"),
    [
        ("", "*/*", "application/problem+json", "{"),
        ("", "application/json", "application/problem+json", "{"),
        ("", "text/turtle", "text/turtle", "@prefix"),
        ("?report=json", "*/*", "application/json", '{\n  "version"'),
        ("?report=sarif", "*/*", "application/sarif+json", "{"),
        ("?report=junit", "*/*", "application/xml", "<?xml"),
        ("?report=text", "*/*", "text/plain", "document.ttl:9:"),
        ("?report=csv", "*/*", "text/csv", "file,line"),
        ("", "text/html", "text/html", "<!doctype html>"),
    ],
)
def test_the_report_comes_as_it_is_asked_for(
    acme: Partner, query: str, accept: str, media: str, start: str
) -> None:
    told = acme.post(site("formats", country="QQ"), query, Accept=accept)
    assert told.status_code == 422
    assert told.headers["content-type"].partition(";")[0] == media
    assert told.text.lower().startswith(start.lower()), told.text[:80]


def test_the_document_is_kept_as_it_was_sent(acme: Partner, place: Path) -> None:
    document = site("kept").replace("site:kept a", "# as sent\nsite:kept   a")
    made = acme.post(document).json()
    assert (place / "contributions" / f"{made['sha256']}.ttl").read_text() == document
    assert not list(place.glob(".receiving-*"))


def test_what_was_contributed_is_listed(acme: Partner) -> None:
    made = acme.post(site("listed")).json()
    page = acme.client.get("/contributions", headers={"Accept": "text/html"})
    assert made["address"] in page.text
    assert "Acme.Example" in page.text
    one = acme.client.get(made["address"], headers={"Accept": "text/html"})
    assert made["sha256"] in one.text
    rdf = acme.client.get(made["address"], headers={"Accept": "text/turtle"})
    assert (made["graph"], "http://www.w3.org/ns/prov#wasAttributedTo", ACME) in said(rdf)
    told = acme.client.get(made["address"], headers={"Accept": "application/json"}).json()
    assert told["sha256"] == made["sha256"]
    assert acme.client.get("/contributions/none").status_code == 404


def test_a_token_counts_from_when_it_is_made_until_it_is_revoked(
    acme: Partner, place: Path
) -> None:
    public = acme.token.split("_")[1]
    assert acme.post(site("tokens"), "?dry-run").status_code == 200
    Partners(place).revoke(public, datetime.now(UTC))
    refused = acme.post(site("tokens"))
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_statements_are_their_makers(acme: Partner, other: Partner) -> None:
    assert acme.post(site("mine")).status_code == 201
    text = site("mine").partition("site:mine")[0]
    stolen = text + 'statement:mine rskg:note "false" .\n'
    refused = other.post(stolen)
    assert refused.status_code == 422
    assert "another dataset's" in json.dumps(refused.json()["report"])


def test_who_says_so_is_on_the_pages(acme: Partner) -> None:
    made = acme.post(site("seen")).json()
    page = acme.client.get("/id/site/seen.html").text
    assert f'href="{made["address"]}"' in page
    assert "Acme.Example" in page
    assert f"checked by shapes {made['shapes']}" in page
    assert made["accepted"] in page
    of_files = acme.client.get("/id/country/CL.html").text
    assert "Said by" in of_files
    dataset = acme.client.get("/datasets/acme-sites", headers={"Accept": "text/html"}).text
    assert made["address"] in dataset
    assert "7 triples" in dataset
    graph_page = acme.client.get(f"/graph/contribution/{made['id']}")
    assert graph_page.status_code == 200
