"""Connections that send the head of an answer and its body in one go, and repeat themselves.

The server writes them one after the other, and each write is a system call that wakes the reader:
for a short answer that is more than all else which happens to it there.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from rskg.endpoint.bounds import Bounded
from rskg.endpoint.repeats import LONGEST, REPEATABLE, Repeats


class Gathering:
    """A transport that holds back what is written first, until more comes or the loop goes on."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""
        #: What was written together last.
        self.latest: tuple[bytes, bytes] | None = None
        self._later = asyncio.get_running_loop().call_soon

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send what was held together with this, or hold this."""
        if not data:
            return
        if self._held:
            held, self._held = self._held, b""
            self.latest = (held, data)
            self._transport.writelines(self.latest)
        else:
            self._held = data
            self._later(self.flush)

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held)

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self.flush()
        self._transport.close()


class Connection(Bounded):
    """The server's connection over a gathering transport, which repeats what it has written."""

    def __init__(self, repeats: Repeats, **options: Any) -> None:
        super().__init__(**options)
        self._repeats = repeats
        self._client = ""
        #: No request is being read.
        self._between = True
        #: The bytes of the request that is being answered, when they are all of one request.
        self._asked: bytes | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(cast("asyncio.Transport", Gathering(transport)))
        self._client = self.client[0] if self.client else ""

    def data_received(self, data: bytes) -> None:
        """Answer a request that came before by its bytes; have any other read."""
        self._asked = None
        cast("Gathering", self.transport).latest = None
        if self._free() and len(data) <= LONGEST and data.endswith(b"\r\n\r\n"):
            told = self._repeats.answer(data, self._date(), self._client)
            if told is not None:
                self.transport.write(told)
                self.on_response_complete()
                return
            if data.find(b"\r\n\r\n") == len(data) - 4:
                self._asked = data
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request was read to its end."""
        self._between = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Keep what was written where that may be written again."""
        asked, self._asked = self._asked, None
        told = cast("dict[str, Any]", self.scope).get(REPEATABLE) if asked else None
        written = cast("Gathering", self.transport).latest
        if asked and told and written and self._between and self.cycle.keep_alive:
            self._repeats.keep(asked, told, *written)
        super().on_response_complete()

    def _free(self) -> bool:
        """True when nothing is being read or answered."""
        idle = not self.cycle or self.cycle.response_complete
        return idle and self._between and not self.pipeline and not self.flow.write_paused

    def _date(self) -> bytes:
        return next((v for name, v in self.server_state.default_headers if name == b"date"), b"")
