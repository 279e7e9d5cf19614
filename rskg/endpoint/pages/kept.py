"""Pages that are the same for every reader of a revision in a language: written once, then kept."""

from __future__ import annotations

from collections import OrderedDict

#: A revision, a language, and the address.
Key = tuple[int, str, str]
#: How much of pages is kept, in bytes.
MOST_BYTES = 16_000_000


class Pages:
    """Pages up to `most` bytes in all; the one that was not asked for longest goes first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        """The page, or None where it has to be written."""
        page = self._kept.get(key)
        if page is not None:
            self._kept.move_to_end(key)
        return page

    def keep(self, key: Key, page: bytes) -> None:
        """Keep a page in the place of those that are asked for less."""
        self._bytes += len(page) - len(self._kept.pop(key, b""))
        self._kept[key] = page
        while self._bytes > self._most:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone)
