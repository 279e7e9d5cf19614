"""Who answers queries within their budget: the one interface that the endpoint asks.

`supervisor` has them evaluated on this machine, `rskg.store.inquiries` by an engine of others.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import cast

from rskg.store.answer import Answer
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.workers.flow import Flow
from rskg.store.workers.job import Job
from rskg.store.workers.leaving import leave

Gone = Callable[[], Awaitable[object]]


class Answerer(ABC):
    """Takes queries as jobs; what becomes of one is told by its future."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    @abstractmethod
    def prepare(self) -> None:
        """Have what answers loaded before there is a loop; `start` or `stop` follows."""

    @abstractmethod
    def start(self, revision: int | None = None) -> None:
        """Begin in the running loop; this revision is opened ahead of time."""

    @abstractmethod
    def stop(self) -> None:
        """End every process; whoever still waits is told."""

    @abstractmethod
    def publish(self, revision: int) -> None:
        """Have a new revision opened before anyone asks."""

    @abstractmethod
    def state(self) -> dict[str, object]:
        """What runs, waits and rests now, and what was counted since the start."""

    @property
    @abstractmethod
    def counted(self) -> Counter[str]:
        """How many queries ended, by what they ended with."""

    @abstractmethod
    def _admit(self, job: Job) -> None:
        """Take a job: it runs, or waits for its turn, or fails."""

    async def answer(
        self,
        ask: Ask,
        revision: int,
        *,
        client: str = "",
        timeout: str | None = None,
        gone: Gone | None = None,
    ) -> Answer:
        """The complete answer; `gone` returns when the client no longer waits for it.

        Raises what Reader.answer raises, and BudgetExceeded, Overloaded or WorkerLost.
        """
        job = self._job(ask, revision, client, timeout, gone)
        self._admit(job)
        return cast("Answer", await job.future)

    async def deliver(
        self,
        ask: Ask,
        revision: int,
        *,
        client: str = "",
        timeout: str | None = None,
        gone: Gone | None = None,
    ) -> Answer | Flow:
        """The complete answer, or a flow of its pieces when it is larger than `Budget.whole`.

        Raises what `answer` raises; a flow raises it in the middle.
        """
        future = self.hand_in(ask, revision, client=client, timeout=timeout, gone=gone)
        try:
            return await future
        except asyncio.CancelledError:
            leave(future)
            raise

    def hand_in(
        self,
        ask: Ask,
        revision: int,
        *,
        client: str = "",
        timeout: str | None = None,
        gone: Gone | None = None,
    ) -> asyncio.Future[Answer | Flow]:
        """What `deliver` will return or raise; for a caller that goes away: `leave`."""
        job = self._job(ask, revision, client, timeout, gone)
        job.pieces = True
        self._admit(job)
        return job.future

    def _job(
        self, ask: Ask, revision: int, client: str, timeout: str | None, gone: Gone | None
    ) -> Job:
        future = asyncio.get_running_loop().create_future()
        return Job(ask, revision, self.budget.lowered(timeout), client, future, gone)
