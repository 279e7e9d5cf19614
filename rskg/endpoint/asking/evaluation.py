"""The one seam to the store: a query's text goes in, bytes come out.

Queries are evaluated and serialised in processes that `rskg.store.workers.supervisor` starts,
times and kills; here equal questions are answered from memory.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rskg.endpoint.asking.answer_cache import AnswerCache
from rskg.errors import RskgError, UsageError
from rskg.store import Answer, Revisions
from rskg.store.ask import Ask
from rskg.store.reach import mentions_service
from rskg.store.workers.flow import Flow
from rskg.store.workers.supervisor import Supervisor

__all__ = ["Ask", "Caller", "Evaluator", "NoRevision", "UnknownRevision"]

#: A folder that changed less than this ago may change again without looking changed.
UNSETTLED_NS = 50_000_000


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

    def __init__(
        self, revisions: Revisions, supervisor: Supervisor, cache_bytes: int = 64_000_000
    ) -> None:
        self._revisions = revisions
        self._folder = str(revisions.folder)
        self.supervisor = supervisor
        self.cache = AnswerCache(cache_bytes)
        self._numbers: list[int] = []
        self._newest: int | None = None
        self._read_at = 0

    def start(self) -> None:
        """Start the workers, in the running loop."""
        numbers = self._published()
        self.supervisor.start(numbers[-1] if numbers else None)

    def stop(self) -> None:
        """End every worker."""
        self.supervisor.stop()

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
        answer = await self.supervisor.answer(
            ask, revision, client=caller.name, timeout=caller.timeout, gone=caller.gone
        )
        self.cache.keep(ask, revision, answer)
        return answer

    async def deliver(self, ask: Ask, revision: int, caller: Caller = NOBODY) -> Answer | Flow:
        """The complete answer, or its pieces when it is large: those end in an error if it does."""
        kept = self._known(ask, revision, caller)
        if kept is not None:
            return kept
        answer = await self.supervisor.deliver(
            ask, revision, client=caller.name, timeout=caller.timeout, gone=caller.gone
        )
        if isinstance(answer, Answer):
            self.cache.keep(ask, revision, answer)
        return answer

    def hand_in(self, ask: Ask, revision: int, name: str) -> asyncio.Future[Answer | Flow] | None:
        """The answer to come for a caller of that name, who may `leave` it.

        None for a query that may have to ask elsewhere. Raises Overloaded.
        """
        if mentions_service(ask.query):
            return None
        return self.supervisor.hand_in(ask, revision, client=name)

    def _known(self, ask: Ask, revision: int, caller: Caller) -> Answer | None:
        """The answer from memory; raises UnknownRevision for one that isn't published.

        A timeout that can't be had is refused there too: it depends on nothing that is kept.
        """
        self.supervisor.budget.lowered(caller.timeout)
        kept = self.cache.get(ask, revision)
        if kept is None and revision != self._newest and revision not in self._published():
            raise UnknownRevision(f"There is no revision {revision}; see /revisions.")
        return kept

    def _published(self) -> list[int]:
        """The published revisions; their folder is read again only when it changed."""
        try:
            changed = os.stat(self._folder).st_mtime_ns
        except FileNotFoundError:
            return []
        if changed != self._read_at:
            numbers = self._revisions.numbers()
            if numbers and numbers[-1] != self._newest:
                self.supervisor.publish(numbers[-1])
            self._numbers, self._newest = numbers, numbers[-1] if numbers else None
            settled = time.time_ns() - changed > UNSETTLED_NS
            self._read_at = changed if settled else 0
        return self._numbers
