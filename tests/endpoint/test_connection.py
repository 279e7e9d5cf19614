"""What is written in pieces arrives whole and in order; what is no request is refused."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from contextlib import suppress

import httpx
import pytest

from rskg.endpoint.plain.bounds import MOST_ADDRESS
from rskg.endpoint.plain.connection import Gathering
from tests.endpoint.processes import until


class Writer(asyncio.Protocol):
    """Writes what the test tells it as soon as somebody connects."""

    def __init__(self, turns: list[list[bytes]], *, close: bool) -> None:
        self._turns, self._close = turns, close

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = Gathering(transport)
        self._task = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        for turn in self._turns:
            for piece in turn:
                self.transport.write(piece)
            await asyncio.sleep(0)
        if self._close:
            self.transport.close()


def received(turns: list[list[bytes]], length: int | None = None) -> bytes:
    """What a client reads: to the end, or so many bytes of a connection that stays open."""

    def read(port: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            got = b""
            while length is None or len(got) < length:
                piece = client.recv(1 << 16)
                if not piece:
                    break
                got += piece
            return got

    async def run() -> bytes:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Writer(turns, close=length is None), "127.0.0.1", 0
        )
        async with server:
            return await asyncio.to_thread(read, server.sockets[0].getsockname()[1])

    return asyncio.run(run())


def test_pieces_arrive_in_order() -> None:
    turns = [[b"head", b"body"], [b"alone"], [b"a", b"", b"b", b"c"], [b"x" * 5_000_000, b"end"]]
    assert received(turns) == b"".join(b"".join(turn) for turn in turns)


def test_nothing_is_held_longer_than_a_turn_of_the_loop() -> None:
    assert received([[b"one piece"]], length=9) == b"one piece"
    assert received([[b"head", b"body", b"more"]], length=12) == b"headbodymore"


def test_what_is_held_is_sent_before_the_end() -> None:
    assert received([[b"last"]]) == b"last"


def reply(site: httpx.Client, *pieces: bytes, leave: bool = False) -> bytes:
    """All that the server sends to this connection, as far as it lets us write."""
    port = site.base_url.port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        got = b""
        with suppress(ConnectionError):
            for piece in pieces:
                client.sendall(piece)
        if leave:
            client.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while piece := client.recv(1 << 16):
                got += piece
        return got


ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"GET /health/live HTTP/1.1\r\n\r\n", 400),
        (ASK + b"Host: y\r\n\r\n", 400),
        (ASK.replace(b"1.1", b"0.9") + b"\r\n", 400),
        (
            ASK.replace(b"GET", b"POST")
            + b"Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            400,
        ),
        (ASK.replace(b"ASK", b"ASK%23" + b"x" * MOST_ADDRESS) + b"\r\n", 414),
    ],
    ids=["noise", "no host", "two hosts", "HTTP/0.9", "chunk", "address"],
)
def test_what_is_no_request_is_refused(site: httpx.Client, sent: bytes, status: int) -> None:
    head, _, body = reply(site, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


@pytest.mark.parametrize(
    "flood",
    [
        [b"X-%d: y\r\n" % n * 10_000 for n in range(500)],
        [b"X: ", *[b"y" * 1_000_000] * 50],
        [b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", *[b"y" * 1_000_000] * 50],
        [b"Transfer-Encoding: chunked\r\n\r\n1;", *[b"y" * 1_000_000] * 50],
    ],
    ids=["many headers", "one header", "a trailer", "an extension"],
)
def test_what_never_ends_is_cut_off(site: httpx.Client, flood: list[bytes]) -> None:
    taken = 0
    with socket.create_connection(("127.0.0.1", site.base_url.port or 0), timeout=30) as client:
        with suppress(ConnectionError):
            client.sendall(ASK.replace(b"GET", b"POST"))
            for piece in flood:
                client.sendall(piece)
                taken += len(piece)
        with suppress(ConnectionError):
            while client.recv(1 << 16):
                pass  # a server that goes on listening lets this time out
    assert taken < sum(map(len, flood))


def test_large_heads_within_bounds_are_read(site: httpx.Client) -> None:
    large = [b"X-%d: %s\r\n" % (n, b"y" * 1_000) for n in range(60)]
    assert reply(site, ASK, *large, b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_requests_one_after_the_other_are_answered_in_turn(site: httpx.Client) -> None:
    last = ASK + b"Connection: close\r\n\r\n"
    assert reply(site, (ASK + b"\r\n") * 9 + last).count(b"HTTP/1.1 200 OK\r\n") == 10


def test_a_request_that_breaks_off_is_no_failure_of_the_server(site: httpx.Client) -> None:
    head = b"Content-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\n"

    def counted(status: str) -> float:
        line = rf'rskg_requests_total{{route="/sparql",status="{status}"}} (\S+)'
        found = re.search(line, site.get("/metrics").text)
        return float(found[1]) if found else 0.0

    failed, refused = counted("5xx"), counted("4xx")
    reply(site, ASK.replace(b"GET", b"POST") + head + b"ASK {", leave=True)
    until(lambda: counted("4xx") > refused)
    assert counted("5xx") == failed
