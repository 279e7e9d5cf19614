"""Requests that come again byte by byte are answered by the bytes that were written before."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from rskg.store import Revisions
from tests.endpoint.processes import PATIENCE, Served, served, until

QUERY = "SELECT ?o { <http://a.b/s> <http://a.b/p> ?o }"
ACCEPT = "Accept: text/csv"


def request(*more: str, query: str = QUERY, version: str = "1.1") -> bytes:
    first = f"GET /sparql?query={quote(query)} HTTP/{version}"
    return "\r\n".join([first, "Host: test", *more, "", ""]).encode()


class Wire:
    """A connection on which answers are read one by one."""

    def __init__(self, server: Served) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        self._held = b""

    def __del__(self) -> None:
        self.socket.close()

    def ask(self, sent: bytes) -> tuple[dict[bytes, bytes], bytes]:
        self.socket.sendall(sent)
        return self.read()

    def read(self) -> tuple[dict[bytes, bytes], bytes]:
        while b"\r\n\r\n" not in self._held:
            self._more()
        head, _, self._held = self._held.partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in lines)
        while len(self._held) < int(headers[b"content-length"]):
            self._more()
        body = self._held[: int(headers[b"content-length"])]
        self._held = self._held[len(body) :]
        return {b"status": status, **headers}, body

    def ended(self) -> bool:
        return not self._held and self.socket.recv(1) == b""

    def _more(self) -> None:
        piece = self.socket.recv(1 << 16)
        assert piece, "the server closed the connection"
        self._held += piece


def amend(root: Path, word: str) -> None:
    change = (
        f'DELETE WHERE {{ ?s ?p ?o }} ; INSERT DATA {{ <http://a.b/s> <http://a.b/p> "{word}" }}'
    )
    Revisions(root).amend(lambda draft: draft.update(change), word)


def repeated(server: Served) -> int:
    """How many answers came from memory, repeated or not."""
    told = httpx.get(server.address + "/metrics", timeout=PATIENCE).text
    found = re.search(r'rskg_cache_hits_total\{cache="answers"\} ([0-9.]+)', told)
    assert found
    return int(float(found[1]))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    amend(tmp_path / "store", "one")
    with served(tmp_path / "store", tmp_path / "log") as running:
        yield running


def test_a_repeated_answer_is_the_same_and_counted(server: Served) -> None:
    wire, other = Wire(server), Wire(server)
    answers = [wire.ask(request(ACCEPT)) for _ in range(5)] + [other.ask(request(ACCEPT))]
    for headers, body in answers:
        headers.pop(b"date")
        assert (headers, body) == answers[0]
    assert answers[0][1] == b"o\r\none\r\n"
    assert repeated(server) == 5
    told = httpx.get(server.address + "/metrics", timeout=PATIENCE).text
    assert 'rskg_requests_total{route="/sparql",status="2xx"} 6' in told
    until(lambda: server.log.read_text().count('"route":"/sparql"') == 6)
    assert "http://a.b/s" not in server.log.read_text()


def test_a_new_revision_is_asked_anew(server: Served) -> None:
    wire = Wire(server)
    words = []
    for word in ("two", "three"):
        words += [wire.ask(request(ACCEPT))[1] for _ in range(3)]
        amend(server.store, word)
    words.append(wire.ask(request(ACCEPT))[1])
    assert words == [b"o\r\none\r\n"] * 3 + [b"o\r\ntwo\r\n"] * 3 + [b"o\r\nthree\r\n"]
    assert wire.ask(request(ACCEPT))[0][b"revision"] == b"3"


def test_whoever_ends_the_connection_finds_it_ended(server: Served) -> None:
    for _ in range(3):
        wire = Wire(server)
        assert wire.ask(request(ACCEPT, "Connection: close"))[1] == b"o\r\none\r\n"
        assert wire.ended()
        wire = Wire(server)
        assert wire.ask(request(ACCEPT, version="1.0"))[1] == b"o\r\none\r\n"
        assert wire.ended()


def test_requests_on_one_connection_are_answered_in_turn(server: Served) -> None:
    wire = Wire(server)
    plain, tsv = request(ACCEPT), request("Accept: text/tab-separated-values")
    for _ in range(3):
        wire.socket.sendall(plain + tsv + plain)
        found = [wire.read()[1] for _ in range(3)]
        assert found == [b"o\r\none\r\n", b'?o\n"one"\n', b"o\r\none\r\n"]
        wire.socket.sendall(plain)
        wire.socket.sendall(tsv)
        assert [wire.read()[1] for _ in range(2)] == found[:2]


def test_a_request_in_a_body_is_no_request(server: Served) -> None:
    """What looks like a request that was answered before is the body of another one."""
    inner = request(ACCEPT)
    for wire in (Wire(server), Wire(server)):
        for _ in range(3):
            assert wire.ask(inner)[1] == b"o\r\none\r\n"
    length = f"Content-Length: {len(inner)}"
    for head in (
        f"POST /style.css HTTP/1.1\r\nHost: test\r\n{length}\r\n\r\n".encode(),
        request(ACCEPT, length),
        request(ACCEPT, length),
    ):
        wire = Wire(server)
        first = wire.ask(head)  # answered before its body is there
        wire.socket.sendall(inner)
        wire.socket.sendall(request("Accept: text/tab-separated-values"))
        headers, body = wire.read()
        assert body == b'?o\n"one"\n', (head, first, headers)


def test_a_request_in_two_pieces_is_one(server: Served) -> None:
    plain = request(ACCEPT)
    wire = Wire(server)
    assert wire.ask(plain)[1] == wire.ask(plain)[1]
    wire.socket.sendall(b"GET /style.css HTTP/1.1\r\nX-Odd: ")
    time.sleep(0.1)  # so that they arrive apart
    wire.socket.sendall(plain)
    assert wire.read()[0][b"content-type"].startswith(b"text/css")
