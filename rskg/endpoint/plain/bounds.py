"""A connection that bounds what isn't a body, and refuses what is no request in our own words.

The parser keeps an address, a header or a trailer until it is complete, whatever its size. And
a request that comes drop by drop would keep its connection for ever.
"""

from __future__ import annotations

import json
from asyncio import TimerHandle, Transport
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rskg.endpoint.problems import (
    BAD_HTTP,
    LARGE_HEAD,
    LATE_REQUEST,
    LONG_ADDRESS,
    Kind,
    Problem,
)

#: The longest address that the parser takes, in bytes.
MOST_ADDRESS = (1 << 16) - 1
#: How much may come before a head is complete, beside the read that it begins in, in bytes.
MOST_AROUND = 1 << 17
VERSIONS = ("1.0", "1.1")
#: A body that comes with so many bytes a second may take as long as it is.
SLOWEST = 10_000


class Bounded(HttpToolsProtocol):
    """The server's connection; what never ends is cut off."""

    #: How long a request may take to arrive, in seconds.
    patience = 30.0
    url: bytes = b""
    #: Since when the request that is awaited takes, None while none is begun; in loop time.
    _since: float | None = None
    _begun = False
    _headed = False
    _body = 0
    _watch: TimerHandle | None = None
    #: The bytes that came in whole reads without a request's beginning, body or end.
    _around = 0
    _useful = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """A client is there, and is to ask something soon."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._watch = self.loop.call_later(self.patience, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head, or whatever else is kept until it is complete, has a bound."""
        if self.transport.is_closing():
            return
        self._useful = False
        self._begun = True
        if self._since is None:
            self._since = self.loop.time()
        super().data_received(data)
        self._around = 0 if self._useful else self._around + len(data)
        if self._around > MOST_AROUND and not self.transport.is_closing():
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._useful = self._begun = True
        self._body, self._headed = 0, False
        if self._since is None:
            self._since = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer; raises what becomes a refusal."""
        if len(self.url) > MOST_ADDRESS:
            raise ValueError("address")
        hosts = sum(name == b"host" for name, _ in self.headers)
        version = self.parser.get_http_version()
        if version not in VERSIONS or hosts > 1 or (hosts == 0 and version == "1.1"):
            raise ValueError("host")  # RFC 9112 2.6, 3.2
        self._headed = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._useful = True
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is all there."""
        self._useful = True
        self.arrived()
        super().on_message_complete()

    def arrived(self) -> None:
        """No request is awaited until the next one begins."""
        self._since, self._begun, self._headed = None, False, False

    def _look(self) -> None:
        """Refuse what takes too long; look again when that may be."""
        now = self.loop.time()
        if self._since is not None and (self.flow.read_paused or self.pipeline):
            self._since = now  # it is we who let it wait
        end = (now if self._since is None else self._since) + self.patience + self._body / SLOWEST
        if self._since is None or now < end:
            self._watch = self.loop.call_later(max(end - now, 0.01), self._look)
        elif self._begun and not (self._headed and self.cycle.response_complete):
            self._refuse(LATE_REQUEST, f"It has {self.patience:g} seconds to arrive.")
        else:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser, or one of the above, could not go on with."""
        if len(self.url) > MOST_ADDRESS:
            self._refuse(LONG_ADDRESS, f"At most {MOST_ADDRESS} bytes of address are read here.")
        elif self._around > MOST_AROUND:
            self._refuse(LARGE_HEAD, f"At most {MOST_AROUND} bytes of headers are read here.")
        else:
            self._refuse(BAD_HTTP, "It can't be read, or doesn't name one host by HTTP/1.1 or 1.0.")

    def _refuse(self, kind: Kind, detail: str) -> None:
        """Say what is wrong and close; only close in the middle of an answer."""
        cycle = self.cycle
        begun = cycle is not None and cycle.response_started and not cycle.response_complete
        if begun or self.pipeline:
            self.transport.abort()
            return
        body = json.dumps(Problem(kind, detail).document("")).encode()
        head = (
            f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\n"
            f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
