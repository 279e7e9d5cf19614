"""Connections that send the head of an answer and its body in one go, and repeat themselves.

The server writes them one after the other, and each write is a system call that wakes the reader:
for a short answer that is more than all else which happens to it there.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from rskg.endpoint.plain.bounds import Bounded
from rskg.endpoint.plain.desk import Desk, Request
from rskg.endpoint.plain.quick import ASK, GIVEN, Given
from rskg.endpoint.plain.repeats import LONGEST, REPEATABLE
from rskg.store import Answer
from rskg.store.workers.flow import Flow
from rskg.store.workers.leaving import leave


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

    def send(self, *parts: bytes) -> None:
        """Send what is held together with this, at once."""
        held, self._held = self._held, b""
        self._transport.writelines((held, *parts) if held else parts)


class Connection(Bounded):
    """The server's connection over a gathering transport.

    It repeats what it has written, and has plain requests answered past all else.
    """

    def __init__(self, desk: Desk, **options: Any) -> None:
        super().__init__(**options)
        self._desk, self._repeats = desk, desk.repeats
        self.patience = desk.patience
        self._client = ""
        #: No request is being read.
        self._between = True
        #: The bytes of the request that is being answered, when they are all of one request.
        self._asked: bytes | None = None
        #: The plain request that a worker answers, and what came after it.
        self._plain: Request | None = None
        self._later: list[bytes] = []
        #: What becomes of such a request that takes the whole way when it is answered.
        self._given: Given | None = None
        self._leaving = False
        #: When the last such request was answered, in loop time.
        self._rested = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        self._writer = Gathering(transport)
        super().connection_made(cast("asyncio.Transport", self._writer))
        self._client = self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        plain, self._plain = self._plain, None
        if plain is not None and plain.future is not None:
            leave(plain.future)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: close as soon as nothing is to be answered."""
        if self._plain is not None:
            self._leaving = True
        else:
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Answer a request that came before by its bytes; have any other read."""
        if self._plain is not None:
            self._later.append(data)
            self.flow.pause_reading()
            return
        self._asked = None
        self._writer.latest = None
        if self._free() and len(data) <= LONGEST and data.endswith(b"\r\n\r\n"):
            if self._at_once(data):
                self.arrived()
                return
            if data.find(b"\r\n\r\n") == len(data) - 4:
                self._asked = data
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._between = False
        super().on_message_begin()
        if self._given is not None:
            cast("dict[str, Any]", self.scope)[GIVEN], self._given = self._given, None

    def on_message_complete(self) -> None:
        """A request was read to its end."""
        self._between = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Keep what was written where that may be written again, and how such requests end."""
        asked, self._asked = self._asked, None
        if asked and self._between and self.cycle.keep_alive:
            scope = cast("dict[str, Any]", self.scope)
            told, written = scope.get(REPEATABLE), self._writer.latest
            if told and written:
                self._repeats.keep(asked, told, *written)
            if (ask := scope.get(ASK)) is not None:
                client = scope["client"]
                who = client[0] if client else ""
                self._desk.learn(self._client, asked, ask, scope["headers"], who)
        super().on_response_complete()

    def _at_once(self, data: bytes) -> bool:
        """True for a request that needs no parsing, and is answered or being answered."""
        if data in self._repeats and (told := self._repeated(data)) is not None:
            self._writer.send(told)
            self._rest()
            return True
        plain = self._desk.read(self._client, data)
        if plain is None:
            return False
        found = self._desk.answer(plain)
        if isinstance(found, Answer):
            if self._desk.packs(plain, found):
                return False
            head = self._send(plain, found)
            self._repeats.keep(data, (plain.revision, plain.ask.query), head, found.body)
            self._rest()
            return True
        if found is None:
            return False
        self._plain, plain.future = plain, found
        found.add_done_callback(self._answered)
        return True

    def _answered(self, future: asyncio.Future[Answer | Flow]) -> None:
        """A plain request has its answer: send it, or have it take the whole way."""
        plain, self._plain = self._plain, None
        if plain is None or plain.future is not future:
            leave(future)
            return
        answer = self._desk.whole(plain, future)
        if answer is None or self._desk.packs(plain, answer):
            self._given = Given(plain.revision, future, plain.begun)
            super().data_received(plain.sent)
        else:
            self._send(plain, answer)
            self._rest()
        if self._leaving:
            self.shutdown()
        later, self._later = b"".join(self._later), []
        if later and not self.transport.is_closing():
            self.data_received(later)

    def _send(self, plain: Request, answer: Answer) -> bytes:
        """Send a whole answer; returns its head."""
        head = self._desk.head(plain, answer, self.server_state.default_headers)
        self._writer.send(head, answer.body)
        self._desk.sent(plain, answer)
        return head

    def _rest(self) -> None:
        """Do what follows a plain answer; the timer that ends idle connections goes on as it is."""
        if self.timeout_keep_alive_task is None or self._later:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self._rested = self.loop.time()

    def timeout_keep_alive_handler(self) -> None:
        """Close when nothing was asked since the timer began, or else have it begin anew."""
        idle = self.timeout_keep_alive - (self.loop.time() - self._rested)
        if self._plain is None and idle <= 0:
            super().timeout_keep_alive_handler()
            return
        again = idle if self._plain is None else self.timeout_keep_alive
        self.timeout_keep_alive_task = self.loop.call_later(again, self.timeout_keep_alive_handler)

    def _free(self) -> bool:
        """True when nothing is being read or answered."""
        idle = not self.cycle or self.cycle.response_complete
        return idle and self._between and not self.pipeline and not self.flow.write_paused

    def _repeated(self, data: bytes) -> bytes | None:
        known = self.server_state.default_headers
        date = next((value for name, value in known if name == b"date"), b"")
        return self._repeats.answer(data, date, self._client)
