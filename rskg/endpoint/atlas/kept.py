"""What is worked out once a revision and shared by all who ask meanwhile."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The values that were asked for last, by key; one that failed is made anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: OrderedDict[tuple[object, ...], asyncio.Task[T]] = OrderedDict()

    async def of(self, key: tuple[object, ...], make: Callable[[], Awaitable[T]]) -> T:
        """The value of a key; raises what making it raised."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[key] = asyncio.create_task(_made(make))
            while len(self._tasks) > self._most:
                self._tasks.popitem(last=False)
        self._tasks.move_to_end(key)
        return await asyncio.shield(task)


async def _made(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
