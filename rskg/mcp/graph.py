"""What the tools ask: the store that is served, or an endpoint somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from rskg.client.remote import RemoteSource
from rskg.client.source import ACCEPT
from rskg.endpoint.asking.evaluation import NOBODY, Ask, Caller, Evaluator
from rskg.endpoint.pages.beginning import beginning
from rskg.endpoint.pages.names import Catalogue, Names
from rskg.endpoint.pages.visit import TABLE_TYPE, page_queries
from rskg.store.revisions.holds import Holds
from rskg.syntax import SOLUTION_FORMATS, TSV, TableFormat, Term, format_named, rows_as

#: How much of an answer is looked at for a tool's, in bytes.
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Told:
    """The first bytes of an answer, whether there are more, and the revision that gave it.

    Rows are TSV, a truth is SPARQL's JSON, a graph is N-Triples or what the endpoint gives.
    """

    body: bytes
    form: str
    revision: int | None
    cut: bool = False


class Graph(Protocol):
    """Answers queries within their budget."""

    async def answer(self, query: str, bindings: Mapping[str, Term], caller: Caller) -> Told:
        """The answer for whoever asks; raises RskgError."""
        ...

    async def names(self) -> Names:
        """Every name in the graph; raises RskgError."""
        ...


class ServedGraph:
    """The newest revision of a store, asked through the same workers as `/sparql`."""

    def __init__(self, evaluator: Evaluator, holds: Holds, catalogue: Catalogue) -> None:
        self._evaluator, self._holds, self._catalogue = evaluator, holds, catalogue

    async def answer(self, query: str, bindings: Mapping[str, Term], caller: Caller) -> Told:
        """The answer for whoever asks; raises what the evaluator raises."""
        revision = self._evaluator.current()
        hold = self._holds.of(revision)
        ask = Ask(query, ACCEPT, bindings=tuple(bindings.items()))
        found = await self._evaluator.deliver(ask, revision, caller)
        begun = await beginning(found, MOST_BYTES)
        del hold
        return Told(begun.body, found.form, revision, begun.cut)

    async def names(self) -> Names:
        """The names of the newest revision, which search by name keeps."""
        revision = self._evaluator.current()

        async def told() -> bytes:
            ask = Ask(page_queries()["names"], TABLE_TYPE)
            return (await self._evaluator.answer(ask, revision)).body

        return await self._catalogue.of(revision, told)


class RemoteGraph:
    """A SPARQL endpoint at an address, which has budgets of its own."""

    def __init__(self, address: str) -> None:
        self._source = RemoteSource(address)
        self._catalogue = Catalogue()

    async def answer(self, query: str, bindings: Mapping[str, Term], caller: Caller) -> Told:
        """The complete answer; raises EndpointFailed."""
        found = await asyncio.to_thread(self._source.answer, query, bindings)
        return Told(found.body, found.form, self._source.revision)

    async def names(self) -> Names:
        """The names that the endpoint has, asked once a revision."""

        async def told() -> bytes:
            found = await self.answer(page_queries()["names"], {}, NOBODY)
            json = cast("TableFormat", format_named("json", SOLUTION_FORMATS))
            return rows_as(found.body, TSV, json) or b""

        return await self._catalogue.of(self._source.revision or 0, told)
