"""What goes through the server, request by request, seen from outside of everything else.

Counts for `/metrics` and, where the operator wants it, a line of the access log.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rskg.endpoint.http.access_log import AccessLog, Entry

EXCHANGE = "rskg.exchange"
#: Upper bounds of the classes of durations, in seconds.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
#: Addresses that are answered past the routes.
ROUTELESS = ("/sparql", "/health/live", "/health/ready")
#: The route of what no route took.
NO_ROUTE = "none"


class Exchange:
    """One request and what was sent in answer to it."""

    __slots__ = ("_send", "begun", "complete", "headers", "query", "size", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = time.perf_counter()
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.size = 0
        self.complete = False
        self.query: str | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on and note what it is."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        await self._send(message)

    def revision(self) -> int | None:
        """The revision that answered, as the answer says it."""
        number = dict(self.headers).get(b"revision", b"")
        return int(number) if number.isdigit() else None


@dataclass
class Durations:
    """How long the answers of a route took: how many in each class of `BOUNDS`, and in all."""

    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Traffic:
    """Around an app: counts its requests and logs them."""

    def __init__(self, log: AccessLog | None = None) -> None:
        self._log = log
        #: By route and class of status ("2xx"); "none" where nothing could be sent.
        self.requests: Counter[tuple[str, str]] = Counter()
        self.durations: defaultdict[str, Durations] = defaultdict(Durations)
        #: Answers that began and didn't end: broken off by us or left by their readers.
        self.cut = 0

    async def observe(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the app answer a request."""
        exchange = scope[EXCHANGE] = Exchange(send)
        try:
            await app(scope, receive, exchange.send)
        finally:
            self._count(scope, exchange)

    def answered(self, begun: float, size: int, revision: int, query: str, client: str) -> None:
        """A query's answer was sent, `size` bytes, without the app."""
        entry = Entry(
            time=time.time(),
            method="GET",
            route="/sparql",
            status=200,
            size=size,
            seconds=time.perf_counter() - begun,
            revision=revision,
            query=query,
            cut=False,
            client=client,
        )
        self._note(entry)

    def close(self) -> None:
        """Write what is still to be written."""
        if self._log is not None:
            self._log.flush()

    def _count(self, scope: Scope, exchange: Exchange) -> None:
        client = scope.get("client")
        entry = Entry(
            time=time.time(),
            method=scope["method"],
            route=_route(scope),
            status=exchange.status,
            size=exchange.size,
            seconds=time.perf_counter() - exchange.begun,
            revision=exchange.revision(),
            query=exchange.query,
            cut=bool(exchange.status) and not exchange.complete,
            client=client[0] if client else "",
        )
        self._note(entry)

    def _note(self, entry: Entry) -> None:
        kind = f"{entry.status // 100}xx" if entry.status else "none"
        self.requests[entry.route, kind] += 1
        durations = self.durations[entry.route]
        durations.classes[bisect_left(BOUNDS, entry.seconds)] += 1
        durations.seconds += entry.seconds
        self.cut += entry.cut
        if self._log is not None:
            self._log.note(entry)


def asks(scope: Scope, query: str) -> None:
    """Remember which query a request carries."""
    exchange = scope.get(EXCHANGE)
    if exchange is not None:
        exchange.query = query


def began(scope: Scope, then: float) -> None:
    """Remember since when a request is answered, on `time.perf_counter`: before the app had it."""
    exchange = scope.get(EXCHANGE)
    if exchange is not None:
        exchange.begun = then


def _route(scope: Scope) -> str:
    """The pattern of a request's route: few are possible, and none holds what a client wrote."""
    if scope["path"] in ROUTELESS:
        return str(scope["path"])
    return getattr(scope.get("route"), "path", NO_ROUTE)
