"""The killable process: evaluates one query at a time and sends the answer back as bytes.

It opens published revisions read-only, by number, and holds the two that were asked last. It
bounds the rows and bytes of an answer itself; its time is the supervisor's, its memory the
operating system's. What it doesn't foresee ends it, and its supervisor tells the client.
"""

from __future__ import annotations

import os
import socket
from collections import OrderedDict

from rskg.errors import RskgError, StoreError, UsageError
from rskg.store.budget import Budget
from rskg.store.confinement import OUT_OF_MEMORY, bound_memory
from rskg.store.frames import Head, Inbox, answered, ask_of, failed, frame
from rskg.store.local import Reader
from rskg.store.revisions import Revisions

#: Room in the address space for what a revision's block caches may still grow to.
CACHES = 400_000_000
OPEN_REVISIONS = 2
_PIECE = 1 << 16


class Worker:
    """One end of a socket: reads questions, writes answers, until the other end closes."""

    def __init__(self, channel: socket.socket, revisions: Revisions, memory: int) -> None:
        self._channel = channel
        self._revisions = revisions
        self._memory = memory
        self._readers: OrderedDict[int, Reader] = OrderedDict()

    def run(self, revision: int | None) -> None:
        """Open a revision ahead of the first question, say so, then answer."""
        if revision is not None:
            self._warm(revision)
        self._channel.sendall(frame({"ready": os.getpid()}))
        inbox = Inbox(largest_body=0)
        while piece := self._channel.recv(_PIECE):
            for head, _ in inbox.feed(piece):
                if "open" in head:
                    self._warm(head["open"])
                else:
                    self._channel.sendall(self._reply(head))

    def _reply(self, head: Head) -> bytes:
        try:
            return self._answer(head)
        except RskgError as error:
            return failed(error)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)

    def _answer(self, head: Head) -> bytes:
        ask = ask_of(head)
        answer = self._reader(head["revision"]).answer(
            ask.query,
            ask.accept,
            format_name=ask.format_name,
            default_graphs=ask.default_graphs,
            named_graphs=ask.named_graphs,
            bindings=dict(ask.bindings) or None,
            budget=Budget(rows=head["rows"], size=head["size"]),
        )
        return answered(answer)

    def _reader(self, number: int) -> Reader:
        if number not in self._readers:
            while len(self._readers) >= OPEN_REVISIONS:
                self._readers.popitem(last=False)
            bound_memory(None)
            self._readers[number] = self._revisions.open(number)
            bound_memory(self._memory + CACHES)
        self._readers.move_to_end(number)
        return self._readers[number]

    def _warm(self, revision: int) -> None:
        try:
            self._reader(revision).answer("ASK {}")
        except (StoreError, UsageError):
            return  # whoever asks for this revision is told
