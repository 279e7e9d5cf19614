"""A bounded queue that is fair by client: each client's first comes before anyone's second."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Collection, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Items by client, handed out in turn."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._lines: OrderedDict[str, deque[Item]] = OrderedDict()

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Item]:
        return (item for line in self._lines.values() for item in line)

    def only_client(self) -> str | None:
        """The client that waits, when all items are one client's."""
        return next(iter(self._lines)) if len(self._lines) == 1 else None

    def push(self, client: str, item: Item) -> Item | None:
        """Queue an item; when that is one too many, the one that has to go.

        It is the newest item of the client that has most of them, perhaps this very one.
        """
        self._lines.setdefault(client, deque()).append(item)
        self._size += 1
        if self._size <= self._most:
            return None
        most = max(len(line) for line in self._lines.values())
        if len(self._lines[client]) < most:
            client = next(name for name, line in self._lines.items() if len(line) == most)
        return self._taken(client, self._lines[client].pop())

    def beyond_share(self, client: str) -> bool:
        """True when the client whose item had to go has more than an equal share of the places."""
        clients = len(self._lines) + (client not in self._lines)
        had = len(self._lines.get(client, ())) + 1
        return had > max(1, self._most // clients)

    def pop(self, later: Collection[str] = ()) -> Item:
        """The oldest item of the client whose turn it is; those in `later` come after the others.

        Raises IndexError when there is none.
        """
        if not self._lines:
            raise IndexError("an empty queue")
        first = next(iter(self._lines))
        client = next((n for n in self._lines if n not in later), first) if later else first
        self._lines.move_to_end(client)
        return self._taken(client, self._lines[client].popleft())

    def remove(self, client: str, item: Item) -> bool:
        """Take an item out of turn; False when it isn't there."""
        line = self._lines.get(client)
        if line is None or item not in line:
            return False
        line.remove(item)
        self._taken(client, item)
        return True

    def _taken(self, client: str, item: Item) -> Item:
        self._size -= 1
        if not self._lines[client]:
            del self._lines[client]
        return item
