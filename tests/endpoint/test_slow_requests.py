"""A request that never arrives whole is refused; what arrives in time may take what it takes."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from itertools import repeat

import httpx
import pytest

from rskg.store import Revisions
from tests.endpoint.conftest import bench
from tests.endpoint.processes import PATIENCE, Served, served

HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\n"
BODY = HEAD + b"Content-Type: application/sparql-query\r\nContent-Length: 5000\r\n\r\n"
ENDLESS = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hasty")
    Revisions(folder / "store").commit(bench(), "toys")
    with served(
        folder / "store", folder / "log", RSKG_REQUEST_SECONDS="2", RSKG_QUERY_SECONDS="4"
    ) as made:
        yield made


def dripped(server: Served, begin: bytes, drop: bytes) -> bytes:
    """All that the server sends while drops follow the beginning, until it closes."""
    end = time.monotonic() + PATIENCE
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(begin)
        for each in repeat(drop):
            assert time.monotonic() < end, "the server waits for ever"
            readable, _, _ = select.select([client], [], [], 0.05)
            try:
                piece = client.recv(1 << 16) if readable else None
                if piece == b"":
                    return got
                got += piece or b""
                client.sendall(each)
            except ConnectionError:
                return got
    return got


@pytest.mark.parametrize(
    ("begin", "drop"),
    [(HEAD, b"X: y\r\n"), (b"G", b"E"), (BODY, b" "), (b"", b"\r\n")],
    ids=["headers", "method", "body", "empty lines"],
)
def test_a_request_that_comes_drop_by_drop_is_refused(
    hasty: Served, begin: bytes, drop: bytes
) -> None:
    told = dripped(hasty, begin, drop)
    assert told.count(b"HTTP/1.1 4") == 1
    if drop != b"E":  # which is no method, and may be refused for that
        assert told.startswith(b"HTTP/1.1 408 ")
        assert b"/problem/request-late" in told
        assert b"connection: close" in told


def test_the_second_request_of_a_connection_is_refused_too(hasty: Served) -> None:
    first = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    told = dripped(hasty, first + HEAD, b"X: y\r\n")
    assert [part[:4] for part in told.split(b"HTTP/1.1 ")[1:]] == [b"200 ", b"408 "]


def test_a_connection_without_a_request_is_closed_without_a_word(hasty: Served) -> None:
    assert dripped(hasty, b"", b"") == b""


def test_an_answer_may_take_longer_than_a_request(hasty: Served) -> None:
    length = b"Content-Length: %d\r\n" % len(ENDLESS)
    query = HEAD + b"Content-Type: application/sparql-query\r\n" + length
    told = dripped(hasty, query + b"Connection: close\r\n\r\n" + ENDLESS, b"")
    assert told.startswith(b"HTTP/1.1 504 ")


def test_what_arrives_in_pieces_is_read(site: httpx.Client) -> None:
    request = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.base_url.port or 0), PATIENCE) as client:
        for at in range(0, len(request), 20):
            client.sendall(request[at : at + 20])
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


def test_the_log_of_a_late_request_names_no_fault_of_ours(hasty: Served) -> None:
    dripped(hasty, BODY, b" ")
    assert "Traceback" not in hasty.log.read_text()
