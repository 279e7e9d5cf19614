"""The fast lanes: where every query begins, one a worker, and the line of those who wait for one.

A short query may be sent to a busy worker, behind the one that it does: it needn't wait for us
then. When that one turns out to be long, those behind it are sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rskg.store.workers.crew import Crew
from rskg.store.workers.fairness import FairQueue
from rskg.store.workers.job import LONG_PHASES, Job
from rskg.store.workers.lane import Lane
from rskg.store.workers.ledger import Ledger

#: Workers that wait beside the fast lanes.
SPARES = 3
#: How many may wait for a fast lane.
MOST_WAITING = 512
#: How many short queries of one client may be on their way to a worker behind the one it does.
MOST_FOLLOWERS = 3


class FastLanes:
    """Runs at most `most` at once; `refuse` hears of a job that finds no place in the line.

    It is told whether the job's client has more than its share of the places.
    """

    def __init__(
        self, most: int, crew: Crew, ledger: Ledger, refuse: Callable[[Job, bool], None]
    ) -> None:
        self._most, self._crew, self._ledger, self._refuse = most, crew, ledger, refuse
        self._waiting: FairQueue[Job] = FairQueue(MOST_WAITING)

    def __bool__(self) -> bool:
        """True while somebody waits."""
        return bool(self._waiting)

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._waiting))

    def admit(self, job: Job) -> None:
        """Run a new job, have it follow another of its client, or queue it."""
        lane = self._crew.take() if self._ledger["fast"] < self._most else None
        if lane is not None:
            self._ledger.enter(job, "fast")
            lane.start(job)
        elif not self._waiting and (ahead := self._shortest_line(job.client)) is not None:
            ahead.follow(job)
        else:
            self.queue(job)
            self.send_ahead()

    def queue(self, job: Job) -> None:
        """Let a job wait in turn by client."""
        refused = self._waiting.push(job.client, job)
        if refused is not None:
            self._refuse(refused, self._waiting.beyond_share(refused.client))

    def drop(self, job: Job) -> None:
        """A job waits no more."""
        self._waiting.remove(job.client, job)

    def fill(self) -> None:
        """Give free lanes to those who wait, and have spare workers there for the next."""
        while self._waiting and self._ledger["fast"] < self._most:
            free = self._crew.take()
            if free is None:
                break
            job = self._waiting.pop(self._patient())
            self._ledger.enter(job, "fast")
            free.start(job)
        self._crew.keep(self._most + SPARES - self._ledger["fast"])

    def go_on(self, lane: Lane) -> bool:
        """A worker is done with its job: True when it does one that followed."""
        follower = lane.next()
        if follower is None:
            return False
        self._ledger.enter(follower, "fast")
        self.send_ahead()
        return True

    def readmit(self, lane: Lane) -> None:
        """Queue again who followed on a lane that does long work, or ends."""
        for follower in lane.send_away():
            self.queue(follower)

    def send_ahead(self) -> None:
        """Let queries follow on busy workers while all are short and nobody else waits.

        Each follows one of its own client.
        """
        while (client := self._waiting.only_client()) is not None:
            lane = self._shortest_line(client)
            if lane is None:
                return
            lane.follow(self._waiting.pop())

    def _shortest_line(self, client: str) -> Lane | None:
        if self._ledger.crowded:
            return None
        best, fewest = None, MOST_FOLLOWERS
        for lane in self._crew.lanes:
            job = lane.job
            if job is not None and job.client == client and job.phase == "fast" and not lane.doomed:
                followers = len(lane.followers)
                if followers < fewest:
                    best, fewest = lane, followers
        return best

    def _patient(self) -> set[str]:
        """The clients that have long queries here already: others go before their next one."""
        jobs = (lane.job for lane in self._crew)
        return {job.client for job in jobs if job and job.phase in LONG_PHASES}
