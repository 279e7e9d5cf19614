"""The one seam to the store: a query's text goes in, bytes come out.

Queries are evaluated and serialised by what `rskg.store.workers.answerer` describes; here equal
questions are answered from memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rskg.endpoint.asking.answer_cache import AnswerCache
from rskg.endpoint.asking.history import History
from rskg.errors import RskgError, UsageError
from rskg.store import Answer
from rskg.store.ask import Ask
from rskg.store.reach import mentions_service
from rskg.store.workers.answerer import Answerer
from rskg.store.workers.flow import Flow

__all__ = ["Ask", "Caller", "Evaluator", "NoRevision", "UnknownRevision"]


class NoRevision(RskgError):
    """The store holds nothing yet: it is being built, or nobody built it."""


class UnknownRevision(UsageError):
    """A revision that the store does not hold."""


@dataclass(frozen=True)
class Caller:
    """Who asks, how long they want to wait (`30s`), and what returns when they are gone."""

    name: str = ""
    timeout: str | None = None
    gone: Callable[[], Awaitable[object]] | None = None


NOBODY = Caller()


class Evaluator:
    """Answers queries at a revision; equal questions are answered from memory."""

    def __init__(self, history: History, answerer: Answerer, cache_bytes: int = 64_000_000) -> None:
        self._history = history
        self.answerer = answerer
        self.cache = AnswerCache(cache_bytes)
        self._newest: int | None = None

    def start(self) -> None:
        """Start the workers, in the running loop."""
        numbers = self._published()
        self.answerer.start(numbers[-1] if numbers else None)

    def stop(self) -> None:
        """End every worker."""
        self.answerer.stop()

    def current(self) -> int:
        """The number of the published revision."""
        numbers = self._published()
        if not numbers:
            raise NoRevision(
                "the store holds no revision yet: `rskg build` makes one; try again in a minute"
            )
        return numbers[-1]

    def published(self) -> int | None:
        """The number of the published revision, None for none."""
        numbers = self._published()
        return numbers[-1] if numbers else None

    async def answer(self, ask: Ask, revision: int, caller: Caller = NOBODY) -> Answer:
        """The complete answer, or an error; never a part of it."""
        kept = self._known(ask, revision, caller)
        if kept is not None:
            return kept
        answer = await self.answerer.answer(
            ask, revision, client=caller.name, timeout=caller.timeout, gone=caller.gone
        )
        self.cache.keep(ask, revision, answer)
        return answer

    async def deliver(self, ask: Ask, revision: int, caller: Caller = NOBODY) -> Answer | Flow:
        """The complete answer, or its pieces when it is large: those end in an error if it does."""
        kept = self._known(ask, revision, caller)
        if kept is not None:
            return kept
        answer = await self.answerer.deliver(
            ask, revision, client=caller.name, timeout=caller.timeout, gone=caller.gone
        )
        if isinstance(answer, Answer):
            self.cache.keep(ask, revision, answer)
        return answer

    async def require_ready(self) -> int:
        """The number of the published revision, of which a query was answered right now."""
        revision = self.current()
        await self.answerer.answer(Ask("ASK {}"), revision)
        return revision

    def hand_in(self, ask: Ask, revision: int, name: str) -> asyncio.Future[Answer | Flow] | None:
        """The answer to come for a caller of that name, who may `leave` it.

        None for a query that may have to ask elsewhere. Raises Overloaded.
        """
        if mentions_service(ask.query):
            return None
        return self.answerer.hand_in(ask, revision, client=name)

    def _known(self, ask: Ask, revision: int, caller: Caller) -> Answer | None:
        """The answer from memory; raises UnknownRevision for one that isn't published.

        A timeout that can't be had is refused there too: it depends on nothing that is kept.
        """
        self.answerer.budget.lowered(caller.timeout)
        kept = self.cache.get(ask, revision)
        if kept is None and revision != self._newest and revision not in self._published():
            raise UnknownRevision(f"There is no revision {revision}; see /revisions.")
        return kept

    def _published(self) -> Sequence[int]:
        """The published revisions; the workers are told of a new one."""
        numbers = self._history.numbers()
        newest = numbers[-1] if numbers else None
        if newest != self._newest:
            self._newest = newest
            if newest is not None:
                self.answerer.publish(newest)
        return numbers
