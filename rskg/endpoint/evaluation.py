"""The one seam to the store: a query's text goes in, bytes come out.

Evaluating and serialising happen in one call on one thread of a pool. Whatever replaces
the pool (processes that can be killed) replaces `_evaluate` and nothing else.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from rskg.errors import RskgError, UsageError
from rskg.store import Answer, Reader, Revisions
from rskg.syntax import Term

CACHE_BYTES = 64_000_000
LARGEST_CACHED = CACHE_BYTES // 8
OPEN_REVISIONS = 4


class NoRevision(RskgError):
    """The store holds nothing yet: it is being built, or nobody built it."""


class UnknownRevision(UsageError):
    """A revision that the store does not hold."""


@dataclass(frozen=True)
class Ask:
    """A query's text with all that decides its answer at a given revision."""

    query: str
    accept: str | None = None
    format_name: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: tuple[tuple[str, Term], ...] = ()


class Evaluator:
    """Answers queries at a revision; equal questions are answered from memory."""

    def __init__(self, revisions: Revisions) -> None:
        self._revisions = revisions
        self._readers: OrderedDict[int, Reader] = OrderedDict()
        self._opening = asyncio.Lock()
        self._kept: OrderedDict[tuple[int, Ask], Answer] = OrderedDict()
        self._kept_bytes = 0

    def current(self) -> int:
        """The number of the published revision."""
        number = self._revisions.current()
        if number is None:
            raise NoRevision(
                "the store holds no revision yet: `rskg build` makes one; try again in a minute"
            )
        return number

    async def answer(self, ask: Ask, revision: int) -> Answer:
        """The complete answer, or an error; never a part of it."""
        key = (revision, ask)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        reader = await self._reader(revision)
        answer = await run_in_threadpool(_evaluate, reader, ask)
        self._keep(key, answer)
        return answer

    async def _reader(self, number: int) -> Reader:
        async with self._opening:
            if number not in self._readers:
                if number not in self._revisions.numbers():
                    raise UnknownRevision(f"There is no revision {number}; see /revisions.")
                self._readers[number] = await run_in_threadpool(self._revisions.open, number)
                while len(self._readers) > OPEN_REVISIONS:
                    self._readers.popitem(last=False)
            self._readers.move_to_end(number)
            return self._readers[number]

    def _keep(self, key: tuple[int, Ask], answer: Answer) -> None:
        if len(answer.body) > LARGEST_CACHED or key in self._kept:
            return
        self._kept[key] = answer
        self._kept_bytes += len(answer.body)
        while self._kept_bytes > CACHE_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped.body)


def _evaluate(reader: Reader, ask: Ask) -> Answer:
    """Runs on a thread of the pool, and everything of the engine's ends there.

    An error leaves without its frames: they hold the engine's iterators, which may not be
    dropped on another thread.
    """
    try:
        return reader.answer(
            ask.query,
            ask.accept,
            format_name=ask.format_name,
            default_graphs=ask.default_graphs,
            named_graphs=ask.named_graphs,
            bindings=dict(ask.bindings) or None,
        )
    except RskgError as error:
        raise error.with_traceback(None) from None
