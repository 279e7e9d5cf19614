"""The supervisor: who gets which worker, for how long, and what becomes of what lasts too long.

So many short queries run at once as there are fast lanes. One that lasts longer than a slice
leaves its fast lane and a spare worker takes its place; it goes on in a slow lane, after a while
at a low priority, or rests until a slow lane is free. Whatever passes its budget is killed, and
only its own client hears of it. A large answer goes out in pieces; while its reader has enough,
the worker waits and leaves its lane to others. Everything here happens in one event loop.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rskg.errors import Overloaded, RskgError, WorkerLost
from rskg.store.budget import Budget
from rskg.store.workers import verdicts
from rskg.store.workers.answerer import Answerer
from rskg.store.workers.crew import Crew
from rskg.store.workers.fast import SPARES, FastLanes
from rskg.store.workers.frames import Head, answer_of, error_of
from rskg.store.workers.job import Job
from rskg.store.workers.lane import Lane
from rskg.store.workers.leaving import Departures
from rskg.store.workers.ledger import Ledger
from rskg.store.workers.nurse import of_store
from rskg.store.workers.slow import SlowLanes

#: How long a worker may take to do what was sent away, before it is replaced, in seconds.
FINISHING = 1.0
#: How often everything is looked at, in seconds: at most, while queries run, and while workers
#: idle that are too many.
SHORTEST = 0.01
PULSE = 0.05
REST = 2.0


class Supervisor(Answerer):
    """Has queries answered within their budget, in processes that it starts, times and kills."""

    def __init__(
        self,
        root: Path,
        prefixes: Mapping[str, str] | None = None,
        *,
        budget: Budget | None = None,
        lanes: int | None = None,
    ) -> None:
        super().__init__(budget or Budget())
        self._most = lanes or len(os.sched_getaffinity(0))
        household = of_store(root, self.budget.memory, prefixes or {})
        self._ledger = Ledger()
        self._crew = Crew(household, self.budget.size, self._heard, self._died, self._queue)
        self._fast = FastLanes(self._most, self._crew, self._ledger, self._turn_away)
        self._slow = SlowLanes(self._most, self._ledger, self._refuse)
        self._departures = Departures()
        self._timer: asyncio.TimerHandle | None = None
        #: After how long the next look is, in seconds; 0 when there is none to come.
        self._pace = 0.0

    def prepare(self) -> None:
        """Have the workers' nursery loaded before there is a loop; `start` or `stop` follows."""
        self._crew.prepare()

    def start(self, revision: int | None = None) -> None:
        """Start the workers in the running loop; they open this revision ahead of time."""
        self._crew.start(revision, self._most + SPARES)

    def stop(self) -> None:
        """End every process; whoever still waits is told."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._pace = None, 0.0
        stopping = WorkerLost("the server is stopping")
        for job in self._fast:
            job.fail(stopping)
        for lane in self._crew:
            lane.end(stopping)
        self._crew.stop()

    def publish(self, revision: int) -> None:
        """Have the workers open a new revision before anyone asks."""
        self._crew.publish(revision)

    def state(self) -> dict[str, object]:
        """What runs, waits and rests now, and what was counted since the start."""
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
        self._fast.admit(job)
        pace = verdicts.allowance(crowd=bool(self._fast))
        if not 0.0 < self._pace <= pace:
            self._look_in(pace)

    def _queue(self, job: Job) -> None:
        self._fast.queue(job)

    def _turn_away(self, job: Job, own: bool) -> None:
        """There is no place for a job in the line."""
        self._over(job, self._overloaded(own=own))

    def _over(self, job: Job, error: RskgError | None = None) -> None:
        """A job leaves; the counts keep what it ended with."""
        if self._ledger.over(job, error) and error is not None:
            job.fail(error)

    def _next(self) -> None:
        """Give free lanes to those who rest and wait, in turn by client."""
        self._slow.wake()
        self._fast.fill()

    def _heard(self, lane: Lane, head: Head, body: bytes) -> None:
        """A worker is ready, has a piece of an answer, or is done with its job."""
        if lane.job is not None and "piece" in head:
            self._forward(lane, lane.job, head, body)
            return
        job, lane.job = lane.job, None
        if job is None and "ready" in head:
            lane.born(head["ready"])
            self._crew.ready(lane)
        elif job is None:
            self._crew.give_back(lane, long=False)
        else:
            long = job.phase != "fast"
            if job.held_since is not None:
                self._slow.read_on(lane, job)
            if "error" in head:
                self._over(job, error_of(head))
            else:
                self._over(job)
                job.done(answer_of(head, body))
            if self._fast.go_on(lane):
                return
            self._crew.give_back(lane, long=long)
        if self._fast or self._slow:
            self._next()
            self._fast.send_ahead()

    def _forward(self, lane: Lane, job: Job, head: Head, body: bytes) -> None:
        """A piece of an answer that is large: no work for a fast lane."""
        if job.phase == "fast":
            self._leave_fast_lane(lane, job)
        if job.phase != "over":
            self._slow.forward(lane, job, head, body)

    def _died(self, job: Job, status: int) -> None:
        """A worker ended by itself in the middle of a job."""
        self._over(job, job.verdict(status))
        self._next()

    def _end(self, lane: Lane, job: Job, error: RskgError) -> None:
        """Kill a worker; its client hears the error."""
        self._slow.forget(lane, job)
        self._over(job, error)
        lane.end()
        self._fast.readmit(lane)

    def _refuse(self, lane: Lane, own: bool) -> None:
        """End a lane for which there is no place among the slow ones."""
        if lane.job is not None:
            self._end(lane, lane.job, self._overloaded(own=own))

    def _pulse(self) -> None:
        """Look at everything that runs, waits or rests."""
        now = time.monotonic()
        for lane in self._crew:
            if lane.finishing and now - lane.idle_since > FINISHING:
                lane.end()
            elif lane.job is not None and not lane.doomed:
                self._look_at(lane, lane.job, now)
        for job in self._fast:
            if job.late(now) or job.future.done():
                self._fast.drop(job)
                self._over(job, self._overloaded())
        self._next()
        self._timer, self._pace = None, 0.0
        if pause := self._pause(now):
            self._look_in(pause)

    def _look_in(self, seconds: float) -> None:
        """Have the next look no later than that."""
        if self._timer is not None:
            self._timer.cancel()
        self._pace = seconds
        self._timer = asyncio.get_running_loop().call_later(seconds, self._pulse)

    def _pause(self, now: float) -> float:
        """The seconds until the next look; 0 when there is nothing to look at."""
        lanes = self._crew.lanes
        begun = [lane.started for lane in lanes if lane.job and lane.job.phase == "fast"]
        if begun:
            over = min(begun) + verdicts.allowance(crowd=bool(self._fast)) - now
            return min(max(over, SHORTEST), PULSE)
        if self._ledger.busy or any(lane.finishing for lane in lanes):
            return PULSE
        return REST if self._crew.trim(now) else 0.0

    def _look_at(self, lane: Lane, job: Job, now: float) -> None:
        error = verdicts.doomed(lane, job, now)
        if job.phase == "sending" and lane.ended():
            self._slow.read_on(lane, job)  # that is where its end is heard
        elif error is not None:
            self._end(lane, job, error)
        elif verdicts.outstays(lane, job, now, crowd=bool(self._fast)):
            self._leave_fast_lane(lane, job)
        elif verdicts.sinks(lane, now):
            lane.lower()

    def _leave_fast_lane(self, lane: Lane, job: Job) -> None:
        self._fast.readmit(lane)
        self._departures.watch(job)
        self._slow.take(lane, job)

    def _overloaded(self, *, own: bool = False) -> Overloaded:
        """The error for what finds no place, with the time when one is free at the latest."""
        now = time.monotonic()
        ends = [lane.job.left(now) for lane in self._crew if lane.job is not None]
        return Overloaded(max(1, math.ceil(min(ends, default=1.0))), own=own)
