"""The crew: the workers that are there, those that wait for work and those still to be born."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial

from rskg.store.workers.frames import Head
from rskg.store.workers.job import Job
from rskg.store.workers.lane import Lane
from rskg.store.workers.nurse import Household, Nurse, Opened, opened
from rskg.store.workers.nursery import UNKNOWN

#: How long a worker beyond those wanted may idle, in seconds.
IDLE_SECONDS = 10.0
#: A worker that holds this much more than when it was new is replaced.
FAT = 64_000_000
#: How long a nursery that ended is waited for until the next one starts, in seconds.
PAUSE = 1.0
#: How long the newest revision must have been the newest to be opened ahead, in seconds.
SETTLED = 0.1

Heard = Callable[[Lane, Head, bytes], None]
Died = Callable[[Job, int], None]


class Crew:
    """Keeps as many idle workers as wanted.

    Tells `heard` what they say, `died` whose worker ended, `readmit` who was to be next there.
    """

    def __init__(
        self,
        household: Household,
        largest_answer: int,
        heard: Heard,
        died: Died,
        readmit: Callable[[Job], None],
    ) -> None:
        self._household = household
        self._largest = largest_answer
        self._heard, self._died, self._readmit = heard, died, readmit
        self._nurse: Nurse | None = None
        self._opened: Opened | None = None
        #: Every worker that is there or on its way.
        self.lanes: set[Lane] = set()
        self._idle: list[Lane] = []
        self._unborn: set[Lane] = set()
        self._failing: dict[int, Job] = {}
        self._wanted = 0
        self._stopped = False
        self._revision: int | None = None
        self._opening: asyncio.TimerHandle | None = None

    def __iter__(self) -> Iterator[Lane]:
        return iter(list(self.lanes))

    @property
    def isolated(self) -> bool | None:
        """Whether workers are cut from the network; None until that is known."""
        return self._nurse.isolated if self._nurse else None

    def __len__(self) -> int:
        return len(self.lanes)

    def prepare(self) -> None:
        """Open the nursery ahead of the loop, so that it loads while others do."""
        if self._opened is None:
            self._opened = opened(self._household)

    def start(self, revision: int | None, idle: int) -> None:
        """Talk to the nursery in the running loop and have `idle` workers born."""
        self._stopped, self._revision = False, revision
        nursery, self._opened = self._opened or opened(self._household), None
        self._nurse = Nurse(nursery, self._orphaned)
        self.keep(idle)

    def stop(self) -> None:
        """End every worker and the nursery."""
        nurse, self._nurse, self._stopped = self._nurse, None, True
        if self._opened is not None:
            self._opened.stop()
            self._opened = None
        if self._opening is not None:
            self._opening.cancel()
        for lane in self:
            lane.end()
            lane.close()
        self.lanes.clear()
        self._idle.clear()
        self._unborn.clear()
        if nurse is not None:
            nurse.stop()

    def keep(self, idle: int) -> None:
        """Have workers born until `idle` are ready or on their way."""
        self._wanted = idle
        finishing = sum(lane.finishing for lane in self.lanes)
        for _ in range(idle - len(self._idle) - len(self._unborn) - finishing):
            self._bear()

    def publish(self, revision: int) -> None:
        """Open a new revision in every idle worker, as soon as none newer comes.

        Whoever is asked for it before opens it then; while one commit follows another, opening
        each in every worker would cost more than the commits.
        """
        self._revision = revision
        if self._opening is not None:
            self._opening.cancel()
        self._opening = asyncio.get_running_loop().call_later(SETTLED, self._open, revision)

    def _open(self, revision: int) -> None:
        for lane in self._idle:
            lane.open(revision)

    def take(self) -> Lane | None:
        """An idle worker, the one that rested least."""
        return self._idle.pop() if self._idle else None

    def give_back(self, lane: Lane, *, long: bool) -> None:
        """A worker is done; after long work it is looked at, and replaced when it isn't as new.

        One that may still do what was sent away is given back again when it has done with that.
        """
        if long and not self._as_new(lane):
            lane.end()
            return
        lane.idle_since = time.monotonic()
        if not lane.finishing:
            self._idle.append(lane)

    def ready(self, lane: Lane) -> None:
        """A new worker says that it is ready."""
        self._unborn.discard(lane)
        lane.new_memory = lane.memory()
        self.give_back(lane, long=False)

    def trim(self, now: float) -> bool:
        """End workers that nobody needed for a while; True while there are too many."""
        surplus = len(self._idle) - self._wanted
        for lane in self._idle[: max(surplus, 0)]:
            if now - lane.idle_since > IDLE_SECONDS:
                self._idle.remove(lane)
                lane.end()
                surplus -= 1
        return surplus > 0

    def _as_new(self, lane: Lane) -> bool:
        return lane.lift() and lane.memory() - lane.new_memory <= FAT

    def _bear(self) -> None:
        if self._nurse is None:
            return
        ours, theirs = socket.socketpair()
        lane = Lane(ours, self._largest, self._heard, self._gone)
        self.lanes.add(lane)
        self._unborn.add(lane)
        with theirs:
            self._nurse.bear(theirs, self._revision, lane.born)

    def _gone(self, lane: Lane) -> None:
        """A worker's socket closed: free its pid, and hear why when its job isn't over."""
        lane.doomed = True
        self.lanes.discard(lane)
        self._unborn.discard(lane)
        if lane in self._idle:
            self._idle.remove(lane)
        job, lane.job = lane.job, None
        for follower in lane.send_away():
            self._readmit(follower)
        if self._nurse is None or lane.pid is None:
            self._tell(job, UNKNOWN)
        else:
            if job is not None:
                self._failing[lane.pid] = job
            self._nurse.bury(lane.pid, partial(self._buried, lane.pid))

    def _buried(self, pid: int, status: int) -> None:
        self._tell(self._failing.pop(pid, None), status)

    def _tell(self, job: Job | None, status: int) -> None:
        if job is not None:
            self._died(job, status)

    def _orphaned(self) -> None:
        """The nursery ended by itself: its workers end too, and another one opens soon."""
        self._nurse = None
        for pid in list(self._failing):
            self._buried(pid, UNKNOWN)
        asyncio.get_running_loop().call_later(PAUSE, self._reopen)

    def _reopen(self) -> None:
        if not self._stopped:
            self.start(self._revision, self._wanted)
