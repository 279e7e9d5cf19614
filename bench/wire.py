"""A client that costs little: requests made beforehand, raw sockets, one thread."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote

ACCEPT = "application/sparql-results+json"
#: How long the last answers are waited for, in seconds.
LONGEST = 60.0


@dataclass
class Load:
    """What a server did in a while: answers, those that were no success, seconds, each wait.

    `late` answers were under way when the while was over: they cost, and count for no rate.
    """

    seconds: float = 0.0
    bad: int = 0
    waits: list[float] = field(default_factory=list)
    spent: tuple[float, float] = (0.0, 0.0)
    late: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return (len(self.waits) - self.bad) / self.seconds

    def percentile(self, part: float) -> float:
        """A percentile of the waits, in milliseconds; infinite when nothing came."""
        waits = sorted(self.waits)
        if not waits:
            return float("inf")
        return waits[min(int(len(waits) * part), len(waits) - 1)] * 1000

    def line(self) -> str:
        """All of it on a line."""
        return (
            f"{self.rate:>8,.0f}/s  p50 {self.percentile(0.5):>7.2f} ms"
            f"  p99 {self.percentile(0.99):>7.2f} ms  not 2xx: {self.bad}"
        )

    def cost(self) -> str:
        """Processor time an answer: the server's own process, and its others."""
        own, others = (1e6 * part / max(len(self.waits) + self.late, 1) for part in self.spent)
        return f"processor time an answer {own:,.0f} + {others:,.0f} µs"

    def plus(self, other: Load) -> None:
        """Add another while."""
        self.seconds += other.seconds
        self.bad += other.bad
        self.late += other.late
        self.waits += other.waits
        self.spent = (self.spent[0] + other.spent[0], self.spent[1] + other.spent[1])


def requests(path: str, queries: Sequence[str]) -> list[bytes]:
    """GET requests for queries."""
    return [
        (
            f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: bench\r\nAccept: {ACCEPT}\r\n\r\n"
        ).encode()
        for query in queries
    ]


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = b""
        self.sent = 0.0

    def send(self, request: bytes) -> None:
        self.held, self.sent = b"", time.perf_counter()
        self.socket.sendall(request)

    def whole(self) -> bool:
        """Read what is there; true when the answer is complete."""
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.held = self.held + piece if self.held else piece
        head = self.held.find(b"\r\n\r\n")
        if head < 0:
            return False
        told = self.held[:head].lower().partition(b"content-length:")[2]
        if told:
            return len(self.held) >= head + 4 + int(told.partition(b"\r")[0])
        return self.held.endswith(b"0\r\n\r\n")


def load(port: int, sent: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Keep so many connections busy for a while, with one request after the other.

    Every answer is waited for: what one server still does would slow the next.
    """
    done, order = Load(), cycle(sent)
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            connection = _Connection(port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(order))
        begun = time.perf_counter()
        for connection in _ready(selector, begun + seconds):
            if connection.whole():
                done.waits.append(time.perf_counter() - connection.sent)
                done.bad += not connection.held.startswith(b"HTTP/1.1 2")
                connection.send(next(order))
        done.seconds = time.perf_counter() - begun
        for connection in _ready(selector, time.perf_counter() + LONGEST):
            if connection.whole():
                done.late += 1
                selector.unregister(connection.socket)
                connection.socket.close()
                if not selector.get_map():
                    break
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return done


def _ready(selector: selectors.BaseSelector, end: float) -> Iterator[_Connection]:
    while time.perf_counter() < end:
        for key, _ in selector.select(0.1):
            yield key.data


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of rounds that were measured side by side."""
    return statistics.median(a / b if b else 0.0 for a, b in zip(ours, theirs, strict=True))
