"""SPARQL 1.1 Protocol, negotiation, and what goes wrong with each."""

from __future__ import annotations

import csv
import gzip
import io

import httpx
import pytest

from tests.endpoint.conftest import TOO_LARGE, said

QUERY = {"Content-Type": "application/sparql-query"}

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/rskg/ontology#Process> } ORDER BY ?s"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }"
JSON = "application/sparql-results+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
UPDATE = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"


def ways(client: httpx.Client, query: str) -> dict[str, httpx.Response]:
    accept = {"Accept": JSON}
    direct = {**accept, "Content-Type": "application/sparql-query"}
    return {
        "GET": client.get("/sparql", params={"query": query}, headers=accept),
        "POST form": client.post("/sparql", data={"query": query}, headers=accept),
        "POST direct": client.post("/sparql", content=query, headers=direct),
        "POST direct with charset": client.post(
            "/sparql",
            content=query,
            headers={**accept, "Content-Type": "application/sparql-query; charset=utf-8"},
        ),
        "QUERY": client.request("QUERY", "/sparql", content=query, headers=direct),
    }


def test_every_way_of_sending_a_query_gets_the_same_answer(site: httpx.Client) -> None:
    answers = ways(site, SELECT)
    for way, answer in answers.items():
        assert answer.status_code == 200, way
        assert answer.headers["content-type"].startswith(JSON), way
        assert len(answer.json()["results"]["bindings"]) == 3, way
    assert len({answer.content for answer in answers.values()}) == 1


@pytest.mark.parametrize(
    ("query", "accept", "given"),
    [
        (SELECT, None, JSON),
        (SELECT, "*/*", JSON),
        (SELECT, "text/csv", "text/csv"),
        (
            SELECT,
            "text/csv;q=0.3, application/sparql-results+xml;q=0.9",
            "application/sparql-results+xml",
        ),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/*", "text/csv"),
        (SELECT, "application/json", JSON),
        (ASK, "text/csv, application/sparql-results+xml;q=0.1", "application/sparql-results+xml"),
        (CONSTRUCT, None, "text/turtle"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/n-triples, text/turtle;q=0.5", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_accept_chooses_by_the_form_of_the_query(
    site: httpx.Client, query: str, accept: str | None, given: str
) -> None:
    site_headers = {"Accept": accept} if accept else {}
    request = site.build_request("GET", "/sparql", params={"query": query}, headers=site_headers)
    if accept is None:
        del request.headers["Accept"]
    answer = site.send(request)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == given
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("json", JSON),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ],
)
def test_a_short_name_overrules_accept(site: httpx.Client, name: str, given: str) -> None:
    answer = site.get(
        "/sparql", params={"query": SELECT, "format": name}, headers={"Accept": BROWSER}
    )
    assert answer.headers["content-type"].split(";")[0] == given


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdfxml", "trig", "nq"])
def test_graphs_come_in_every_offered_format(site: httpx.Client, name: str) -> None:
    answer = site.get("/sparql", params={"query": CONSTRUCT, "format": name})
    assert answer.status_code == 200
    assert len(said(answer)) > 5


def test_protocol_parameters_choose_the_graphs(site: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    chosen = {"query": count, "default-graph-uri": "https://w3id.org/rskg/graph/inferred"}
    assert rows(site.get("/sparql", params={**chosen, "format": "csv"})) == [["3"]]
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    chosen = {"query": named, "named-graph-uri": "https://w3id.org/rskg/graph/inferred"}
    assert rows(site.get("/sparql", params={**chosen, "format": "csv"})) == [["1"]]
    bad = site.get("/sparql", params={"query": count, "default-graph-uri": "not an IRI"})
    assert bad.status_code == 400
    assert bad.json()["parameter"] == "default-graph-uri"


def rows(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def test_a_query_that_does_not_parse_says_line_and_column(site: httpx.Client) -> None:
    answer = site.get("/sparql", params={"query": "SELECT ?s\nWHERE { ?s ?p }"})
    problem = answer.json()
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "https://w3id.org/rskg/problem/query-syntax"
    assert problem["line"] == 2
    assert problem["column"] >= 1


def test_the_editor_marks_the_line_that_does_not_parse(site: httpx.Client) -> None:
    answer = site.get(
        "/sparql",
        params={"query": "SELECT ?s\nWHERE { ?s ?p }", "format": "html"},
        headers={"Accept": BROWSER},
    )
    assert answer.status_code == 400
    assert "<mark>  2  WHERE" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <https://example.org/sparql> { ?s ?p ?o } }",
        UPDATE,
    ],
)
def test_reaching_out_and_writing_are_refused(site: httpx.Client, query: str) -> None:
    for way, answer in ways(site, query).items():
        assert answer.status_code == 403, way
        assert answer.json()["type"].endswith("/refused-feature")


def test_updates_are_refused_however_they_are_sent(site: httpx.Client) -> None:
    direct = {"Content-Type": "application/sparql-update"}
    assert site.post("/sparql", content=UPDATE, headers=direct).status_code == 403
    assert site.post("/sparql", data={"update": UPDATE}).status_code == 403
    assert site.get("/sparql", params={"update": UPDATE}).status_code == 403


def test_what_no_format_fits_is_406_and_says_what_is_offered(site: httpx.Client) -> None:
    answer = site.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["offered"]
    assert site.get("/sparql", params={"query": ASK, "format": "csv"}).status_code == 406
    assert site.get("/sparql", params={"query": SELECT, "format": "ttl"}).status_code == 406


def test_other_bodies_and_missing_queries(site: httpx.Client) -> None:
    text = {"Content-Type": "text/plain"}
    assert site.post("/sparql", content=SELECT, headers=text).status_code == 415
    assert site.post("/sparql", data={"nothing": "here"}).status_code == 400
    twice = [("query", SELECT), ("query", ASK)]
    assert site.get("/sparql", params=httpx.QueryParams(twice)).status_code == 400
    direct = {"Content-Type": "application/sparql-query"}
    assert site.post("/sparql", content=b"\xff\xfe", headers=direct).status_code == 400
    assert site.delete("/sparql").status_code == 405


def test_an_answer_says_how_much_memory_its_query_took(real_site: httpx.Client) -> None:
    pairs = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a a ?b . ?c a ?d } LIMIT 200000 }"
    answer = real_site.post("/sparql", content=pairs, headers=QUERY)
    assert answer.status_code == 200
    assert 1_000_000 < int(answer.headers["memory-used"]) < 1_000_000_000


def test_a_timeout_is_refused_alike_for_what_is_kept_and_what_is_not(site: httpx.Client) -> None:
    query = "SELECT ?kept { ?kept a ?class }"
    for timeout, status in (("", 200), ("0", 400), ("abc", 400), ("-1", 400), ("86400", 403)):
        answer = site.get("/sparql", params={"query": query, "timeout": timeout})
        assert (answer.status_code, timeout) == (status, timeout)


def test_two_accept_headers_are_one(site: httpx.Client) -> None:
    sent = [("Accept", "image/png"), ("Accept", "text/csv;q=0.5"), ("Accept", "text/*;q=0.1")]
    answer = site.get("/sparql", params={"query": "SELECT ?s { ?s ?p ?o }"}, headers=sent)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_packed_body_is_415(site: httpx.Client) -> None:
    packed = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    answer = site.post("/sparql", content=gzip.compress(b"ASK {}"), headers=packed)
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "identity"


def test_a_body_beyond_the_bound_is_413(site: httpx.Client) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    large = SELECT + " " * TOO_LARGE
    answer = site.post("/sparql", content=large, headers=direct)
    assert answer.status_code == 413
    assert answer.json()["limit"] == TOO_LARGE
    pieces = (SELECT.encode() if i == 0 else b" " * 1000 for i in range(TOO_LARGE // 500))
    assert site.post("/sparql", content=pieces, headers=direct).status_code == 413


def test_an_unchanged_answer_is_304(site: httpx.Client) -> None:
    first = site.get("/sparql", params={"query": SELECT, "format": "csv"})
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = site.get(
        "/sparql", params={"query": SELECT, "format": "csv"}, headers={"If-None-Match": tag}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = site.get(
        "/sparql", params={"query": SELECT, "format": "json"}, headers={"If-None-Match": tag}
    )
    assert other.status_code == 200
    assert other.headers["etag"] != tag


def test_every_answer_names_its_revision_and_history(site: httpx.Client) -> None:
    for path in ("/", "/queries", "/ontology", "/datasets", "/graphs", "/id/actor/acme.ttl"):
        answer = site.get(path)
        assert answer.headers["revision"] == "1", path
        assert 'rel="version-history"' in answer.headers["link"], path
    answer = site.get("/sparql", params={"query": SELECT})
    assert answer.headers["revision"] == "1"
    assert 'rel="version-history"' in answer.headers["link"]


def test_head_and_options_and_cors(site: httpx.Client) -> None:
    full = site.get("/sparql", params={"query": SELECT, "format": "csv"})
    head = site.head("/sparql", params={"query": SELECT, "format": "csv"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == full.headers["etag"]
    assert head.headers["content-length"] == full.headers["content-length"]
    assert full.headers["access-control-allow-origin"] == "*"
    preflight = site.options(
        "/sparql",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_a_bare_get_describes_the_service(site: httpx.Client) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    answer = site.get("/sparql", headers={"Accept": "text/turtle"})
    described = said(answer)
    service = "https://w3id.org/rskg/sparql"
    assert (service, sd + "supportedLanguage", sd + "SPARQL11Query") in described
    names = {value for _, predicate, value in described if predicate == sd + "name"}
    assert "https://w3id.org/rskg/graph/data/toy" in names
    assert site.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
    assert "<textarea" in site.get("/sparql", headers={"Accept": BROWSER}).text


def test_an_unknown_revision_is_told(site: httpx.Client) -> None:
    assert site.get("/sparql", params={"query": SELECT, "revision": "7"}).status_code == 404
    assert site.get("/sparql", params={"query": SELECT, "revision": "x"}).status_code == 404
    assert site.get("/sparql", params={"query": SELECT, "revision": "1"}).status_code == 200
