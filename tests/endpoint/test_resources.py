"""Every IRI that we mint answers: 303 by Accept, a page, and a description as RDF."""

from __future__ import annotations

import re
from collections import defaultdict

import httpx
import pytest

from rskg.namespaces import BASE, RDF, SH, TERM
from tests.endpoint.conftest import said

ACME = BASE + "id/actor/acme"
#: A dataset's dump or table is a file, and nothing else is to be had there.
FILE = re.compile(r"/datasets/.*[.](?:nt|csv)$")
OURS = """
SELECT DISTINCT ?iri {
  { GRAPH ?g { ?iri ?p ?o } } UNION { GRAPH ?g { ?s ?iri ?o } }
  UNION { GRAPH ?g { ?s ?p ?iri } } UNION { GRAPH ?iri { ?s ?p ?o } }
  FILTER(isIRI(?iri) && STRSTARTS(STR(?iri), "https://w3id.org/rskg/"))
}
"""
#: What tells IRIs of one kind from each other: names within a dataset, numbers, and the last step.
OWN = re.compile(r"(?<=^/dataset/)[^/]+|\d+|[^/]*$")


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/html", "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("text/html;q=0.5, text/turtle", "ttl"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
    ],
)
def test_a_thing_leads_to_its_document(site: httpx.Client, accept: str, ending: str) -> None:
    answer = site.get("/id/actor/acme", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/id/actor/acme.{ending}"
    assert {"Accept", "Accept-Datetime"} <= {*answer.headers["vary"].split(", ")}
    assert site.get(answer.headers["location"]).status_code == 200


def test_an_unfit_accept_is_406(site: httpx.Client) -> None:
    assert site.get("/id/actor/acme", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdfxml"])
def test_the_description_holds_facts_incoming_links_and_statements(
    site: httpx.Client, ending: str
) -> None:
    described = said(site.get(f"/id/actor/acme.{ending}"))
    assert (ACME, RDF + "type", TERM + "Company") in described
    assert (ACME, TERM + "adopts", BASE + "id/process/code") in described
    event = BASE + "id/event/e1"
    assert (event, TERM + "concernsActor", ACME) in described
    statement = BASE + "id/statement/toy-1"
    high = BASE + "id/confidence/high"
    assert (statement, TERM + "confidence", high) in described


def test_documents_say_what_they_describe(site: httpx.Client) -> None:
    links = site.get("/id/actor/acme.html").headers["link"]
    assert f'<{ACME}>; rel="describes"' in links
    assert '</id/actor/acme.ttl>; rel="alternate"; type="text/turtle"' in links


@pytest.mark.parametrize(
    "path",
    [
        "/id/actor/nobody",
        "/id/actor/nobody.ttl",
        "/id/nothing",
        "/graph/none",
        "/datasets/none",
        "/queries/none",
        "/relations/none",
        "/nowhere",
        "/problem/none",
        "/ontology.exe",
        "/id/actor/a b",
        "/id/actor/%3Cscript%3E",
        "/ontology/9.9.9",
    ],
)
def test_what_nobody_speaks_of_is_404(site: httpx.Client, path: str) -> None:
    answer = site.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_other_minted_iris(site: httpx.Client) -> None:
    turtle = {"Accept": "text/turtle"}
    assert site.get("/dataset/toy").headers["location"] == "/datasets/toy"
    assert "The table" in site.get("/dataset/toy/table", headers=turtle).text
    assert "The table" in site.get("/datasets/toy", headers=turtle).text
    assert "CompanyShape" in site.get("/shapes", headers=turtle).text
    assert "versionInfo" in site.get("/ontology", headers=turtle).text
    assert "versionInfo" in site.get("/ontology.ttl").text
    assert site.get("/ontology/0.0.1").headers["location"] == "/ontology"
    assert "SPARQLExecutable" in site.get("/.well-known/sparql-examples", headers=turtle).text
    void = site.get("/.well-known/void", headers=turtle)
    assert (void.status_code, void.headers["location"]) == (303, "/graph/statistics")
    assert "void#triples" in site.get("/graph/statistics", headers=turtle).text
    shape = said(site.get("/graph/shapes", headers=turtle))
    unnamed = next(s for s, p, _ in shape if p == SH + "path")
    local = unnamed.replace(BASE, "/")
    assert local.startswith("/.well-known/genid/")
    assert site.get(local, headers={"Accept": "text/html"}).status_code == 200
    assert "A company has a name." in site.get(local, headers=turtle).text


def test_every_iri_of_the_toy_store_answers(site: httpx.Client) -> None:
    answers(site, paths(site))


def test_iris_of_the_real_store_answer(real_site: httpx.Client) -> None:
    kinds: dict[str, list[str]] = defaultdict(list)
    for path in paths(real_site):
        kinds[OWN.sub("", path)].append(path)
    assert len(kinds) > 60
    answers(real_site, sorted({path for of in kinds.values() for path in (of[0], of[-1])}))


def paths(client: httpx.Client) -> list[str]:
    found = client.post("/sparql", data={"query": OURS}).json()["results"]["bindings"]
    iris = (row["iri"]["value"] for row in found)
    here = {iri[len(BASE) - 1 :].partition("#")[0] for iri in iris}
    return sorted(path for path in here if not FILE.match(path))


def answers(client: httpx.Client, wanted: list[str]) -> None:
    assert wanted
    for path in wanted:
        for accept in ("text/html", "text/turtle"):
            answer = client.get(path, headers={"Accept": accept}, follow_redirects=True)
            assert answer.status_code == 200, f"{path} as {accept}"
            assert answer.headers["content-type"].startswith(accept), path
            assert answer.content, path


def test_every_term_of_the_real_ontology_has_its_anchor(real_site: httpx.Client) -> None:
    page = real_site.get("/ontology", headers={"Accept": "text/html"}).text
    declared = said(real_site.get("/ontology.nt"))
    terms = {s for s, p, _ in declared if p == RDF + "type" and s.startswith(TERM)}
    assert len(terms) > 100
    assert not [term for term in terms if f'id="{term.partition("#")[2]}"' not in page]
