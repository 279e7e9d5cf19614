"""Differences of revisions for visitors: one at a time, in a process of its own, each kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from rskg.errors import Overloaded
from rskg.store import Revisions
from rskg.store.workers.chore import chore

KEPT = 64
MOST_WAITING = 8


class Comparisons:
    """Compares revisions within `seconds`; two revisions always differ in the same things."""

    def __init__(self, revisions: Revisions, seconds: float) -> None:
        self._root = revisions.root
        self._seconds = seconds
        self._kept: OrderedDict[tuple[int, int], object] = OrderedDict()
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def of(self, before: int, after: int) -> object:
        """The difference as JSON has it.

        Raises BudgetExceeded, Overloaded, StoreError or WorkerLost.
        """
        if self._waiting >= MOST_WAITING:
            raise Overloaded(max(1, round(self._seconds)))
        self._waiting += 1
        try:
            async with self._turn:
                return await self._made((before, after))
        finally:
            self._waiting -= 1

    async def _made(self, pair: tuple[int, int]) -> object:
        if pair not in self._kept:
            found = await chore("compare", self._root, *pair, seconds=self._seconds)
            self._kept[pair] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(pair)
        return self._kept[pair]
