"""The killable process: evaluates one query at a time and sends the answer back as bytes.

It opens published revisions read-only, by number, and holds the two that were asked last: of a
store on this machine, or the state of the graph in an engine. It
bounds the rows and bytes of an answer itself; its time is the supervisor's, its memory the
operating system's. What it doesn't foresee ends it, and its supervisor tells the client.
"""

from __future__ import annotations

import os
import socket
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from rskg.confinement import OUT_OF_MEMORY, bound_memory, out_of_memory
from rskg.errors import RskgError
from rskg.store.answer import Answer, Form, Outlet
from rskg.store.ask import Reply
from rskg.store.budget import Budget
from rskg.store.workers.frames import Head, Inbox, answered, ask_of, failed, frame, piece_of
from rskg.store.workers.gauge import Gauge
from rskg.syntax import Format, Term

#: Room in the address space for what a revision's block caches may still grow to.
CACHES = 400_000_000
OPEN_REVISIONS = 2
#: After a query that took longer (in seconds), what was sent meanwhile is thrown away: its
#: supervisor has given it to others, or sends it again behind a frame that says to listen.
LONG = 0.02
_PIECE = 1 << 16


class Reads(Protocol):
    """A revision, opened."""

    def answer(
        self,
        query: str,
        accept: str | None = None,
        *,
        format_name: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        bindings: Mapping[str, Term] | None = None,
        services: Sequence[Reply | None] | None = None,
        budget: Budget | None = None,
        outlet: Outlet | None = None,
    ) -> Answer:
        """The complete answer, of which the outlet took what comes before the body."""
        ...


class Opens(Protocol):
    """What a worker's revisions are opened by."""

    def open(self, number: int) -> Reads:
        """The revision of that number; raises RskgError."""
        ...


class Worker:
    """One end of a socket: reads questions, writes answers, until the other end closes."""

    def __init__(self, channel: socket.socket, opens: Opens, memory: int) -> None:
        self._channel = channel
        self._opens = opens
        self._memory = memory
        self._deaf = False
        self._gauge = Gauge()
        self._readers: OrderedDict[int, Reads] = OrderedDict()

    def run(self, revision: int | None) -> None:
        """Open a revision ahead of the first question, say so, then answer."""
        if revision is not None:
            self._warm(revision)
        self._channel.sendall(frame({"ready": os.getpid()}))
        inbox = Inbox(largest_body=0)
        piece = memoryview(bytearray(_PIECE))
        while size := self._channel.recv_into(piece):
            for head, _ in inbox.feed(piece[:size]):
                self._obey(head)

    def _obey(self, head: Head) -> None:
        if "open" in head:
            self._warm(head["open"])
        elif "listen" in head:
            self._deaf = False
        elif not self._deaf:
            begun = time.monotonic()
            told, body = self._reply(head)
            told["number"] = head["number"]
            if time.monotonic() - begun > LONG:
                told["deaf"] = self._deaf = True
                if (memory := self._gauge.taken()) is not None:
                    told["memory"] = memory
            self._channel.sendall(frame(told, body))

    def _reply(self, head: Head) -> tuple[Head, bytes]:
        try:
            answer = self._answer(head)
        except RskgError as error:
            return failed(error), b""
        except (MemoryError, RuntimeError) as error:
            if out_of_memory(error):
                os._exit(OUT_OF_MEMORY)
            raise
        return answered(answer), answer.body

    def _answer(self, head: Head) -> Answer:
        ask = ask_of(head)
        return self._reader(head["revision"]).answer(
            ask.query,
            ask.accept,
            format_name=ask.format_name,
            default_graphs=ask.default_graphs,
            named_graphs=ask.named_graphs,
            bindings=dict(ask.bindings) or None,
            services=ask.services,
            budget=_budget(head["seconds"], head["rows"], head["size"]),
            outlet=self._outlet(head) if "whole" in head else None,
        )

    def _outlet(self, head: Head) -> Outlet:
        """The socket, which takes a piece when the server does: that bounds what waits in it."""

        def send(form: Format, kind: Form, piece: bytes) -> None:
            told = {**piece_of(form, kind), "number": head["number"]}
            self._channel.sendall(frame(told, piece))

        return Outlet(head["whole"], send)

    def _reader(self, number: int) -> Reads:
        if number not in self._readers:
            while len(self._readers) >= OPEN_REVISIONS:
                self._readers.popitem(last=False)
            bound_memory(None)
            self._readers[number] = self._opens.open(number)
            bound_memory(self._memory + CACHES)
            self._gauge.reset()
        self._readers.move_to_end(number)
        return self._readers[number]

    def _warm(self, revision: int) -> None:
        try:
            self._reader(revision).answer("ASK {}")
        except RskgError:
            return  # whoever asks for this revision is told


@lru_cache(maxsize=8)
def _budget(seconds: float, rows: int, size: int) -> Budget:
    return Budget(seconds=seconds, rows=rows, size=size)
