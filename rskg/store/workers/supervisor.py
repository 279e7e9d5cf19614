"""The supervisor: who gets which worker, for how long, and what becomes of what lasts too long.

So many short queries run at once as there are fast lanes. One that lasts longer than a slice
leaves its fast lane and a spare worker takes its place; it goes on in a slow lane, after a while
at a low priority, or rests until a slow lane is free. Whatever passes its budget is killed, and
only its own client hears of it. A large answer goes out in pieces; while its reader has enough,
the worker waits and leaves its lane to others. Everything here happens in one event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import cast

from rskg.errors import BudgetExceeded, Overloaded, RskgError, WorkerLost
from rskg.store.answer import Answer
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.workers.crew import Crew
from rskg.store.workers.fairness import FairQueue
from rskg.store.workers.flow import Flow
from rskg.store.workers.frames import Head, answer_of, error_of
from rskg.store.workers.job import LONG_PHASES, PHASES, Job, Phase
from rskg.store.workers.lane import Lane
from rskg.store.workers.nurse import Household

#: How long a query may stay in a fast lane, how long when others wait for one, and when its
#: priority sinks, in seconds.
SLICE = 0.05
SHORT_SLICE = 0.02
PATIENCE = 0.15
#: How long a worker may take to do what was sent away, before it is replaced, in seconds.
FINISHING = 1.0
#: How often running queries are looked at, and idle workers, in seconds.
PULSE = 0.01
REST = 2.0
#: Workers that wait beside the fast lanes.
SPARES = 3
#: How many may wait for a fast lane, and how many may rest until a slow one is free.
MOST_WAITING = 512
MOST_RESTING = 16
#: How many workers may wait for the readers of their answers.
MOST_SENDING = 16
#: How many short queries of one client may be on their way to a worker behind the one it does.
MOST_FOLLOWERS = 3

Gone = Callable[[], Awaitable[object]]


class Supervisor:
    """Has queries answered within their budget, in processes that it starts, times and kills."""

    def __init__(
        self,
        root: Path,
        prefixes: Mapping[str, str] | None = None,
        *,
        budget: Budget | None = None,
        lanes: int | None = None,
    ) -> None:
        self.budget = budget or Budget()
        self._most = lanes or len(os.sched_getaffinity(0))
        household = Household(root, self.budget.memory, prefixes or {})
        self._crew = Crew(household, self.budget.size, self._heard, self._died, self._queue)
        self._waiting: FairQueue[Job] = FairQueue(MOST_WAITING)
        self._resting: FairQueue[Lane] = FairQueue(MOST_RESTING)
        self._sending: FairQueue[Lane] = FairQueue(MOST_SENDING)
        self._phases: Counter[Phase] = Counter()
        self._watches: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.counted: Counter[str] = Counter()

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
            self._timer = None
        stopping = WorkerLost("the server is stopping")
        for job in self._waiting:
            job.fail(stopping)
        for lane in self._crew:
            lane.end(stopping)
        self._crew.stop()

    def publish(self, revision: int) -> None:
        """Have the workers open a new revision before anyone asks."""
        self._crew.publish(revision)

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

    def state(self) -> dict[str, object]:
        """What runs, waits and rests now, and what was counted since the start."""
        return {
            "isolated": self._crew.isolated,
            "workers": len(self._crew),
            **{phase: self._phases[phase] for phase in PHASES},
            **self.counted,
        }

    def _admit(self, job: Job) -> None:
        self._phases["waiting"] += 1
        lane = self._crew.take() if self._phases["fast"] < self._most else None
        if lane is not None:
            self._run(lane, job)
        elif not self._waiting and (ahead := self._shortest_line(job.client)) is not None:
            ahead.follow(job)
        else:
            self._queue(job)
            self._send_ahead()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PULSE, self._pulse)

    def _queue(self, job: Job) -> None:
        refused = self._waiting.push(job.client, job)
        if refused is not None:
            self._over(refused, self._overloaded(own=self._waiting.beyond_share(refused.client)))

    def _send_ahead(self) -> None:
        """Let queries follow on busy workers while all are short and nobody else waits.

        Each follows one of its own client; its worker needn't wait for us then.
        """
        while (client := self._waiting.only_client()) is not None:
            lane = self._shortest_line(client)
            if lane is None:
                return
            lane.follow(self._waiting.pop())

    def _shortest_line(self, client: str) -> Lane | None:
        if self._phases["slow"] or self._phases["resting"]:
            return None
        best, fewest = None, MOST_FOLLOWERS
        for lane in self._crew.lanes:
            job = lane.job
            if job is not None and job.client == client and job.phase == "fast" and not lane.doomed:
                followers = len(lane.followers)
                if followers < fewest:
                    best, fewest = lane, followers
        return best

    def _run(self, lane: Lane, job: Job) -> None:
        self._enter(job, "fast")
        lane.start(job)

    def _enter(self, job: Job, phase: Phase) -> None:
        self._phases[job.phase] -= 1
        self._phases[phase] += 1
        job.phase = phase

    def _over(self, job: Job, error: RskgError | None = None) -> None:
        """A job leaves; the counts keep what it ended with."""
        if job.phase == "over":
            return
        self._enter(job, "over")
        kind = error.budget if isinstance(error, BudgetExceeded) else type(error).__name__
        self.counted["answered" if error is None else kind] += 1
        if error is not None:
            job.fail(error)

    def _next(self) -> None:
        """Give free lanes to those who rest and wait, in turn by client."""
        while self._resting and self._phases["slow"] < self._most:
            lane = self._resting.pop()
            if lane.job is not None:
                self._enter(lane.job, "slow")
                lane.go_on()
        while self._waiting and self._phases["fast"] < self._most:
            free = self._crew.take()
            if free is None:
                break
            self._run(free, self._waiting.pop(self._patient()))
        self._crew.keep(self._most + SPARES - self._phases["fast"])

    def _patient(self) -> set[str]:
        """The clients that have long queries here already: others go before their next one."""
        jobs = (lane.job for lane in self._crew)
        return {job.client for job in jobs if job and job.phase in LONG_PHASES}

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
                self._read_on(lane, job)
            if "error" in head:
                self._over(job, error_of(head))
            else:
                self._over(job)
                job.done(answer_of(head, body))
            if (follower := lane.next()) is not None:
                self._enter(follower, "fast")
                self._send_ahead()
                return
            self._crew.give_back(lane, long=long)
        if self._waiting or self._resting:
            self._next()
            self._send_ahead()

    def _forward(self, lane: Lane, job: Job, head: Head, body: bytes) -> None:
        """Hand a piece on to the reader; when that has enough, its worker waits."""
        if job.phase == "fast":
            self._leave_fast_lane(lane, job)
        if job.phase == "over":
            return
        piece = answer_of(head, body)
        if job.flow is None:
            job.begin(Flow(piece.form, piece.format, lambda: self._read_on(lane, job)))
        if job.flow is None or job.flow.put(piece.body) or job.phase != "slow":
            return
        self._enter(job, "sending")
        job.hold_up()
        lane.pause()
        self._push(self._sending, lane, job)

    def _read_on(self, lane: Lane, job: Job) -> None:
        """The reader of an answer wants more: its worker goes on as soon as there is a lane."""
        if not self._sending.remove(job.client, lane):
            return
        job.set_free()
        lane.resume()
        if lane.job is None or self._phases["slow"] < self._most:
            self._enter(job, "slow")
        else:
            self._rest(lane, job)

    def _died(self, job: Job, status: int) -> None:
        """A worker ended by itself in the middle of a job."""
        self._over(job, job.verdict(status))
        self._next()

    def _end(self, lane: Lane, job: Job, error: RskgError) -> None:
        """Kill a worker; its client hears the error."""
        self._resting.remove(job.client, lane)
        self._sending.remove(job.client, lane)
        self._over(job, error)
        lane.end()
        self._readmit(lane)

    def _pulse(self) -> None:
        """Look at everything that runs, waits or rests."""
        now = time.monotonic()
        for lane in self._crew:
            if lane.finishing and now - lane.idle_since > FINISHING:
                lane.end()
            elif lane.job is not None and not lane.doomed:
                self._look_at(lane, lane.job, now)
        for job in [job for job in self._waiting if job.late(now) or job.future.done()]:
            self._waiting.remove(job.client, job)
            self._over(job, self._overloaded())
        self._next()
        busy = any(self._phases[phase] for phase in PHASES)
        busy = busy or any(lane.finishing for lane in self._crew.lanes)
        again = PULSE if busy else REST if self._crew.trim(now) else None
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(again, self._pulse) if again else None

    def _look_at(self, lane: Lane, job: Job, now: float) -> None:
        age = now - lane.started
        if job.late(now):
            self._end(lane, job, job.out_of_time())
        elif job.waited(now) > job.budget.transfer:
            self._end(lane, job, job.out_of_patience())
        elif age > SLICE and job.abandoned:
            self._end(lane, job, WorkerLost("the client is gone"))
        elif age > PULSE and self._grown(lane, job):
            self._end(lane, job, job.out_of_memory())
        elif age > (SLICE if not self._waiting else SHORT_SLICE) and job.phase == "fast":
            self._leave_fast_lane(lane, job)
        elif age > PATIENCE and not lane.low:
            lane.lower()

    def _readmit(self, lane: Lane) -> None:
        for follower in lane.send_away():
            self._queue(follower)

    def _leave_fast_lane(self, lane: Lane, job: Job) -> None:
        self._readmit(lane)
        if job.gone is not None:
            self._watch(job, job.gone)
        if self._phases["slow"] < self._most:
            self._enter(job, "slow")
        else:
            self._rest(lane, job)

    def _rest(self, lane: Lane, job: Job) -> None:
        self._enter(job, "resting")
        lane.rest()
        self._push(self._resting, lane, job)

    def _push(self, queue: FairQueue[Lane], lane: Lane, job: Job) -> None:
        """Queue a lane; whoever has to go for it is told whether it asked for too much."""
        refused = queue.push(job.client, lane)
        if refused is not None and (going := refused.job) is not None:
            self._end(refused, going, self._overloaded(own=queue.beyond_share(going.client)))

    def _grown(self, lane: Lane, job: Job) -> bool:
        job.memory = max(job.memory, lane.memory() - lane.new_memory)
        return job.memory > job.budget.memory

    def _watch(self, job: Job, gone: Gone) -> None:
        """Forget a long query when its client goes away."""

        async def watch() -> None:
            waiting = asyncio.ensure_future(gone())
            job.future.add_done_callback(lambda _: waiting.cancel())
            with contextlib.suppress(asyncio.CancelledError):
                await waiting
                job.fail(WorkerLost("the client is gone"))

        task = asyncio.get_running_loop().create_task(watch())
        self._watches.add(task)
        task.add_done_callback(self._watches.discard)

    def _overloaded(self, *, own: bool = False) -> Overloaded:
        """The error for what finds no place, with the time when one is free at the latest."""
        now = time.monotonic()
        ends = [lane.job.left(now) for lane in self._crew if lane.job is not None]
        return Overloaded(max(1, math.ceil(min(ends, default=1.0))), own=own)


def leave(future: asyncio.Future[Answer | Flow]) -> None:
    """Wait no more for what was handed in, nor for the rest of it."""
    if not future.cancel() and not future.cancelled() and future.exception() is None:
        answer = future.result()
        if isinstance(answer, Flow):
            answer.close()
