"""A job: a query on its way to an answer, and why it ended when its worker did."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Literal as OneOf

from rskg import confinement
from rskg.errors import BudgetExceeded, RskgError, WorkerLost
from rskg.store.answer import Answer
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.workers.flow import Flow

#: Where a job is: queued, in a fast lane, in a slow one, at rest until one is free, over.
#: "sending" is a worker that waits for the reader of its answer.
Phase = OneOf["waiting", "fast", "slow", "resting", "sending", "over"]
LONG_PHASES: tuple[Phase, ...] = ("slow", "resting", "sending")
PHASES: tuple[Phase, ...] = ("waiting", "fast", *LONG_PHASES)


@dataclass(eq=False, slots=True)
class Job:
    """A query on its way; `gone` returns when its client waits no more. Times are monotonic.

    With `pieces` its client takes a large answer as a flow, which is complete when it ends.
    """

    ask: Ask
    revision: int
    budget: Budget
    client: str
    future: asyncio.Future[Answer | Flow]
    gone: Callable[[], Awaitable[object]] | None = None
    pieces: bool = False
    flow: Flow | None = None
    #: The seconds that the worker had to wait for the reader, and since when it waits again.
    held_up: float = 0.0
    held_since: float | None = None
    handed_in: float = field(default_factory=time.monotonic)
    phase: Phase = "waiting"
    memory: int = 0
    number: int = field(default_factory=count(1).__next__)

    def left(self, now: float) -> float:
        """The seconds that it still has."""
        return self.handed_in + self.budget.seconds + self.waited(now) - now

    def late(self, now: float) -> bool:
        """True when its time is over."""
        return self.left(now) < 0

    def waited(self, now: float) -> float:
        """The seconds that its worker had to wait for the reader: they aren't the query's."""
        return self.held_up + (now - self.held_since if self.held_since is not None else 0.0)

    @property
    def abandoned(self) -> bool:
        """True when nobody waits for the answer, or for the rest of it."""
        return self.future.done() and (self.flow is None or self.flow.closed)

    def done(self, answer: Answer) -> None:
        """Tell its client the answer, or the rest of it, if that still waits."""
        if self.flow is not None:
            self.flow.put(answer.body)
            self.flow.end()
        elif not self.future.done():
            self.future.set_result(answer)

    def begin(self, flow: Flow) -> None:
        """Tell its client that the answer comes in pieces."""
        self.flow = flow
        if self.future.done():
            flow.close()  # its client left a moment ago
        else:
            self.future.set_result(flow)

    def fail(self, error: RskgError) -> None:
        """Tell its client an error, unless it has heard already."""
        if self.flow is not None:
            self.flow.end(error)
        elif not self.future.done():
            self.future.set_exception(error)

    def hold_up(self) -> None:
        """Its worker has to wait for the reader from now on."""
        self.held_since = time.monotonic()

    def set_free(self) -> None:
        """Its worker has to wait no more."""
        self.held_up, self.held_since = self.waited(time.monotonic()), None

    def out_of_time(self) -> BudgetExceeded:
        """The error for a job that is late."""
        now = time.monotonic()
        used = round(now - self.handed_in - self.waited(now), 3)
        return BudgetExceeded("time", self.budget.seconds, used)

    def out_of_patience(self) -> BudgetExceeded:
        """The error for a job whose reader takes too long."""
        used = round(self.waited(time.monotonic()), 3)
        return BudgetExceeded("transfer", self.budget.transfer, used)

    def out_of_memory(self) -> BudgetExceeded:
        """The error for a job that needs more memory than it may use."""
        return BudgetExceeded("memory", self.budget.memory, max(self.memory, self.budget.memory))

    def verdict(self, status: int) -> RskgError:
        """Why the worker ended, by what waitpid says of it."""
        spent = cause_of_death(status, self.budget, self.memory)
        return spent or WorkerLost("the process that evaluated the query ended; ask again")


def cause_of_death(
    status: int, budget: Budget, memory: int, what: str = "query"
) -> BudgetExceeded | None:
    """The budget that a worker ended for, by what waitpid says of it; None for no budget."""
    return confinement.cause_of_death(status, budget.memory, memory, what)
