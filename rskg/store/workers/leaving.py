"""Clients that go away before their answer is complete."""

from __future__ import annotations

import asyncio
import contextlib

from rskg.errors import WorkerLost
from rskg.store.answer import Answer
from rskg.store.workers.flow import Flow
from rskg.store.workers.job import Job


def leave(future: asyncio.Future[Answer | Flow]) -> None:
    """Wait no more for what was handed in, nor for the rest of it."""
    if not future.cancel() and not future.cancelled() and future.exception() is None:
        answer = future.result()
        if isinstance(answer, Flow):
            answer.close()


class Departures:
    """Watches whether the clients of long queries are still there."""

    def __init__(self) -> None:
        self._watches: set[asyncio.Task[None]] = set()

    def watch(self, job: Job) -> None:
        """Have a job fail as soon as its client is gone, where that can be told."""
        if job.gone is None:
            return
        task = asyncio.get_running_loop().create_task(self._watched(job))
        self._watches.add(task)
        task.add_done_callback(self._watches.discard)

    async def _watched(self, job: Job) -> None:
        if job.gone is None:
            return
        waiting = asyncio.ensure_future(job.gone())
        job.future.add_done_callback(lambda _: waiting.cancel())
        with contextlib.suppress(asyncio.CancelledError):
            await waiting
            job.fail(WorkerLost("the client is gone"))
