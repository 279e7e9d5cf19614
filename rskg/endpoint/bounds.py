"""A connection that bounds what isn't a body, and refuses what is no request in our own words.

The parser keeps an address, a header or a trailer until it is complete, whatever its size.
"""

from __future__ import annotations

import json
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rskg.endpoint.problems import BAD_HTTP, LARGE_HEAD, LONG_ADDRESS, Kind, Problem

#: The longest address that the parser takes, in bytes.
MOST_ADDRESS = (1 << 16) - 1
#: How much may come before a head is complete, beside the read that it begins in, in bytes.
MOST_AROUND = 1 << 17
VERSIONS = ("1.0", "1.1")


class Bounded(HttpToolsProtocol):
    """The server's connection; what never ends is cut off."""

    url: bytes = b""
    #: The bytes that came in whole reads without a request's beginning, body or end.
    _around = 0
    _useful = False

    def data_received(self, data: bytes) -> None:
        """Read on; a head, or whatever else is kept until it is complete, has a bound."""
        self._useful = False
        super().data_received(data)
        self._around = 0 if self._useful else self._around + len(data)
        if self._around > MOST_AROUND and not self.transport.is_closing():
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._useful = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer; raises what becomes a refusal."""
        if len(self.url) > MOST_ADDRESS:
            raise ValueError("address")
        hosts = sum(name == b"host" for name, _ in self.headers)
        version = self.parser.get_http_version()
        if version not in VERSIONS or hosts > 1 or (hosts == 0 and version == "1.1"):
            raise ValueError("host")  # RFC 9112 2.6, 3.2
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._useful = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is all there."""
        self._useful = True
        super().on_message_complete()

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
