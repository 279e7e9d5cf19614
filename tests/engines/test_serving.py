"""The server on an engine: the same pages and answers as on the embedded store, or why not."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Revisions
from rskg.store.engines import connected, publish
from tests.conftest import Run
from tests.endpoint.conftest import said, serving
from tests.endpoint.processes import free_port, served, until
from tests.engines import peers
from tests.engines.conftest import Filled
from tests.engines.test_publishing import revision

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPH = "CONSTRUCT WHERE { ?s a skos:ConceptScheme }"
#: What no engine ends soon: every triple with every other, twice.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"
PAGES = (
    *("/queries", "/instruments", "/actors", "/map", "/value-chains", "/value-chains/cobalt"),
    *("/datasets", "/ontology", "/shapes", "/search?q=cobalt", "/graphs", "/contributions"),
    *("/relations/process-process", "/queries/instrument-coverage", "/queries/voice-by-stage"),
    *(
        "/queries/voice-by-stage?format=csv",
        "/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22cobalt%22%7D%7D",
        "/id/commodity/cobalt.html",
        "/id/commodity/cobalt.ttl",
    ),
    *("/datasets.ttl", "/.well-known/void", "/search/suggest?q=cob", "/"),
)
#: Virtuoso sorts the label of one instrument behind all others.
NOT_OF_VIRTUOSO = ("/instruments",)
_PAST = re.compile('<a [^>]*/history"[^>]*>[^<]*</a>')
_PIECE = re.compile(r"<(tr|li|h1|h2|p|dd)\b[^>]*>(.*?)</\1>", re.DOTALL)


@contextmanager
def on(peer: peers.Peer, *options: str, **settings: str) -> Iterator[httpx.Client]:
    """`rskg serve` on an engine."""
    if peer.login:
        settings |= {"RSKG_ENGINE_USER": peer.login.user}
        settings |= {"RSKG_ENGINE_PASSWORD": peer.login.password}
    settings = {"RSKG_AHEAD_SECONDS": "off", "RSKG_QUERY_SECONDS": "10", **settings}
    with (
        TemporaryDirectory() as folder,
        served(peer.address, Path(folder) / "log", "--workers", "3", *options, **settings) as one,
        httpx.Client(base_url=one.address, timeout=120) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def on_engine(filled: Filled) -> Iterator[httpx.Client]:
    with on(filled.peer) as client:
        yield client


@pytest.fixture(scope="module")
def embedded(store: Path, files: Files) -> Iterator[httpx.Client]:
    """The same graph served from a store's folder."""
    with serving(Revisions(store, load(files.ontology).prefixes), files) as client:
        yield client


def content(answer: httpx.Response) -> list[str]:
    """What a page says: its headings, rows and sentences without address, time and history."""
    text = _PAST.sub("", answer.text.replace(str(answer.url.copy_with(raw_path=b"/")), "/"))
    if "turtle" in answer.headers["content-type"]:
        return sorted(map(str, parse(text, RdfFormat.TURTLE)))
    if "html" not in answer.headers["content-type"]:
        return sorted(text.splitlines())
    main = re.search("<main.*</main>", text, re.DOTALL)
    pieces = _PIECE.findall(main[0]) if main else []
    told = (html.unescape(re.sub("<[^>]+>", " ", piece)) for _, piece in pieces)
    return sorted(" ".join(one.split()) for one in told if "evision" not in one)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_says_on_the_embedded_store(
    on_engine: httpx.Client, embedded: httpx.Client, filled: Filled, page: str
) -> None:
    if filled.engine.profile.name == "virtuoso" and page in NOT_OF_VIRTUOSO:
        pytest.skip("Virtuoso sorts otherwise: see docs/operate.md")
    accept = {"Accept": "*/*" if "." in page or "?" in page else "text/html"}
    there = on_engine.get(page, headers=accept, follow_redirects=True)
    here = embedded.get(page, headers=accept, follow_redirects=True)
    if filled.engine.profile.name == "virtuoso" and there.status_code == 504:
        pytest.skip("Virtuoso took longer than a query has here: see docs/operate.md")
    assert (there.status_code, here.status_code) == (200, 200), there.text[:500]
    assert content(there) == content(here)
    assert len(content(here)) > 0


@pytest.mark.parametrize("page", ["/", "/id/process/crt"])
def test_a_page_leads_to_no_history_that_an_engine_hasn_t(
    on_engine: httpx.Client, embedded: httpx.Client, filled: Filled, page: str
) -> None:
    accept = {"Accept": "text/html"}
    past = re.compile('href="[^"]*(?:/history|/revisions)[/"?]')
    assert past.search(embedded.get(page, headers=accept, follow_redirects=True).text)
    assert not past.search(on_engine.get(page, headers=accept, follow_redirects=True).text)


def test_queries_come_in_every_way_and_format(
    on_engine: httpx.Client, embedded: httpx.Client
) -> None:
    for name in ("json", "xml", "csv", "tsv", "arrow", "parquet"):
        asked = {"query": COUNT, "format": name}
        answer = on_engine.get("/sparql", params=asked)
        assert answer.status_code == 200, answer.text
        assert (
            answer.headers["content-type"]
            == embedded.get("/sparql", params=asked).headers["content-type"]
        )
    counted = embedded.get("/sparql", params={"query": COUNT, "format": "csv"}).text
    direct = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    by = {"headers": direct, "content": COUNT}
    assert on_engine.get("/sparql", params={"query": COUNT, "format": "csv"}).text == counted
    assert on_engine.post("/sparql", data={"query": COUNT, "format": "csv"}).text == counted
    assert on_engine.post("/sparql", **by).text == counted  # type: ignore[arg-type]
    assert on_engine.request("QUERY", "/sparql", **by).text == counted  # type: ignore[arg-type]
    for name in ("ttl", "nt", "jsonld", "rdfxml"):
        asked = {"query": GRAPH, "format": name}
        there = on_engine.get("/sparql", params=asked)
        assert said(there) == said(embedded.get("/sparql", params=asked))
    assert on_engine.get("/sparql", params={"query": "ASK { ?s a skos:Nothing }"}).json() == {
        "head": {},
        "boolean": False,
    }
    wrong = on_engine.get("/sparql", params={"query": "SELECT ?s { ?s ?p }"})
    assert (wrong.status_code, wrong.json()["line"]) == (400, 1)
    unknown = {"query": COUNT, "format": "png"}
    assert on_engine.get("/sparql", params=unknown).status_code == 406


def test_what_an_engine_has_not_is_refused_in_a_sentence(on_engine: httpx.Client) -> None:
    for query in ("DESCRIBE <urn:x>", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"):
        assert on_engine.get("/sparql", params={"query": query}).status_code == 403
    for path in ("/revisions/diff?from=1&to=1", "/id/commodity/cobalt/history"):
        refused = on_engine.get(path)
        assert refused.status_code == 501
        assert "one state of the graph" in refused.json()["detail"]
    offered = on_engine.post("/contributions", content=b"", headers={"Authorization": "Bearer x"})
    assert offered.status_code == 501
    assert "embedded store" in offered.json()["detail"]
    assert on_engine.get("/queries", params={"revision": "7"}).status_code == 404
    assert "memento-datetime" not in on_engine.get("/id/commodity/cobalt.ttl").headers
    assert len(on_engine.get("/revisions", headers={"Accept": "application/json"}).json()) == 1


def test_a_query_ends_at_its_time_and_with_its_client(on_engine: httpx.Client) -> None:
    late = on_engine.get("/sparql", params={"query": ENDLESS, "timeout": "1s"})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (504, "time-budget")
    with pytest.raises(httpx.ReadTimeout):
        on_engine.get("/sparql", params={"query": ENDLESS + " "}, timeout=2)
    until(lambda: asked(on_engine) == 0)
    deep = "SELECT * { " + "{" * 50_000 + "}" * 50_000 + " }"
    assert on_engine.post("/sparql", data={"query": deep}).status_code == 503
    assert on_engine.get("/health/ready").status_code == 200


def asked(client: httpx.Client) -> int:
    """How many queries the engine is being asked."""
    found = re.search(r'rskg_queries\{phase="fast"\} (\d+)', client.get("/metrics").text)
    return int(found[1]) if found else -1


def test_an_engine_that_is_away_is_told_and_asked_again_when_it_is_back(
    tmp_path: Path, rskg: Run
) -> None:
    port, folder = free_port(), tmp_path / "engine"
    absent = rskg("serve", "--store", f"sparql+http://127.0.0.1:{port}?profile=oxigraph")
    assert (absent.returncode, "does not answer" in absent.stderr) == (5, True)
    assert "Traceback" not in absent.stderr
    with peers.oxigraph(folder, port) as peer, connected(peer.address) as engine:
        empty = rskg("serve", "--store", peer.address)
        assert (empty.returncode, "no graph of ours" in empty.stderr) == (5, True)
        publish(revision(tmp_path / "one", a=300), engine)
        with on(peer) as client:
            assert client.get("/health/ready").json()["revision"] == 1
            got: list[httpx.Response] = []
            thread = threading.Thread(
                target=lambda: got.append(client.get("/sparql", params={"query": ENDLESS}))
            )
            thread.start()
            until(lambda: asked(client) == 1)
            peer.kill()
            thread.join()
            assert got[0].status_code == 502, got[0].text
            assert got[0].headers["retry-after"]
            ready = client.get("/health/ready")
            assert (ready.status_code, ready.headers["retry-after"]) == (502, "10")
            assert str(port) not in ready.text
            with peers.oxigraph(folder, port) as again, connected(again.address) as new:
                until(lambda: client.get("/health/ready").status_code == 200)
                counted = client.get("/sparql", params={"query": COUNT, "format": "csv"})
                assert counted.text.split() == ["n", "300"]
                publish(revision(tmp_path / "two", a=300, b=5), new)
                until(lambda: client.get("/health/ready").text.endswith('"revision":2}'))
                counted = client.get("/sparql", params={"query": COUNT, "format": "csv"})
                assert (counted.text.split(), counted.headers["revision"]) == (["n", "305"], "2")
