"""One query in one killable process, for a caller that waits for it: no server, no event loop."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Iterator

from rskg.confinement import end_with_parent, leave_network, leave_no_core, share_heaps
from rskg.errors import BudgetExceeded, WorkerLost
from rskg.store.answer import Answer
from rskg.store.ask import Ask, Elsewhere
from rskg.store.budget import Budget
from rskg.store.federation.client import Client
from rskg.store.federation.hosts import NOBODY, Listed
from rskg.store.revisions.history import Revisions
from rskg.store.workers.frames import LISTEN, Inbox, answer_of, asked, error_of
from rskg.store.workers.job import cause_of_death
from rskg.store.workers.worker import Worker

_PIECE = 1 << 18
#: The part of what is left of the time in which services must have replied.
_SHARE = 2 / 3


def answer(
    revisions: Revisions, ask: Ask, revision: int, budget: Budget, listed: Listed = NOBODY
) -> Answer:
    """The complete answer, from a process that is born for it and ends with it.

    To be called before the first thread starts. Raises what Reader.answer raises, BudgetExceeded,
    WorkerLost, and ServiceFailed where a listed service is asked.
    """
    with _process(revisions, budget) as process:
        if not listed:
            return process.answer(ask, revision)
        try:
            return process.answer(ask._replace(services=()), revision)
        except Elsewhere as needed:
            calls = needed.calls
        client = Client(listed)
        try:
            replies = client.replies(calls, process.left() * _SHARE)
        finally:
            client.close()
        return process.answer(ask._replace(services=replies), revision)


class _Process:
    """A worker's process as its parent sees it."""

    def __init__(self, pid: int, end: socket.socket, budget: Budget) -> None:
        self._pid, self._end, self._budget = pid, end, budget
        self._begun = time.monotonic()
        self._inbox = Inbox(budget.size)

    def left(self) -> float:
        """The seconds that are left of its time."""
        return self._begun + self._budget.seconds - time.monotonic()

    def answer(self, ask: Ask, revision: int) -> Answer:
        """What it answers, in time; else why it doesn't."""
        with contextlib.suppress(BrokenPipeError):
            self._end.sendall(LISTEN + asked(ask, revision, self._budget))
        while piece := self._next():
            for head, body in self._inbox.feed(piece):
                if "error" in head:
                    raise error_of(head)
                if "form" in head:
                    return answer_of(head, body)
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        raise cause_of_death(status, self._budget, 0) or WorkerLost(
            "the process that evaluated the query ended; ask again"
        )

    def end(self) -> None:
        """Kill it, unless it has ended."""
        self._end.close()
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)

    def _next(self) -> bytes:
        readable, _, _ = select.select([self._end], [], [], max(self.left(), 0))
        if not readable:
            used = round(time.monotonic() - self._begun, 3)
            raise BudgetExceeded("time", self._budget.seconds, used)
        try:
            return self._end.recv(_PIECE)
        except ConnectionResetError:
            return b""


@contextlib.contextmanager
def _process(revisions: Revisions, budget: Budget) -> Iterator[_Process]:
    parent = os.getpid()
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _work(parent, theirs, revisions, budget)
    theirs.close()
    process = _Process(pid, ours, budget)
    try:
        yield process
    finally:
        process.end()


def _work(parent: int, end: socket.socket, revisions: Revisions, budget: Budget) -> None:
    """The child: answers until the parent's end closes, and never returns."""
    try:
        end_with_parent(parent)
        leave_no_core()
        share_heaps()
        leave_network()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a query breaks is told in our words
        with contextlib.suppress(ConnectionError):
            Worker(end, revisions, budget.memory).run(None)
    finally:
        os._exit(0)
