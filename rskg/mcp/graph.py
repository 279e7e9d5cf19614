"""What the tools ask: the store that is served, or an endpoint somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from rskg.client.remote import RemoteSource
from rskg.client.source import ACCEPT
from rskg.endpoint.asking.evaluation import NOBODY, Ask, Caller, Evaluator
from rskg.endpoint.asking.history import History
from rskg.endpoint.pages.beginning import beginning
from rskg.endpoint.pages.names import Catalogue, Names
from rskg.endpoint.pages.visit import TABLE_TYPE, page_queries
from rskg.errors import UsageError
from rskg.syntax import SOLUTION_FORMATS, TSV, TableFormat, Term, format_named, rows_as

#: How much of an answer is looked at for a tool's, in bytes.
MOST_BYTES = 1_000_000
_DIGITS, _MOST_REVISIONS = 9, 4


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

    async def answer(
        self, query: str, bindings: Mapping[str, Term], caller: Caller, revision: str = ""
    ) -> Told:
        """The answer of a revision, told by number or release, the newest for ""; for whoever asks.

        Raises RskgError.
        """
        ...

    async def names(self, revision: str = "") -> Names:
        """Every name in the graph; raises RskgError."""
        ...


class ServedGraph:
    """The revisions of a store, asked through the same workers as `/sparql`."""

    def __init__(self, revisions: History, evaluator: Evaluator, catalogue: Catalogue) -> None:
        self._revisions, self._evaluator, self._catalogue = revisions, evaluator, catalogue

    async def answer(
        self, query: str, bindings: Mapping[str, Term], caller: Caller, revision: str = ""
    ) -> Told:
        """The answer for whoever asks; raises what the evaluator raises, and UsageError."""
        number = self._number(revision)
        hold = self._revisions.of(number)
        ask = Ask(query, ACCEPT, bindings=tuple(bindings.items()))
        found = await self._evaluator.deliver(ask, number, caller)
        begun = await beginning(found, MOST_BYTES)
        del hold
        return Told(begun.body, found.form, number, begun.cut)

    async def names(self, revision: str = "") -> Names:
        """The names of a revision, which search by name keeps."""
        number = self._number(revision)
        hold = self._revisions.of(number)

        async def told() -> bytes:
            ask = Ask(page_queries()["names"], TABLE_TYPE)
            return (await self._evaluator.answer(ask, number)).body

        found = await self._catalogue.of(number, told)
        del hold
        return found

    def _number(self, revision: str) -> int:
        if not revision:
            return self._evaluator.current()
        number = self._revisions.names().get(revision)
        if number is None and revision.isascii() and revision.isdigit():
            number = int(revision[:_DIGITS])
        if number is None:
            raise UsageError(f"there is no revision or release {revision!r}")
        return number


class RemoteGraph:
    """A SPARQL endpoint at an address, which has budgets of its own."""

    def __init__(self, address: str) -> None:
        self._source = RemoteSource(address)
        self._catalogues: dict[str, Catalogue] = {"": Catalogue()}

    async def answer(
        self, query: str, bindings: Mapping[str, Term], caller: Caller, revision: str = ""
    ) -> Told:
        """The complete answer; raises EndpointFailed. Only endpoints of ours have revisions."""
        source = self._source.at(revision) if revision else self._source
        found = await asyncio.to_thread(source.answer, query, bindings)
        return Told(found.body, found.form, source.revision)

    async def names(self, revision: str = "") -> Names:
        """The names that the endpoint has, asked once a revision."""
        known = self._source.revision if not revision else 0

        async def told() -> bytes:
            found = await self.answer(page_queries()["names"], {}, NOBODY, revision)
            json = cast("TableFormat", format_named("json", SOLUTION_FORMATS))
            return rows_as(found.body, TSV, json) or b""

        if revision not in self._catalogues and len(self._catalogues) > _MOST_REVISIONS:
            self._catalogues = {"": self._catalogues[""]}
        return await self._catalogues.setdefault(revision, Catalogue()).of(known or 0, told)
