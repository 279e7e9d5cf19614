"""A bare store over HTTP: updates and whole graphs, who may write, and what a write leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from resource import RLIMIT_STACK, getrlimit

import httpx
import pytest

from rskg.store import Revisions
from tests.endpoint.conftest import said
from tests.endpoint.processes import PATIENCE, Served, served, until
from tests.stores import small_store

TOKEN = "the-token-of-the-tests"
ADMIN = {"Authorization": f"Bearer {TOKEN}"}
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
A = "http://example.org/a"
LIMIT = 50_000
#: Millions of rows, each made before the next: longer than any budget of these tests.
ENDLESS = (
    "INSERT { ?a <x:p> ?d } WHERE {"
    + " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(300)))} }}" for name in "abce")
    + "BIND(CONCAT(STR(?a), STR(?b)) AS ?d) }"
)
STACK = getrlimit(RLIMIT_STACK)[0] % 2**64
DOUBLING = (
    f"INSERT {{ <x:a> <x:p> ?s24 }} WHERE {{ BIND('{'x' * 1000}' AS ?s0) "
    + " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(24))
    + "}"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("bare")
    with served(
        folder / "store",
        folder / "log",
        "--empty",
        RSKG_ADMIN_TOKEN=TOKEN,
        RSKG_MAX_WRITE_BYTES=str(LIMIT),
        RSKG_QUERY_MEMORY="400000000",
    ) as running:
        yield running


@pytest.fixture
def http(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, headers=ADMIN, timeout=60) as client:
        update(client, "DROP ALL")
        yield client


def update(client: httpx.Client, text: str, **parameters: object) -> httpx.Response:
    return client.post("/sparql", content=text, headers=UPDATE, params=parameters)


def ticks(pid: int) -> int:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(told[11]) + int(told[12])


def ask(client: httpx.Client, pattern: str) -> bool:
    answer = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}", "format": "json"})
    return bool(answer.json()["boolean"])


def test_an_update_is_one_revision_that_the_next_query_sees(http: httpx.Client) -> None:
    before = int(http.get("/sparql", params={"query": "ASK {}"}).headers["revision"])
    answer = update(http, "INSERT DATA { <x:a> <x:b> 1 } ; INSERT DATA { <x:a> <x:b> 2 }")
    assert answer.status_code == 204
    assert int(answer.headers["revision"]) == before + 1
    for _ in range(20):  # whichever worker answers
        seen = http.get("/sparql", params={"query": "ASK { <x:a> <x:b> 1, 2 }"})
        assert (seen.json()["boolean"], int(seen.headers["revision"])) == (True, before + 1)
    form = http.post("/sparql", data={"update": "DELETE WHERE { <x:a> <x:b> 1 }"})
    assert form.status_code == 204
    assert not ask(http, "<x:a> <x:b> 1")


def test_the_default_graph_is_apart_from_the_named_ones(http: httpx.Client) -> None:
    update(http, "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } }")
    assert not ask(http, "<x:a> <x:b> 1")
    assert ask(http, "GRAPH <x:g> { <x:a> <x:b> 1 }")


def test_only_the_token_writes(server: Served) -> None:
    with httpx.Client(base_url=server.address, timeout=60) as client:
        for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
            ways = [
                client.post("/sparql", content="DROP ALL", headers={**UPDATE, **given}),
                client.post("/sparql", data={"update": "DROP ALL"}, headers=given),
                client.put("/graphs?default", content="", headers={**TURTLE, **given}),
                client.post("/graphs", content="", headers={**TURTLE, **given}),
                client.delete("/graphs?default", headers=given),
                client.delete("/graphs/some", headers=given),
            ]
            for answer in ways:
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"].startswith("Bearer")
                assert answer.json()["type"].endswith("/token")


def test_no_process_of_the_server_knows_the_token(http: httpx.Client, server: Served) -> None:
    assert update(http, "INSERT DATA { <x:a> <x:b> 1 }").status_code == 204
    others = server.workers() | server.scribes() | server.children()
    surroundings = [Path(f"/proc/{pid}/environ").read_bytes() for pid in others]
    assert len(surroundings) > 2
    assert not any(TOKEN.encode() in found for found in surroundings)


def test_what_cannot_be_done_changes_nothing(http: httpx.Client, server: Served) -> None:
    update(http, "INSERT DATA { <x:kept> <x:b> 1 }")
    number = http.get("/sparql", params={"query": "ASK {}"}).headers["revision"]
    broken = update(http, "INSERT DATA {\n  <x:a> <x:b> }")
    assert broken.status_code == 400
    assert broken.json()["line"] == 2
    assert broken.json()["column"] > 1
    assert update(http, "INSERT DATA { <x:a> <x:b> 1 } ; DROP GRAPH <x:no>").status_code == 409
    assert update(http, "LOAD <file:///etc/passwd>").status_code == 403
    assert update(http, "SELECT * { ?s ?p ?o }").status_code == 400
    assert update(http, "\udcff".encode("utf-8", "surrogatepass")).status_code == 400
    assert http.get("/sparql", params={"update": "DROP ALL"}).status_code == 405
    both = http.post("/sparql", data={"update": "DROP ALL", "query": "ASK {}"})
    assert both.status_code == 400
    late = update(http, "DROP ALL", revision=1)
    assert late.status_code == 400
    for form in ("json", "html"):
        as_query = http.get("/sparql", params={"query": "DROP ALL", "format": form})
        assert as_query.status_code == 400
        assert "send it as `update`" in as_query.text
    quarrel = "INSERT { <x:a> <x:b> 1 } USING <x:g> WHERE {}"
    assert update(http, quarrel, **{"using-graph-uri": "x:h"}).status_code == 400
    assert update(http, "DROP ALL", **{"default-graph-uri": "x:h"}).status_code == 400
    assert update(http, "x" * (LIMIT + 1)).status_code == 413
    assert (
        http.put("/graphs?default", content="x", headers={"Content-Type": "a/b"}).status_code == 415
    )
    bad = http.put("/graphs?default", content="<x:a>\n<x:b> .", headers=TURTLE)
    assert (bad.status_code, bad.json()["line"]) == (400, 2)
    assert ask(http, "<x:kept> <x:b> 1")
    assert http.get("/sparql", params={"query": "ASK {}"}).headers["revision"] == number


@pytest.mark.parametrize(
    ("text", "parameters", "status", "budget"),
    [
        (ENDLESS, {"timeout": "300ms"}, 504, "time"),
        (DOUBLING, {}, 503, "memory"),
        pytest.param(
            "INSERT { ?s ?p ?o } WHERE " + "{" * 20_000,
            {},
            503,
            "stack",
            marks=pytest.mark.skipif(not STACK < 2**25, reason="the stack has no usual bound"),
        ),
    ],
)
def test_an_update_past_its_budget_is_killed_and_the_revision_stays(
    http: httpx.Client, text: str, parameters: dict[str, str], status: int, budget: str
) -> None:
    update(http, "INSERT DATA { <x:kept> <x:b> 1 }")
    answer = update(http, text, **parameters)
    assert answer.status_code == status, answer.text
    assert answer.json()["budget"] == budget
    assert ask(http, "<x:kept> <x:b> 1")
    assert not ask(http, "?s <x:p> ?o")
    after = update(http, "INSERT DATA { <x:after> <x:b> 1 }")
    assert after.status_code == 204, after.text


def test_a_writer_that_is_killed_changes_nothing_and_the_next_one_writes(
    http: httpx.Client, server: Served
) -> None:
    update(http, "INSERT DATA { <x:kept> <x:b> 1 }")
    number = http.get("/sparql", params={"query": "ASK {}"}).headers["revision"]
    (scribe,) = server.scribes()
    answers: list[httpx.Response] = []
    late = threading.Thread(target=lambda: answers.append(update(http, ENDLESS)))
    late.start()
    until(lambda: list(server.store.glob("revisions/.making-*/db/CURRENT")) != [])
    before = ticks(scribe)
    until(lambda: ticks(scribe) > before + 20)  # in the middle of it
    os.kill(scribe, signal.SIGKILL)
    late.join()
    assert answers[0].status_code == 503
    assert http.get("/sparql", params={"query": "ASK {}"}).headers["revision"] == number
    assert update(http, "INSERT DATA { <x:after> <x:b> 1 }").status_code == 204
    until(lambda: not list(server.store.glob("revisions/.making-*")))


def test_a_writer_that_ends_between_two_writes_is_replaced_unheard(
    http: httpx.Client, server: Served
) -> None:
    (scribe,) = server.scribes()
    os.kill(scribe, signal.SIGKILL)
    until(lambda: scribe not in server.scribes())
    assert update(http, "INSERT DATA { <x:after> <x:b> 1 }").status_code == 204
    assert ask(http, "<x:after> <x:b> 1")


def test_the_addresses_of_a_writer_grow_with_what_it_holds_not_with_its_threads(
    http: httpx.Client, server: Served
) -> None:
    for n in range(8):
        update(http, f"INSERT DATA {{ <x:a> <x:b> {n} }}")
    (scribe,) = server.scribes()
    told = Path(f"/proc/{scribe}/status").read_text()
    peak = int(told.partition("VmPeak:")[2].split()[0])
    assert peak < 500_000  # kilobytes; without shared heaps it reserves 950,000


def test_the_protocols_graphs_are_what_an_update_sees(http: httpx.Client) -> None:
    update(http, "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } GRAPH <x:h> { <x:a> <x:b> 2 } }")
    graphs = {"using-graph-uri": "x:g", "using-named-graph-uri": "x:h"}
    text = """INSERT { ?s <x:one> ?o } WHERE { ?s <x:b> ?o } ;
              INSERT { ?s <x:two> ?o ; <x:in> ?g } WHERE { GRAPH ?g { ?s <x:b> ?o } }"""
    assert update(http, text, **graphs).status_code == 204
    assert ask(http, "<x:a> <x:one> 1 ; <x:two> 2 ; <x:in> <x:h>")
    assert not ask(http, "<x:a> <x:one> 2")
    assert not ask(http, "<x:a> <x:in> <x:g>")


def test_a_graph_is_put_read_added_to_and_removed(http: httpx.Client) -> None:
    graph = {"graph": A}
    assert http.get("/graphs", params=graph).status_code == 404
    assert http.head("/graphs", params=graph).status_code == 404
    assert http.delete("/graphs", params=graph).status_code == 404
    first = http.put("/graphs", params=graph, content="<#s> <#p> 1 .", headers=TURTLE)
    assert first.status_code == 201
    again = http.put("/graphs", params=graph, content="<#s> <#p> _:b .", headers=TURTLE)
    assert again.status_code == 204
    more = http.post("/graphs", params=graph, content="<#s> <#p> _:b .", headers=TURTLE)
    assert more.status_code == 204
    read = http.get("/graphs", params=graph, headers={"Accept": "application/n-triples"})
    assert read.headers["content-type"].startswith("application/n-triples")
    found = said(read)
    assert {(s, p) for s, p, _ in found} == {(f"{A}#s", f"{A}#p")}
    assert len(found) == 2, "blank nodes of two documents are two"
    assert http.head("/graphs", params=graph).status_code == 200
    assert http.delete("/graphs", params=graph).status_code == 204
    assert http.get("/graphs", params=graph).status_code == 404


def test_an_empty_graph_is_there(http: httpx.Client) -> None:
    assert http.put("/graphs", params={"graph": A}, content="", headers=TURTLE).status_code == 201
    assert http.get("/graphs", params={"graph": A}).status_code == 200


def test_the_default_graph_is_always_there(http: httpx.Client) -> None:
    for content in ("<x:a> <x:b> 1 .", "<x:a> <x:b> 2 ."):
        assert http.put("/graphs?default", content=content, headers=TURTLE).status_code == 204
    assert said(http.get("/graphs?default")) == {("x:a", "x:b", "2")}
    assert http.delete("/graphs?default").status_code == 204
    assert said(http.get("/graphs?default")) == set()


def test_an_address_under_graphs_is_the_iri_of_a_graph(http: httpx.Client) -> None:
    put = http.put("/graphs/of/mine", content="<> <x:b> 1 .", headers=TURTLE)
    assert put.status_code == 201
    iri = str(http.base_url.join("/graphs/of/mine"))
    assert said(http.get("/graphs/of/mine")) == {(iri, "x:b", "1")}
    assert ask(http, f"GRAPH <{iri}> {{ ?s <x:b> 1 }}")
    assert http.delete("/graphs/of/mine").status_code == 204
    assert http.get("/graphs/of/mine").status_code == 404


def test_a_post_to_the_store_makes_a_graph_and_says_where(http: httpx.Client) -> None:
    made = http.post("/graphs", content="<x:a> <x:b> 1 .", headers=TURTLE)
    assert made.status_code == 201
    place = made.headers["location"]
    assert said(http.get(place)) == {("x:a", "x:b", "1")}
    assert said(http.get("/graphs", params={"graph": place})) == {("x:a", "x:b", "1")}
    other = http.post("/graphs", content="", headers=TURTLE)
    assert other.headers["location"] != place


def test_a_form_carries_several_documents(http: httpx.Client) -> None:
    files = [
        ("one", ("one.ttl", b"<x:a> <x:b> 1 .", "text/turtle")),
        ("two", ("two.nt", b"<x:a> <x:b> <x:c> .", "application/octet-stream")),
        ("two", ("another.nt", b"<x:a> <x:b> <x:d> .", "application/octet-stream")),
    ]
    assert http.post("/graphs?default", files=files).status_code == 204
    objects = {thing for _, _, thing in said(http.get("/graphs?default"))}
    assert objects == {"1", "x:c", "x:d"}
    unknown = [("one", ("one.png", b"", "image/png"))]
    assert http.post("/graphs?default", files=unknown).status_code == 415


def test_a_request_names_one_graph_by_an_iri(http: httpx.Client) -> None:
    for query in ("default&graph=x:a", "graph=x:a&graph=x:b", "graph=relative", "graph=x:a%20b"):
        assert http.get(f"/graphs?{query}").status_code == 400, query
        assert http.put(f"/graphs?{query}", content="", headers=TURTLE).status_code == 400, query
    assert http.put("/graphs", content="", headers=TURTLE).status_code == 400


def test_the_service_says_that_it_takes_updates(http: httpx.Client) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    described = said(http.get("/sparql", headers={"Accept": "text/turtle"}))
    told = {o for _, p, o in described if p in (sd + "supportedLanguage", sd + "feature")}
    assert told == {sd + "SPARQL11Query", sd + "SPARQL11Update", sd + "EmptyGraphs"}


def test_each_address_tells_its_methods(http: httpx.Client) -> None:
    for path, methods in {
        "/sparql": "GET, HEAD, OPTIONS, POST, QUERY",
        "/graphs": "DELETE, GET, HEAD, OPTIONS, POST, PUT",
        "/graphs/of/mine": "DELETE, GET, HEAD, OPTIONS, POST, PUT",
    }.items():
        told = http.options(path, headers={"Access-Control-Request-Method": "PUT"})
        assert (told.status_code, told.headers["allow"]) == (204, methods)
        assert told.headers["access-control-allow-methods"] == methods
        assert "Authorization" in told.headers["access-control-allow-headers"]
        wrong = http.patch(path)
        assert (wrong.status_code, wrong.headers["allow"]) == (405, methods)


def test_a_relative_iri_resolves_alike_in_queries_and_updates(http: httpx.Client) -> None:
    update(http, "INSERT DATA { <id/actor/x> <x:b> 1 }")
    assert ask(http, "<https://w3id.org/rskg/id/actor/x> <x:b> 1")
    assert ask(http, "<id/actor/x> <x:b> 1")


def test_an_unknown_function_leaves_its_expression_unbound(http: httpx.Client) -> None:
    update(http, "INSERT DATA { <x:a> <x:b> 1, 2 }")
    asked = "SELECT ?o (<x:f>(?o) AS ?f) (<x:g>(?o) AS ?g) { ?s <x:b> ?o } ORDER BY ?o"
    answer = http.get("/sparql", params={"query": asked, "format": "csv"})
    assert answer.text.split() == ["o,f,g", "1,,", "2,,"]
    update(http, "INSERT { ?s <x:c> ?o } WHERE { ?s <x:b> ?o FILTER(<x:f>(?o)) }")
    assert not ask(http, "?s <x:c> ?o")


def test_every_write_is_kept_as_a_revision_with_its_note(
    http: httpx.Client, server: Served
) -> None:
    update(http, "INSERT DATA { <x:a> <x:b> 1 }")
    http.put("/graphs", params={"graph": A}, content="", headers=TURTLE)
    listed = http.get("/revisions", params={"format": "json"}).json()
    assert [each["note"] for each in listed[:2]] == [f"PUT <{A}>", "SPARQL update"]


def test_a_built_store_points_to_contributions(site: httpx.Client) -> None:
    ways = [
        site.post("/sparql", content="DROP ALL", headers={**UPDATE, **ADMIN}),
        site.post("/sparql", data={"update": "DROP ALL"}, headers=ADMIN),
        site.put("/graphs?default", content="", headers={**TURTLE, **ADMIN}),
        site.post("/graphs", content="", headers={**TURTLE, **ADMIN}),
        site.delete("/graphs", params={"graph": A}, headers=ADMIN),
    ]
    for answer in ways:
        assert answer.status_code == 403
        assert "/contributions" in answer.json()["detail"]
        assert answer.json()["contributions"] == "/contributions"


def test_a_built_stores_graphs_are_read_by_their_iri(site: httpx.Client) -> None:
    iri = "https://w3id.org/rskg/graph/inferred"
    indirect = site.get("/graphs", params={"graph": iri}, headers={"Accept": "text/turtle"})
    assert said(indirect) == said(site.get("/graph/inferred", headers={"Accept": "text/turtle"}))
    whole = site.get("/graphs?default", headers={"Accept": "text/turtle"})
    assert said(whole) > said(indirect)
    assert site.get("/graphs", params={"graph": A}).status_code == 404
    assert "<table" in site.get("/graphs", headers={"Accept": "text/html"}).text


def test_a_built_store_is_not_served_as_a_bare_one(tmp_path: Path) -> None:
    small_store(tmp_path)
    serve = [Path(sys.executable).parent / "rskg", "serve", "--empty", "--store", tmp_path]
    ended = subprocess.run(serve, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "is built" in ended.stderr
    assert Revisions(tmp_path).mode == "built"


def test_a_bare_store_stays_bare(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for options in (["--empty"], []):
        with served(tmp_path / "store", log, *options, RSKG_ADMIN_TOKEN=TOKEN) as running:
            answer = httpx.post(
                running.address + "/sparql",
                content=f"INSERT DATA {{ <x:a> <x:b> {len(options)} }}",
                headers={**UPDATE, **ADMIN},
                timeout=PATIENCE,
            )
            assert answer.status_code == 204
    assert Revisions(tmp_path / "store").open().size() == 2


def test_without_a_token_nobody_writes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("closed")
    with served(folder / "store", folder / "log", "--empty", RSKG_ADMIN_TOKEN="") as running:
        answer = httpx.post(
            running.address + "/sparql",
            content="DROP ALL",
            headers={**UPDATE, **ADMIN},
            timeout=PATIENCE,
        )
        assert answer.status_code == 403
        assert "RSKG_ADMIN_TOKEN" in answer.json()["detail"]
    assert Revisions(folder / "store").mode == "bare"
