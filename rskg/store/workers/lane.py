"""A lane: one worker as the supervisor sees it."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from rskg.errors import BudgetExceeded, RskgError
from rskg.store.workers.channel import Channel
from rskg.store.workers.frames import LISTEN, Head, Inbox, asked, opening
from rskg.store.workers.job import Job

LOW_PRIORITY = 10
#: What is heard of a worker that has done with what was sent away.
RESTED: Head = {"rested": True}
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
        #: Where the platform tells the worker's memory, once it was asked.
        self._statm: int | None = None
        self.job: Job | None = None
        self.followers: deque[Job] = deque()
        #: The worker threw away what followed a long query, and waits to be called.
        self._deaf = False
        #: What was sent away and the worker may still do: it hasn't said that it won't.
        self._unwanted: set[int] = set()
        self.started = 0.0
        self.idle_since = 0.0
        self.new_memory = 0
        #: When the worker's memory was looked at last, in monotonic time.
        self.seen = 0.0
        self.low = False
        self.doomed = False

    @property
    def finishing(self) -> bool:
        """True for a worker without a job that may still do what nobody wants of it."""
        return self.job is None and bool(self._unwanted) and not self.doomed

    def born(self, pid: int) -> None:
        """The worker's process is there."""
        self.pid = pid

    def start(self, job: Job) -> None:
        """Hand a job to the idle worker."""
        self.job = job
        self.started = time.monotonic()
        self._send(job)

    def follow(self, job: Job) -> None:
        """Hand a job to the busy worker, for when it is done; it needn't wait for us then."""
        self.followers.append(job)
        self._send(job)

    def next(self) -> Job | None:
        """The follower that the worker does now, if there is one."""
        if not self.followers:
            return None
        if self._deaf:
            for job in self.followers:
                self._send(job)
        self.job = self.followers.popleft()
        self.started = time.monotonic()
        return self.job

    def send_away(self) -> list[Job]:
        """The followers, which the worker won't do any more."""
        sent = list(self.followers)
        self.followers.clear()
        self._unwanted.update(job.number for job in sent)
        return sent

    def open(self, revision: int) -> None:
        """Have an idle worker open a revision ahead of the first question."""
        self._channel.send(opening(revision))

    def end(self, error: RskgError | None = None) -> None:
        """Kill the worker; its client, if it has one, hears `error`."""
        if self.job is not None and error is not None:
            self.job.fail(error)
        self._signal(signal.SIGKILL)
        self.doomed = True
        self._channel.resume()  # where its end is heard

    def rest(self) -> None:
        """Stop the worker in the middle of its work."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a resting worker continue."""
        self._signal(signal.SIGCONT)

    def pause(self) -> None:
        """Take no more from the worker, which waits as soon as its socket is full."""
        self._channel.pause()

    def resume(self) -> None:
        """Take from the worker again."""
        self._channel.resume()

    def lower(self) -> None:
        """Give the worker a low priority."""
        if not self.low and self.pid is not None and not self.doomed:
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self.pid, LOW_PRIORITY)
            self.low = True

    def lift(self) -> bool:
        """Give the worker its priority back; False where only the administrator may do that."""
        if self.low and self.pid is not None:
            try:
                with suppress(ProcessLookupError):
                    os.setpriority(os.PRIO_PROCESS, self.pid, 0)
            except PermissionError:
                return False
            self.low = False
        return True

    def memory(self) -> int:
        """The bytes of memory that the worker holds; 0 where the platform doesn't tell."""
        try:
            if self._statm is None:
                self._statm = os.open(f"/proc/{self.pid}/statm", os.O_RDONLY)
            return int(os.pread(self._statm, 100, 0).split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0

    def ended(self) -> bool:
        """True when the worker's process is no more; never where the platform doesn't tell."""
        return self.new_memory > 0 and self.memory() == 0

    def close(self) -> None:
        """Close the socket, at which an idle worker ends."""
        self.doomed = True
        self._channel.close()
        self._forget()

    def _read(self, piece: memoryview) -> None:
        try:
            for head, body in self._inbox.feed(piece):
                self._hear(head, body)
        except BudgetExceeded as error:
            self.end(error)

    def _hear(self, head: Head, body: bytes) -> None:
        if self.doomed:
            return
        self._deaf = "deaf" in head
        if self._deaf:
            self._unwanted.clear()
        if "ready" in head or (self.job is not None and self.job.number == head["number"]):
            self._heard(self, head, body)
        elif self._unwanted and "piece" not in head:
            self._unwanted.discard(head["number"])
            if self.job is None and not self._unwanted:
                self._heard(self, RESTED, b"")

    def _send(self, job: Job) -> None:
        call = LISTEN if self._deaf else b""
        self._deaf = False
        question = asked(job.ask, job.revision, job.budget, job.number, pieces=job.pieces)
        self._channel.send(call + question)

    def _forget(self) -> None:
        statm, self._statm = self._statm, None
        if statm is not None:
            os.close(statm)

    def _gone(self) -> None:
        self.doomed = True
        self._forget()
        self._lost(self)

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None and not self.doomed:
            with suppress(ProcessLookupError):  # it ended; that is heard at its socket
                os.kill(self.pid, number)
