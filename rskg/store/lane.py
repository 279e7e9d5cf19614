"""A lane: one worker as the supervisor sees it."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from rskg.errors import BudgetExceeded, RskgError
from rskg.store.channel import Channel
from rskg.store.frames import Head, Inbox, asked, opening
from rskg.store.job import Job

LOW_PRIORITY = 10
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Lane:
    """The server's end of a worker's socket; whoever made it is called when something happens."""

    def __init__(
        self,
        end: socket.socket,
        largest_answer: int,
        heard: Callable[[Lane, Head, bytes], None],
        lost: Callable[[Lane], None],
    ) -> None:
        self._heard, self._lost = heard, lost
        self._inbox = Inbox(largest_answer)
        self._channel = Channel(end, self._read, self._gone)
        self.pid: int | None = None
        self.job: Job | None = None
        self.started = 0.0
        self.idle_since = 0.0
        self.new_memory = 0
        self.low = False
        self.doomed = False

    def born(self, pid: int) -> None:
        """The worker's process is there."""
        self.pid = pid

    def start(self, job: Job) -> None:
        """Hand a job to the worker."""
        self.job = job
        self.started = time.monotonic()
        self._channel.send(asked(job.ask, job.revision, job.budget))

    def open(self, revision: int) -> None:
        """Have an idle worker open a revision ahead of the first question."""
        self._channel.send(opening(revision))

    def end(self, error: RskgError | None = None) -> None:
        """Kill the worker; its client, if it has one, hears `error`."""
        if self.job is not None and error is not None:
            self.job.fail(error)
        self._signal(signal.SIGKILL)
        self.doomed = True

    def rest(self) -> None:
        """Stop the worker in the middle of its work."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a resting worker continue."""
        self._signal(signal.SIGCONT)

    def lower(self) -> None:
        """Give the worker a low priority."""
        if not self.low and self.pid is not None and not self.doomed:
            os.setpriority(os.PRIO_PROCESS, self.pid, LOW_PRIORITY)
            self.low = True

    def lift(self) -> bool:
        """Give the worker its priority back; False where only the administrator may do that."""
        if self.low and self.pid is not None:
            try:
                os.setpriority(os.PRIO_PROCESS, self.pid, 0)
            except PermissionError:
                return False
            self.low = False
        return True

    def memory(self) -> int:
        """The bytes of memory that the worker holds; 0 where the platform doesn't tell."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0

    def close(self) -> None:
        """Close the socket, at which an idle worker ends."""
        self.doomed = True
        self._channel.close()

    def _read(self, piece: memoryview) -> None:
        try:
            for head, body in self._inbox.feed(piece):
                self._heard(self, head, body)
        except BudgetExceeded as error:
            self.end(error)

    def _gone(self) -> None:
        self.doomed = True
        self._lost(self)

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None and not self.doomed:
            os.kill(self.pid, number)
