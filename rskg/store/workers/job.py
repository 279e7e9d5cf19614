"""A job: a query on its way to an answer, and why it ended when its worker did."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Literal as OneOf

from rskg.errors import BudgetExceeded, RskgError, WorkerLost
from rskg.store.answer import Answer
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.workers.confinement import OUT_OF_MEMORY

#: Where a job is: queued, in a fast lane, in a slow one, at rest until one is free, over.
Phase = OneOf["waiting", "fast", "slow", "resting", "over"]


@dataclass(eq=False)
class Job:
    """A query on its way; `gone` returns when its client waits no more. Times are monotonic."""

    ask: Ask
    revision: int
    budget: Budget
    client: str
    future: asyncio.Future[Answer]
    gone: Callable[[], Awaitable[object]] | None = None
    handed_in: float = field(default_factory=time.monotonic)
    phase: Phase = "waiting"
    memory: int = 0
    number: int = field(default_factory=count(1).__next__)

    def left(self, now: float) -> float:
        """The seconds that it still has."""
        return self.handed_in + self.budget.seconds - now

    def late(self, now: float) -> bool:
        """True when its time is over."""
        return self.left(now) < 0

    def done(self, answer: Answer) -> None:
        """Tell its client the answer, if that still waits."""
        if not self.future.done():
            self.future.set_result(answer)

    def fail(self, error: RskgError) -> None:
        """Tell its client an error, unless it has heard already."""
        if not self.future.done():
            self.future.set_exception(error)

    def out_of_time(self) -> BudgetExceeded:
        """The error for a job that is late."""
        used = round(time.monotonic() - self.handed_in, 3)
        return BudgetExceeded("time", self.budget.seconds, used)

    def out_of_memory(self) -> BudgetExceeded:
        """The error for a job that needs more memory than it may use."""
        return BudgetExceeded("memory", self.budget.memory, max(self.memory, self.budget.memory))

    def verdict(self, status: int) -> RskgError:
        """Why the worker ended, by what waitpid says of it.

        The engine aborts when memory is refused and breaks when a query nests deeper than the
        stack; the system kills when all memory is gone.
        """
        if status >= 0 and os.WIFSIGNALED(status):
            ended = os.WTERMSIG(status)
            if ended in (signal.SIGABRT, signal.SIGKILL):
                return self.out_of_memory()
            if ended in (signal.SIGSEGV, signal.SIGBUS):
                stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
                return BudgetExceeded("stack", stack, stack)
        if status >= 0 and os.waitstatus_to_exitcode(status) == OUT_OF_MEMORY:
            return self.out_of_memory()
        return WorkerLost("the process that evaluated the query ended; ask again")
