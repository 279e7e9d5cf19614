"""Requests that were answered from memory before, byte by byte the same: answered by their bytes.

Whoever asks a question again mostly sends the very same bytes. What was written then can be
written now, as long as the revision is the same; nothing is parsed, and only the date is new.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.http.traffic import Traffic

#: The most bytes of a request, of an answer, and of all that is kept.
LONGEST = 8_000
LARGEST = 100_000
MOST = 16_000_000
#: In a request's scope, where its answer may be repeated: the revision and the query's text.
REPEATABLE = "rskg.repeatable"
_DATE = b"\r\ndate: "
_DATE_LENGTH = len(b"Sun, 06 Nov 1994 08:49:37 GMT")


@dataclass(frozen=True, slots=True)
class Repeat:
    """An answer as it was written, in two parts around the date, and what it answered."""

    before: bytes
    after: bytes
    body: int
    revision: int
    query: str


class Repeats:
    """The answers, by requests; whoever was not asked for longest goes first."""

    def __init__(self, evaluator: Evaluator, traffic: Traffic, most: int = MOST) -> None:
        self._evaluator, self._traffic, self._most = evaluator, traffic, most
        self._kept: OrderedDict[bytes, Repeat] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, request: bytes) -> bool:
        return request in self._kept

    def answer(self, request: bytes, date: bytes, client: str) -> bytes | None:
        """What to write for a request at a date (IMF-fixdate); None when it must be looked at."""
        kept = self._kept.get(request)
        if kept is None:
            return None
        begun = time.perf_counter()
        if kept.revision != self._evaluator.published():
            self._drop(request)
            return None
        self._kept.move_to_end(request)
        self._evaluator.cache.hits += 1
        self._traffic.answered(begun, kept.body, kept.revision, kept.query, client)
        return b"".join((kept.before, date, kept.after))

    def keep(self, request: bytes, told: tuple[int, str], head: bytes, body: bytes) -> None:
        """Remember what was written, head and body, in answer to a whole request."""
        place = head.find(_DATE)
        if place < 0 or len(body) > LARGEST or request in self._kept:
            return
        place += len(_DATE)
        revision, query = told
        after = head[place + _DATE_LENGTH :] + body
        self._kept[request] = Repeat(head[:place], after, len(body), revision, query)
        self._bytes += _size(request, self._kept[request])
        while self._bytes > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, request: bytes) -> None:
        self._bytes -= _size(request, self._kept.pop(request))


def _size(request: bytes, kept: Repeat) -> int:
    return len(request) + len(kept.before) + len(kept.after) + len(kept.query)
