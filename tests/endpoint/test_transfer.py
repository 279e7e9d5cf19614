"""Complete or an error, whoever reads: the worker is killed while its answer goes out."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import requests

from rskg.endpoint.http.compression import zstd
from rskg.store import Revisions, Workbench
from rskg.syntax import GRAPH_FORMATS, TEXT_FORMATS, Literal, NamedNode, Triple
from tests.endpoint.processes import PATIENCE, Served, served, until

HERE = Path(__file__).parent
EX = "http://example.org/"
NODES = 3000
WHOLE = 50_000
#: Some gigabytes, as they come: no client has read them before the worker is killed.
ROWS = "SELECT ?a ?b ?c ?d { ?a ?p ?b . ?c ?q ?d }"
TRIPLES = "CONSTRUCT { ?a ?p ?d } { ?a ?p ?b . ?c ?q ?d }"
#: (Columns are made of all rows, so they have none of them before the end.)
QUERIES = {form.name: ROWS for form in TEXT_FORMATS} | {
    form.name: TRIPLES for form in GRAPH_FORMATS
}
#: Where the answer is cut: after so many bytes that the client has read.
POINTS = (0, 1, 1_000_000)
#: A few answers that are larger than is held, and come to their end.
COMPLETE = "SELECT ?a ?b { ?a ?p ?b }"
TWICE = "CONSTRUCT { ?a ?p ?b . ?a <http://example.org/also> ?b } { ?a ?p ?b }"

PLAIN = {"Accept-Encoding": "identity"}

Cut = Callable[[], None]
#: Reads so many bytes of an address, then calls, then reads on; True when it reports a failure.
Client = Callable[[str, int, Cut], bool]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that holds little and lets long answers be very long."""
    root = tmp_path_factory.mktemp("large")
    made = Workbench()
    told = NamedNode(f"{EX}told")
    made.add(
        Triple(NamedNode(f"{EX}{i}"), told, Literal(f"text {i} " + "x" * 30)) for i in range(NODES)
    )
    Revisions(root / "store").commit(made, "many")
    settings = {
        "RSKG_WHOLE_BYTES": str(WHOLE),
        "RSKG_QUERY_ROWS": "1000000000",
        "RSKG_QUERY_BYTES": "100000000000",
        "RSKG_QUERY_SECONDS": "300",
        "RSKG_TRANSFER_SECONDS": "300",
    }
    with served(root / "store", root / "log", **settings) as running:
        yield running


def address(server: Served, name: str, query: str | None = None) -> str:
    asked = {"query": query or QUERIES[name], "format": name}
    return f"{server.address}/sparql?{urlencode(asked)}"


def with_httpx(address: str, size: int, cut: Cut, coding: str = "identity") -> bool:
    wanted = {"Accept-Encoding": coding}
    try:
        with httpx.stream("GET", address, headers=wanted, timeout=60) as answer:
            assert answer.status_code == 200
            assert answer.headers.get("content-encoding", "identity") == coding
            pieces = answer.iter_raw()
            read = 0
            while read < size:
                read += len(next(pieces))
            cut()
            for _ in pieces:
                pass
    except httpx.RemoteProtocolError:
        return True
    return False


def with_requests(address: str, size: int, cut: Cut) -> bool:
    try:
        with requests.get(address, headers=PLAIN, stream=True, timeout=60) as answer:
            assert answer.status_code == 200
            pieces = answer.iter_content(1000)
            read = 0
            while read < size:
                read += len(next(pieces))
            cut()
            for _ in pieces:
                pass
    except requests.exceptions.ChunkedEncodingError:
        return True
    return False


def with_curl(address: str, size: int, cut: Cut) -> bool:
    command = ["curl", "--silent", "--no-buffer", "--fail", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as curl:
        assert curl.stdout is not None
        curl.stdout.read(max(size, 1))
        cut()
        while curl.stdout.read(1 << 20):
            pass
        return curl.wait(60) == 18  # CURLE_PARTIAL_FILE


@contextmanager
def java() -> Iterator[Client]:
    """One Java program for all its rounds: it takes long to start."""
    command = ["java", "-Xmx64m", "-XX:TieredStopAtLevel=1", HERE / "clients" / "Reader.java"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, heard = process.stdin, process.stdout

        def client(address: str, size: int, cut: Cut) -> bool:
            print(size, address, file=told, flush=True)
            assert heard.readline() == "READ 200\n"
            cut()
            print(file=told, flush=True)
            return heard.readline().startswith("BROKEN")

        yield client
        told.close()


def survives(server: Served, client: Client) -> None:
    """Complete when nobody disturbs it, and a failure in every format, at every point in one."""
    assert not client(address(server, "csv", COMPLETE), 1, lambda: None)
    rounds = [("csv", point) for point in POINTS]
    rounds += [(name, POINTS[i % len(POINTS)]) for i, name in enumerate(QUERIES) if name != "csv"]
    for name, point in rounds:
        assert client(address(server, name), point, server.kill_workers), (name, point)
        until(server.ready)


@pytest.mark.parametrize("client", [with_httpx, with_requests], ids=["httpx", "requests"])
def test_a_killed_worker_fails_the_transfer(server: Served, client: Client) -> None:
    survives(server, client)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
def test_a_killed_worker_fails_the_transfer_of_curl(server: Served) -> None:
    survives(server, with_curl)


@pytest.mark.skipif(shutil.which("javac") is None, reason="Java's compiler is missing")
def test_a_killed_worker_fails_the_transfer_of_java(server: Served) -> None:
    with java() as client:
        survives(server, client)


def test_a_worker_killed_before_the_first_byte_is_a_problem(server: Served) -> None:
    asked = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(httpx.get, f"{server.address}/sparql", params=asked, timeout=60)
        until(lambda: any(busy(pid) for pid in server.workers()))
        while not answer.done():
            server.kill_workers()
            time.sleep(0.1)
        told = answer.result()
    assert told.status_code == 503
    assert told.headers["content-type"] == "application/problem+json"
    until(server.ready)


def busy(pid: int) -> bool:
    """True when a process has worked for a while: over a tenth of a second."""
    try:
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]
    except (FileNotFoundError, ProcessLookupError):  # the latter while it is being removed
        return False
    return int(spent) > os.sysconf("SC_CLK_TCK") // 10


def by_old_http(server: Served, query: str) -> tuple[bytes, bytes]:
    """The head and body of an answer to HTTP/1.0, which ends with the connection."""
    path = f"/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        with connection.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    return head.lower(), body


def test_nothing_goes_out_in_pieces_over_old_http(server: Served) -> None:
    head, body = by_old_http(server, f"{COMPLETE} LIMIT 3")
    assert head.startswith(b"http/1.1 200")
    assert f"content-length: {len(body)}".encode() in head
    assert body.count(b"\r\n") == 4
    head, body = by_old_http(server, COMPLETE)
    assert head.startswith(b"http/1.1 505")
    assert b"transfer-encoding" not in head
    assert b"HTTP/1.1" in body


def test_a_large_answer_is_the_same_whole_and_in_pieces(server: Served) -> None:
    with httpx.Client(base_url=server.address, timeout=PATIENCE) as client:
        asked = {"query": COMPLETE, "format": "tsv"}
        pieces = client.get("/sparql", params=asked)
        assert pieces.headers["transfer-encoding"] == "chunked"
        again = client.get("/sparql", params=asked | {"query": f"{COMPLETE} LIMIT 9"})
        assert again.headers["content-length"] == str(len(again.content))
        for header in ("etag", "revision", "link", "vary", "cache-control", "content-type"):
            assert header in pieces.headers
            assert header in again.headers
        lines = pieces.content.splitlines()
        assert len(lines) == len(set(lines)) == NODES + 1
        assert set(again.content.splitlines()) <= set(lines)
        held = client.get(
            "/sparql", params=asked, headers={"If-None-Match": pieces.headers["etag"]}
        )
        assert held.status_code == 304


def test_what_is_asked_without_a_format_comes_in_pieces_too(server: Served) -> None:
    wanted = {"Accept": "text/csv", "Accept-Encoding": "identity"}
    asked = {"query": COMPLETE}
    answer = httpx.get(f"{server.address}/sparql", params=asked, headers=wanted, timeout=PATIENCE)
    assert answer.headers["transfer-encoding"] == "chunked"
    assert len(answer.content.splitlines()) == NODES + 1


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_pieces_are_packed_and_break_all_the_same(server: Served, coding: str) -> None:
    unpack = {"gzip": gzip.decompress, "zstd": zstd.decompress}[coding]
    wanted = {"Accept-Encoding": coding}
    plain = httpx.get(address(server, "ttl", TWICE), headers=PLAIN, timeout=PATIENCE)
    twice = address(server, "ttl", TWICE)
    with httpx.stream("GET", twice, headers=wanted, timeout=PATIENCE) as packed:
        assert packed.headers["content-encoding"] == coding
        assert packed.headers["transfer-encoding"] == "chunked"
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + f'-{coding}"'
        assert unpack(b"".join(packed.iter_raw())) == plain.content
    assert with_httpx(address(server, "ttl"), 1, server.kill_workers, coding)
    until(server.ready)


def test_head_has_the_headers_of_get_and_leaves_no_worker_busy(server: Served) -> None:
    with httpx.Client(base_url=server.address, timeout=PATIENCE) as client:
        for query in (COMPLETE, f"{COMPLETE} LIMIT 9", "SELECT nothing"):
            asked = {"query": query, "format": "json"}
            told, got = client.head("/sparql", params=asked), client.get("/sparql", params=asked)
            assert ("content-encoding" in got.headers) == (query != "SELECT nothing")
            assert told.status_code == got.status_code
            assert told.content == b""
            own = {"date", "transfer-encoding"}
            assert set(told.headers) - own == set(got.headers) - own
            same = set(told.headers) - own
            assert {n: told.headers[n] for n in same} == {n: got.headers[n] for n in same}
        assert client.head("/sparql", params={"query": ROWS, "format": "csv"}).status_code == 200
