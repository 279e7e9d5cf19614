"""Who has queries answered by an engine: so many at once, each asked by a process of its own.

A query keeps its place until the engine has answered; the line behind is fair by client. What
passes its budget, or whose client is gone, is killed, and with it the connection to the engine.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter

from rskg.errors import Overloaded, RskgError, WorkerLost
from rskg.store.budget import Budget
from rskg.store.workers import verdicts
from rskg.store.workers.answerer import Answerer
from rskg.store.workers.crew import Crew
from rskg.store.workers.fairness import FairQueue
from rskg.store.workers.fast import MOST_WAITING
from rskg.store.workers.frames import Head, answer_of, error_of
from rskg.store.workers.job import Job
from rskg.store.workers.lane import Lane
from rskg.store.workers.leaving import Departures
from rskg.store.workers.ledger import Ledger
from rskg.store.workers.nurse import Household
from rskg.store.workers.slow import MOST_SENDING, SlowLanes

#: How many queries the engine is asked at once, where the operator doesn't say.
AT_ONCE = 8
#: How often everything is looked at while a query runs, in seconds.
PULSE = 0.05


class Inquirer(Answerer):
    """Asks an engine by the workers of a household; at most `most` queries at once.

    A job is in the phase "fast" while the engine is asked and in a later one while a large answer
    is written and sent, which takes no place.
    """

    def __init__(self, household: Household, budget: Budget, most: int = AT_ONCE) -> None:
        super().__init__(budget)
        self._most = most
        self._ledger = Ledger()
        self._crew = Crew(household, budget.size, self._heard, self._died, self._queue)
        self._line: FairQueue[Job] = FairQueue(MOST_WAITING)
        # what goes there isn't asked of the engine any more: only sending is bounded
        self._sending = SlowLanes(most + MOST_SENDING, self._ledger, self._refuse)
        self._departures = Departures()
        self._timer: asyncio.TimerHandle | None = None

    def prepare(self) -> None:
        """Have the workers' nursery loaded."""
        self._crew.prepare()

    def start(self, revision: int | None = None) -> None:
        """Start the workers, which ask the engine once ahead of time."""
        self._crew.start(revision, self._most)

    def stop(self) -> None:
        """End every process; whoever still waits is told."""
        if self._timer is not None:
            self._timer.cancel()
        stopping = WorkerLost("the server is stopping")
        for job in list(self._line):
            job.fail(stopping)
        for lane in self._crew:
            lane.end(stopping)
        self._crew.stop()

    def publish(self, revision: int) -> None:
        """Have the workers ask of a new state."""
        self._crew.publish(revision)

    def state(self) -> dict[str, object]:
        """What runs, waits and is sent now, and what was counted since the start."""
        return {
            "isolated": self._crew.isolated,
            "workers": len(self._crew),
            **self._ledger.told(),
        }

    @property
    def counted(self) -> Counter[str]:
        """How many queries ended, by what they ended with."""
        return self._ledger.counted

    def _admit(self, job: Job) -> None:
        self._ledger.come(job)
        self._queue(job)
        self._next()
        if self._timer is None:
            self._look_again()

    def _queue(self, job: Job) -> None:
        refused = self._line.push(job.client, job)
        if refused is not None:
            own = self._line.beyond_share(refused.client)
            self._over(refused, self._overloaded(own=own))

    def _next(self) -> None:
        """Have those who wait asked, in turn by client, while there is room."""
        while self._line and self._ledger["fast"] < self._most:
            lane = self._crew.take()
            if lane is None:
                break
            job = self._line.pop()
            self._ledger.enter(job, "fast")
            lane.start(job)
            self._departures.watch(job)
        self._crew.keep(self._most - self._ledger["fast"])

    def _heard(self, lane: Lane, head: Head, body: bytes) -> None:
        """A worker is ready, has a piece of an answer, or is done with its job."""
        if lane.job is not None and "piece" in head:
            self._forward(lane, lane.job, head, body)
            return
        job, lane.job = lane.job, None
        if job is None and "ready" in head:
            lane.born(head["ready"])
            self._crew.ready(lane)
        else:
            if job is not None:
                self._done(lane, job, head, body)
            self._crew.give_back(lane, long=True)
        self._next()

    def _done(self, lane: Lane, job: Job, head: Head, body: bytes) -> None:
        if job.held_since is not None:
            self._sending.read_on(lane, job)
        if "error" in head:
            self._over(job, error_of(head))
        else:
            self._over(job)
            job.done(answer_of(head, body))

    def _forward(self, lane: Lane, job: Job, head: Head, body: bytes) -> None:
        """A piece of a large answer: the engine is done with it."""
        if job.phase == "fast":
            self._sending.take(lane, job)
            self._next()
        if job.phase != "over":
            self._sending.forward(lane, job, head, body)

    def _died(self, job: Job, status: int) -> None:
        """A worker ended by itself in the middle of a job."""
        self._over(job, job.verdict(status))
        self._next()

    def _refuse(self, lane: Lane, own: bool) -> None:
        if lane.job is not None:
            self._end(lane, lane.job, self._overloaded(own=own))

    def _end(self, lane: Lane, job: Job, error: RskgError) -> None:
        """Kill a worker; its client hears the error."""
        self._sending.forget(lane, job)
        self._over(job, error)
        lane.end()

    def _over(self, job: Job, error: RskgError | None = None) -> None:
        if self._ledger.over(job, error) and error is not None:
            job.fail(error)

    def _pulse(self) -> None:
        """Look at everything that runs or waits."""
        self._timer = None
        now = time.monotonic()
        for lane in self._crew:
            if lane.job is not None and not lane.doomed:
                self._look_at(lane, lane.job, now)
        for job in list(self._line):
            if job.late(now) or job.future.done():
                self._line.remove(job.client, job)
                self._over(job, self._overloaded())
        self._sending.wake()
        self._next()
        if self._ledger.busy:
            self._look_again()

    def _look_at(self, lane: Lane, job: Job, now: float) -> None:
        error = verdicts.doomed(lane, job, now)
        if job.phase == "sending" and lane.ended():
            self._sending.read_on(lane, job)  # that is where its end is heard
        elif error is not None:
            self._end(lane, job, error)

    def _look_again(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(PULSE, self._pulse)

    def _overloaded(self, *, own: bool = False) -> Overloaded:
        """The error for what finds no place, with the time when one is free at the latest."""
        now = time.monotonic()
        ends = [lane.job.left(now) for lane in self._crew if lane.job is not None]
        return Overloaded(max(1, math.ceil(min(ends, default=1.0))), own=own)
