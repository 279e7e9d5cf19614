"""Plain requests whose ending is known are answered past everything: nobody can tell it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from rskg.store import Revisions
from tests.endpoint.conftest import bench
from tests.endpoint.processes import PATIENCE, Served, served, until
from tests.endpoint.test_repeats import Wire

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
ROWS = "SELECT * { ?s ?p ?o }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    Revisions(folder / "store").commit(bench(), "toys")
    with served(folder / "store", folder / "log", RSKG_WHOLE_BYTES="20000") as made:
        yield made


def request(query: str, *more: str, first: str = "", end: str = "") -> bytes:
    start = f"GET /sparql?query={quote(query, safe='')}{end} HTTP/1.1"
    return "\r\n".join([start, "Host: desk", "Accept: text/csv", *more, "", ""]).encode()


def taught(server: Served, *more: str) -> Wire:
    """A connection on which an ending was told."""
    wire = Wire(server)
    wire.ask(request("ASK {}", "Accept: application/json", *more))
    wire.ask(request("SELECT ?taught {}", *more))
    return wire


def figures(server: Served) -> str:
    return httpx.get(server.address + "/metrics", timeout=PATIENCE).text


def test_its_answer_is_the_one_of_the_whole_way(server: Served) -> None:
    wire = taught(server)
    for number in range(3):
        query = f"{ROWS} ORDER BY ?s ?p ?o LIMIT 1{number}"
        short = wire.ask(request(query))
        again = wire.ask(request(query))
        longer = wire.ask(request(query, end="&timeout=9"))
        for told in (short, again, longer):
            del told[0][b"date"]
        assert short == again == longer
        assert short[0][b"status"] == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("query", "status"),
    [("SELECT ?s { ?s", 400), ("CONSTRUCT WHERE { ?s ?p ?o }", 406), ("LOAD <file:///x>", 403)],
)
def test_its_problem_is_the_one_of_the_whole_way(server: Served, query: str, status: int) -> None:
    wire = taught(server)
    short, longer = wire.ask(request(query)), wire.ask(request(query, end="&timeout=9"))
    assert short[0][b"status"].split()[1] == b"%d" % status
    assert short[1] == longer[1]
    assert wire.ask(request("ASK {} # still there"))[0][b"status"].endswith(b"406 Not Acceptable")


def test_what_follows_it_is_answered_in_turn(server: Served) -> None:
    wire = taught(server)
    many = [f"SELECT (1{n} AS ?turn) {{ ?s ?p ?o }} LIMIT 1" for n in range(9)]
    for query in many:
        wire.socket.sendall(request(query))
    assert [wire.read()[1].split()[1] for _ in many] == [b"1%d" % n for n in range(9)]
    wire.socket.sendall(b"".join(map(request, (f"{query} # again" for query in many))))
    assert [wire.read()[1].split()[1] for _ in many] == [b"1%d" % n for n in range(9)]


def test_it_is_packed_for_whoever_takes_that(server: Served) -> None:
    wire = taught(server, "Accept-Encoding: gzip")
    small = wire.ask(request("SELECT (1 AS ?n) {}", "Accept-Encoding: gzip"))
    assert b"content-encoding" not in small[0]
    query = f"{ROWS} ORDER BY ?s ?p ?o LIMIT 90"
    packed = wire.ask(request(query, "Accept-Encoding: gzip"))
    assert packed[0][b"content-encoding"] == b"gzip"
    assert zlib.decompress(packed[1], 31) == Wire(server).ask(request(query))[1]


def test_a_large_one_goes_out_in_pieces(server: Served) -> None:
    wire = taught(server, "Connection: keep-alive")
    query = "SELECT * { ?s ?p ?o . ?q ?r ?t } LIMIT 2000"
    wire.socket.sendall(request(query, "Connection: keep-alive"))
    got = b""
    while not got.endswith(b"\r\n0\r\n\r\n"):
        piece = wire.socket.recv(1 << 16)
        assert piece
        got += piece
    assert b"transfer-encoding: chunked" in got.partition(b"\r\n\r\n")[0].lower()


def test_who_leaves_has_the_query_ended(server: Served) -> None:
    wire = taught(server)
    wire.socket.sendall(request(ENDLESS))
    until(lambda: 'rskg_queries{phase="slow"} 1.0' in figures(server))
    wire.socket.close()
    wire.socket = socket.socket()
    until(lambda: 'rskg_queries{phase="slow"} 0.0' in figures(server))


def test_only_an_idle_connection_is_closed(server: Served) -> None:
    idle, busy = taught(server), taught(server)
    idle.ask(request("SELECT (1 AS ?idle) {}"))
    asked = 0
    while not select.select([idle.socket], [], [], 0.2)[0]:
        asked += 1
        assert busy.ask(request(f"SELECT ({asked} AS ?n) {{}}"))[1].split()[1] == b"%d" % asked
    assert idle.ended()
    assert busy.ask(request("SELECT (0 AS ?n) {}"))[1].split()[1] == b"0"


def test_a_server_that_stops_answers_first(tmp_path: Path) -> None:
    Revisions(tmp_path / "store").commit(bench(), "toys")
    with served(tmp_path / "store", tmp_path / "log", RSKG_QUERY_SECONDS="4") as server:
        wire = taught(server)
        wire.socket.sendall(request(ENDLESS))
        until(lambda: 'rskg_queries{phase="slow"} 1.0' in figures(server))
        os.kill(server.pid, signal.SIGTERM)
        assert wire.read()[0][b"status"].split()[1] == b"504"
        assert wire.ended()
        until(lambda: '"status":504' in server.log.read_text())
        line = next(each for each in server.log.read_text().splitlines() if '"status":504' in each)
        assert json.loads(line)["ms"] > 1000, "its time is counted from the request on"


def test_a_request_with_a_body_teaches_nothing(server: Served) -> None:
    wire = Wire(server)
    more = "Content-Length: 0"
    assert wire.ask(request("SELECT (1 AS ?n) {}", more))[0][b"status"].endswith(b"200 OK")
    body = request("SELECT (2 AS ?n) {}", "Content-Length: 4")
    wire.socket.sendall(body)
    wire.socket.sendall(b"\r\n\r\n")
    assert wire.read()[1].split() == [b"n", b"2"]
    assert wire.ask(request("SELECT (3 AS ?n) {}", more))[1].split() == [b"n", b"3"]
