"""So many at once, a bounded line behind them that is fair by client: 429 and 503 beyond it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rskg.errors import Overloaded
from rskg.store.workers.fairness import FairQueue


@dataclass(eq=False)
class _Turn:
    """A client's wait for a place."""

    client: str
    come: asyncio.Future[None]


class Admission:
    """Places, and those who wait for one; to be used in one event loop."""

    def __init__(self, places: int, most_waiting: int, retry_after: int) -> None:
        self._free = places
        self._waiting: FairQueue[_Turn] = FairQueue(most_waiting)
        self._retry_after = retry_after

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """A place in turn, for as long as it is needed; raises Overloaded."""
        await self._wait(client)
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, client: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn = _Turn(client, asyncio.get_running_loop().create_future())
        refused = self._waiting.push(client, turn)
        if refused is not None and not refused.come.done():
            own = self._waiting.beyond_share(refused.client)
            refused.come.set_exception(Overloaded(self._retry_after, own=own))
        try:
            await turn.come
        except asyncio.CancelledError:
            waited = self._waiting.remove(client, turn)
            if not waited and not turn.come.cancelled() and turn.come.exception() is None:
                self._leave()  # the place came when nobody waited for it any more
            raise

    def _leave(self) -> None:
        while len(self._waiting):
            turn = self._waiting.pop()
            if not turn.come.done():
                turn.come.set_result(None)
                return
        self._free += 1
