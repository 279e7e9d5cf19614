"""What a look at a running query finds: whether it has to end, or to leave its fast lane."""

from __future__ import annotations

from rskg.errors import RskgError, WorkerLost
from rskg.store.workers.job import Job
from rskg.store.workers.lane import Lane

#: How long a query may stay in a fast lane, how long when others wait for one, and when its
#: priority sinks, in seconds.
SLICE = 0.05
SHORT_SLICE = 0.02
PATIENCE = 0.15
#: How old a query is when its memory is looked at first, and how long such a look is good, in
#: seconds; the operating system bounds what comes between two looks.
YOUNG = 0.01
GOOD = 0.04


def doomed(lane: Lane, job: Job, now: float) -> RskgError | None:
    """The error with which a job has to end now; None for one that may go on."""
    age = now - lane.started
    if job.late(now):
        return job.out_of_time()
    if job.waited(now) > job.budget.transfer:
        return job.out_of_patience()
    if age > SLICE and job.abandoned:
        return WorkerLost("the client is gone")
    if age > YOUNG and _grown(lane, job, now):
        return job.out_of_memory()
    return None


def allowance(*, crowd: bool) -> float:
    """How long a query may stay in a fast lane, in seconds; less when others wait for one."""
    return SHORT_SLICE if crowd else SLICE


def outstays(lane: Lane, job: Job, now: float, *, crowd: bool) -> bool:
    """True for a job that has had its time in a fast lane."""
    return job.phase == "fast" and now - lane.started >= allowance(crowd=crowd)


def sinks(lane: Lane, now: float) -> bool:
    """True for a job that has run so long that others come first."""
    return not lane.low and now - lane.started > PATIENCE


def _grown(lane: Lane, job: Job, now: float) -> bool:
    if now < lane.seen + GOOD or job.phase == "resting":
        return False
    lane.seen = now
    job.memory = max(job.memory, lane.memory() - lane.new_memory)
    return job.memory > job.budget.memory
