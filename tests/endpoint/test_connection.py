"""What is written in pieces arrives whole and in order, over a real socket."""

from __future__ import annotations

import asyncio
import socket

from rskg.endpoint.connection import Gathering


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
