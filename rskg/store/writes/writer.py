"""The server's side of raw writes: one at a time, as they came, each within its budget."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from rskg.errors import BudgetExceeded, Overloaded, RskgError, UsageError, WorkerLost
from rskg.settings import inherited
from rskg.store.budget import Budget
from rskg.store.workers.frames import Head, Inbox, error_of
from rskg.store.workers.job import cause_of_death
from rskg.store.writes.orders import Order, Written, ordered
from rskg.store.writes.scribe import PUBLISH

#: How many writes may wait for their turn.
MOST_WAITING = 64
_PIECE = 1 << 16


class UnknownGraph(UsageError):
    """A graph that the store doesn't hold."""


class _Scribe:
    """A writing process and our end of its socket."""

    def __init__(self, root: Path, prefixes: Mapping[str, str], memory: int, largest: int) -> None:
        self._inbox = Inbox(0)
        self._end, theirs = socket.socketpair()
        self._end.setblocking(False)
        with theirs:
            handle = theirs.fileno()
            arguments = map(str, [handle, os.getpid(), root, memory, largest])
            self.process = subprocess.Popen(  # noqa: S603  (our own module, our own arguments)
                [sys.executable, "-P", "-m", "rskg.store.writes.scribe", *arguments],
                stdin=subprocess.PIPE,
                pass_fds=[handle],
                start_new_session=True,
                env=inherited(RUST_BACKTRACE="0"),
            )
        if self.process.stdin is not None:
            with self.process.stdin as told:
                told.write(json.dumps(dict(prefixes)).encode())

    async def tell(self, data: bytes) -> None:
        """Send a frame; what a process that ended doesn't hear, the next answer tells."""
        try:
            await asyncio.get_running_loop().sock_sendall(self._end, data)
        except OSError:
            return

    async def hear(self) -> Head | None:
        """The next thing that it tells; None when it ended."""
        loop = asyncio.get_running_loop()
        piece = b""
        while True:
            for head, _ in self._inbox.feed(piece):
                return head
            try:
                piece = await loop.sock_recv(self._end, _PIECE)
            except OSError:
                return None
            if not piece:
                return None

    def end(self) -> None:
        """Kill it and free its pid."""
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        """Free the pid of a process that ends; how it did, as waitpid says it."""
        self._end.close()
        code = self.process.wait()
        return -code if code < 0 else code << 8


class Writer:
    """Has raw writes done by a process of its own, which is killed when one passes its budget."""

    def __init__(
        self, root: Path, prefixes: Mapping[str, str], budget: Budget, largest: int
    ) -> None:
        self._root, self._prefixes, self._largest = root, prefixes, largest
        self._budget = budget
        self._scribe: _Scribe | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def write(self, order: Order, timeout: str | None = None) -> Written:
        """Publish a revision with the write done; after an error there is none.

        Raises QuerySyntaxError, InputError, RefusedFeature, UsageError, UnknownGraph, StoreError,
        BudgetExceeded, Overloaded or WorkerLost.
        """
        budget = self._budget.lowered(timeout)
        if self._waiting >= MOST_WAITING:
            raise Overloaded(max(1, round(budget.seconds)))
        self._waiting += 1
        try:
            async with self._turn:
                return await self._written(order, budget)
        except asyncio.CancelledError:
            self.stop()  # it is in the middle of something that nobody waits for
            raise
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """End the process."""
        scribe, self._scribe = self._scribe, None
        if scribe is not None:
            scribe.end()

    async def _written(self, order: Order, budget: Budget) -> Written:
        scribe, told = await self._begun(ordered(order), budget)
        if told is not None and "begun" in told:
            told = await self._changed(scribe, budget)
        if told is not None and "changed" in told:
            await scribe.tell(PUBLISH)
            told = await scribe.hear()
        if told is None:
            raise self._lost(budget)
        if "missing" in told:
            raise UnknownGraph("there is no such graph")
        if "error" in told:
            raise error_of(told)
        return Written(told["revision"], told["created"])

    async def _begun(self, order: bytes, budget: Budget) -> tuple[_Scribe, Head | None]:
        """The process that has the order, and what it tells first.

        One that had no order may have ended unheard: then another gets this one.
        """
        rested = self._scribe is not None
        while True:
            if self._scribe is None:
                self._scribe = _Scribe(self._root, self._prefixes, budget.memory, self._largest)
            scribe = self._scribe
            await scribe.tell(order)
            told = await scribe.hear()
            if told is not None or not rested:
                return scribe, told
            rested = False
            self.stop()

    async def _changed(self, scribe: _Scribe, budget: Budget) -> Head | None:
        begun = time.monotonic()
        try:
            return await asyncio.wait_for(scribe.hear(), budget.seconds)
        except TimeoutError as error:
            self.stop()
            used = round(time.monotonic() - begun, 3)
            raise BudgetExceeded("time", budget.seconds, used, "update") from error

    def _lost(self, budget: Budget) -> RskgError:
        """Why the process ended by itself; the next write starts another."""
        scribe, self._scribe = self._scribe, None
        status = -1 if scribe is None else scribe.ended()
        spent = cause_of_death(status, budget, budget.memory, "update")
        return spent or WorkerLost("the process that wrote ended; nothing was changed")
