"""The slow lanes: where queries go on that lasted longer than a slice of a fast lane.

At most so many run. The others rest, stopped in the middle of their work, until one is done. A
worker whose reader has enough for now waits too, and leaves its lane to others.
"""

from __future__ import annotations

from collections.abc import Callable

from rskg.store.workers.fairness import FairQueue
from rskg.store.workers.flow import Flow
from rskg.store.workers.frames import Head, answer_of
from rskg.store.workers.job import Job
from rskg.store.workers.lane import Lane
from rskg.store.workers.ledger import Ledger

#: How many may rest until a slow lane is free, and how many wait for the readers of their answers.
MOST_RESTING = 16
MOST_SENDING = 16


class SlowLanes:
    """Runs at most `most` at once; `refuse` ends a lane that finds no place.

    It is told whether the lane's client has more than its share of the places.
    """

    def __init__(self, most: int, ledger: Ledger, refuse: Callable[[Lane, bool], None]) -> None:
        self._most, self._ledger, self._refuse = most, ledger, refuse
        self._resting: FairQueue[Lane] = FairQueue(MOST_RESTING)
        self._sending: FairQueue[Lane] = FairQueue(MOST_SENDING)

    def __bool__(self) -> bool:
        """True while somebody rests."""
        return bool(self._resting)

    @property
    def _free(self) -> bool:
        return self._ledger["slow"] < self._most

    def take(self, lane: Lane, job: Job) -> None:
        """A query leaves its fast lane: it goes on here, or rests."""
        if self._free:
            self._ledger.enter(job, "slow")
        else:
            self._rest(lane, job)

    def wake(self) -> None:
        """Let those who rest go on while there is room, in turn by client."""
        while self._resting and self._free:
            lane = self._resting.pop()
            if lane.job is not None:
                self._ledger.enter(lane.job, "slow")
                lane.go_on()

    def forget(self, lane: Lane, job: Job) -> None:
        """A lane ends, wherever it waits."""
        self._resting.remove(job.client, lane)
        self._sending.remove(job.client, lane)

    def forward(self, lane: Lane, job: Job, head: Head, body: bytes) -> None:
        """Hand a piece of an answer on to the reader; when that has enough, its worker waits."""
        piece = answer_of(head, body)
        if job.flow is None:
            job.begin(Flow(piece.form, piece.format, lambda: self.read_on(lane, job)))
        if job.flow is None or job.flow.put(piece.body) or job.phase != "slow":
            return
        self._ledger.enter(job, "sending")
        job.hold_up()
        lane.pause()
        self._push(self._sending, lane, job)

    def read_on(self, lane: Lane, job: Job) -> None:
        """The reader of an answer wants more: its worker goes on as soon as there is room."""
        if not self._sending.remove(job.client, lane):
            return
        job.set_free()
        lane.resume()
        if lane.job is None or self._free:
            self._ledger.enter(job, "slow")
        else:
            self._rest(lane, job)

    def _rest(self, lane: Lane, job: Job) -> None:
        self._ledger.enter(job, "resting")
        lane.rest()
        self._push(self._resting, lane, job)

    def _push(self, queue: FairQueue[Lane], lane: Lane, job: Job) -> None:
        """Queue a lane; another one may have to go for it."""
        refused = queue.push(job.client, lane)
        if refused is not None and (going := refused.job) is not None:
            self._refuse(refused, queue.beyond_share(going.client))
