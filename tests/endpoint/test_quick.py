"""Plain queries take a short way and may come from memory: nobody can tell by the answer."""

from __future__ import annotations

import httpx
import pytest

from rskg.endpoint.asking.answer_cache import AnswerCache
from rskg.errors import NotAcceptable
from rskg.store import Answer
from rskg.store.ask import Ask
from rskg.syntax import GRAPH_FORMATS, SOLUTION_FORMATS
from tests.endpoint.conftest import said

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/rskg/ontology#Process> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }"
ASK = "ASK { ?s ?p ?o }"
JSON, XML, _, TSV = SOLUTION_FORMATS[:4]
TURTLE = GRAPH_FORMATS[0]


def both(site: httpx.Client, query: str, accept: str) -> list[httpx.Response]:
    """The same question twice by the short way, then once by the long one."""
    wanted = {"Accept": accept}
    plain = [site.get("/sparql", params={"query": query}, headers=wanted) for _ in range(2)]
    return [*plain, site.get("/sparql", params={"query": query, "timeout": "9"}, headers=wanted)]


@pytest.mark.parametrize("query", [SELECT, ASK, CONSTRUCT])
@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/sparql-results+xml, text/turtle",
        "application/json",
        "text/csv;q=0, */*;q=0.1",
        "application/n-triples, application/sparql-results+json;q=0.3",
    ],
)
def test_both_ways_give_the_same_answer_under_the_same_headers(
    site: httpx.Client, query: str, accept: str
) -> None:
    first, again, other = both(site, query, accept)
    assert first.status_code == 200
    assert first.content == again.content == other.content
    dropped = {"date"}
    headers = [
        {name: value for name, value in answer.headers.items() if name not in dropped}
        for answer in (first, again, other)
    ]
    assert headers[0] == headers[1] == headers[2]
    assert headers[0]["access-control-allow-origin"] == "*"
    assert headers[0]["link"] == '</revisions>; rel="version-history"'
    assert headers[0]["revision"] == "1"


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("SELECT ?s { ?s", "*/*", 400),
        ("", "*/*", 400),
        (CONSTRUCT, "text/csv", 406),
        (ASK, "text/csv", 406),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "*/*", 403),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "*/*", 403),
    ],
)
def test_both_ways_give_the_same_problem(
    site: httpx.Client, query: str, accept: str, status: int
) -> None:
    first, again, other = both(site, query, accept)
    assert first.status_code == again.status_code == other.status_code == status
    assert first.json() == again.json() == other.json()


def test_what_is_not_plain_goes_the_long_way(site: httpx.Client) -> None:
    answer = site.get("/sparql", params={"query": SELECT})
    tag = answer.headers["etag"]
    known = site.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": tag})
    assert (known.status_code, known.content) == (304, b"")
    page = site.get("/sparql", params={"query": SELECT}, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    named = site.get("/sparql", params={"query": SELECT, "format": "csv"})
    assert named.headers["content-type"].startswith("text/csv")
    twice = site.get("/sparql", params=[("query", SELECT), ("query", ASK)])
    assert twice.status_code == 400
    head = site.head("/sparql", params={"query": SELECT})
    assert (head.headers["etag"], head.content) == (tag, b"")
    long = f"{SELECT} # {'x' * 5000}"
    assert site.get("/sparql", params={"query": long}).content == answer.content


def test_escapes_mean_what_they_mean(site: httpx.Client) -> None:
    one_plus_one = 'SELECT (STR(1+1) AS ?two) ("ä +%26" AS ?text) { }'
    for answer in both(site, one_plus_one, "text/csv"):
        assert answer.text.split("\r\n")[1] == "2,ä +%26"


def test_a_query_is_answered_by_its_form_whatever_was_asked_before(site: httpx.Client) -> None:
    graph = site.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": "text/turtle"})
    other = site.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": "text/plain"})
    assert other.headers["content-type"].startswith("application/n-triples")
    assert said(graph) == said(other)


def test_two_accept_headers_that_mean_the_same_share_an_answer() -> None:
    cache = AnswerCache(1_000_000)
    answer = Answer(b"x", JSON, "solutions")
    cache.keep(Ask(SELECT, JSON.media_type), 1, answer)
    assert cache.get(Ask(SELECT, "application/json"), 1) is answer
    assert cache.get(Ask(SELECT, f"text/turtle, {JSON.media_type};q=0.5"), 1) is answer
    assert cache.get(Ask(SELECT, format_name="json"), 1) is answer
    assert cache.get(Ask(SELECT, "text/csv"), 1) is None
    assert cache.get(Ask(SELECT, JSON.media_type), 2) is None
    assert cache.get(Ask(SELECT, default_graphs=("urn:g",)), 1) is None
    with pytest.raises(NotAcceptable):
        cache.get(Ask(SELECT, "text/turtle"), 1)


def test_what_is_kept_is_bounded_with_all_that_it_takes() -> None:
    cache = AnswerCache(100_000)
    for turn in range(500):
        cache.keep(Ask(f"{SELECT} # {'x' * 3000} {turn}"), 1, Answer(b"y" * 100, JSON, "solutions"))
        cache.get(Ask(f"{SELECT} # {'x' * 3000} 0"), 1)
    assert 10 <= len(cache) <= 33
    assert cache.bytes <= 100_000
    assert cache.get(Ask(f"{SELECT} # {'x' * 3000} 0"), 1), "asked for all the time"
    assert cache.get(Ask(f"{SELECT} # {'x' * 3000} 1"), 1) is None
    cache.keep(Ask(ASK), 1, Answer(b"z" * 50_000, XML, "boolean"))
    assert cache.get(Ask(ASK), 1) is None, "one answer can't drive out all others"


@pytest.mark.parametrize("call", ["NOW()", "rand ( )", "STRUUID()", "UUID()", "BNODE()"])
def test_what_would_differ_the_next_time_is_not_kept(call: str) -> None:
    cache = AnswerCache(100_000)
    ask = Ask(f"SELECT ({call} AS ?x) {{ }}")
    cache.keep(ask, 1, Answer(b"x", TSV, "solutions"))
    assert len(cache) == 0


def test_a_graph_is_kept_by_format_too() -> None:
    cache = AnswerCache(100_000)
    answer = Answer(b"<a> <b> <c> .", TURTLE, "graph")
    cache.keep(Ask(CONSTRUCT, "*/*"), 1, answer)
    assert cache.get(Ask(CONSTRUCT, "text/turtle"), 1) is answer
    assert cache.get(Ask(CONSTRUCT, "application/n-triples"), 1) is None
