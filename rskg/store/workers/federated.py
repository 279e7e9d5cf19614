"""A supervisor whose queries may ask the services that an operator listed.

A worker says first what a query's SERVICE blocks ask; then they are asked from here, and the
worker gets the replies with the query. The time for all that is the query's own.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

from rskg.errors import Overloaded
from rskg.store.answer import Answer
from rskg.store.ask import Ask, Call, Elsewhere, Reply
from rskg.store.budget import Budget, budget_of_settings
from rskg.store.federation.client import Client
from rskg.store.federation.hosts import NOBODY, Listed
from rskg.store.reach import mentions_service
from rskg.store.revisions.history import Revisions
from rskg.store.workers.answerer import Gone
from rskg.store.workers.flow import Flow
from rskg.store.workers.supervisor import Supervisor

#: The part of what is left of a query's time in which services must have replied.
SHARE = 2 / 3
#: How many queries of one client may wait for services at once.
MOST_OF_A_CLIENT = 4

Outcome = TypeVar("Outcome", Answer, Answer | Flow)


class FederatedSupervisor(Supervisor):
    """Has queries answered, with what listed services reply where SERVICE asks them."""

    def __init__(
        self,
        root: Path,
        prefixes: Mapping[str, str] | None = None,
        *,
        listed: Listed,
        budget: Budget | None = None,
        lanes: int | None = None,
    ) -> None:
        super().__init__(root, prefixes, budget=budget, lanes=lanes)
        self._client = Client(listed)
        self._asking: Counter[str] = Counter()

    def stop(self) -> None:
        """End every process and every connection."""
        super().stop()
        self._client.close()

    async def answer(
        self,
        ask: Ask,
        revision: int,
        *,
        client: str = "",
        timeout: str | None = None,
        gone: Gone | None = None,
    ) -> Answer:
        """The complete answer; raises what Supervisor.answer raises, and ServiceFailed."""

        def asked(ask: Ask, timeout: str | None) -> Awaitable[Answer]:
            return Supervisor.answer(self, ask, revision, client=client, timeout=timeout, gone=gone)

        return await self._federated(asked, ask, client, timeout)

    async def deliver(
        self,
        ask: Ask,
        revision: int,
        *,
        client: str = "",
        timeout: str | None = None,
        gone: Gone | None = None,
    ) -> Answer | Flow:
        """The same in pieces when it is large."""

        def asked(ask: Ask, timeout: str | None) -> Awaitable[Answer | Flow]:
            return Supervisor.deliver(
                self, ask, revision, client=client, timeout=timeout, gone=gone
            )

        return await self._federated(asked, ask, client, timeout)

    async def _federated(
        self,
        asked: Callable[[Ask, str | None], Awaitable[Outcome]],
        ask: Ask,
        client: str,
        timeout: str | None,
    ) -> Outcome:
        if not mentions_service(ask.query):
            return await asked(ask, timeout)
        end = time.monotonic() + self.budget.lowered(timeout).seconds
        try:
            return await asked(ask._replace(services=()), timeout)
        except Elsewhere as needed:
            calls = needed.calls
        replies = await self._replies(calls, client, end)
        left = max(end - time.monotonic(), 0.001)
        return await asked(ask._replace(services=replies), f"{left:.3f}s")

    async def _replies(
        self, calls: tuple[Call, ...], client: str, end: float
    ) -> tuple[Reply | None, ...]:
        if self._asking[client] >= MOST_OF_A_CLIENT:
            raise Overloaded(1, own=True)
        self._asking[client] += 1
        try:
            seconds = max(end - time.monotonic(), 0) * SHARE
            return await asyncio.to_thread(self._client.replies, calls, seconds)
        finally:
            self._asking[client] -= 1
            self._asking += Counter()


def supervising(
    revisions: Revisions,
    prefixes: Mapping[str, str],
    lanes: int | None = None,
    listed: Listed = NOBODY,
) -> Supervisor:
    """The supervisor of a store by the operator's settings, federated when there is a list.

    The prefixes are known to queries of a built store. Raises UsageError for a bad setting.
    """
    root, budget = revisions.root, budget_of_settings()
    known = prefixes if revisions.mode == "built" else {}
    if not listed:
        return Supervisor(root, known, budget=budget, lanes=lanes)
    return FederatedSupervisor(root, known, listed=listed, budget=budget, lanes=lanes)
