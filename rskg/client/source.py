"""What a graph is asked of: a store on this machine here, an endpoint in `remote`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from rdflib import Dataset

from rskg.errors import UsageError
from rskg.store import Answer, Revisions
from rskg.store.view import dataset
from rskg.syntax import Term

#: The answers that a Result reads: rows with every term written out, truths, triples.
ACCEPT = (
    "text/tab-separated-values, application/sparql-results+json;q=0.9, application/n-triples;q=0.8"
)


class Source(Protocol):
    """Answers queries at one revision."""

    #: Where it is: a folder or an address.
    name: str
    #: What is asked; None where the service doesn't tell.
    revision: int | None
    #: Prefixes that need no declaration, as far as is known.
    prefixes: Mapping[str, str]

    def answer(self, query: str, bindings: Mapping[str, Term]) -> Answer:
        """The complete answer, in one of the formats of ACCEPT; raises RskgError."""
        ...

    def at(self, revision: int | str) -> Source:
        """The same at another revision, by number or release; raises RskgError."""
        ...

    def dataset(self) -> Dataset:
        """All graphs, as rdflib sees them, read-only; raises RskgError."""
        ...


class StoreSource:
    """A revision of a store on this machine, the newest unless told."""

    def __init__(
        self, root: Path, prefixes: Mapping[str, str], revision: int | str | None = None
    ) -> None:
        self._revisions = Revisions(root, prefixes)
        self.prefixes = prefixes
        number = None if revision is None else self._revisions.find(str(revision))
        self._reader = self._revisions.open(number)
        self.name = str(root)
        self.revision: int | None = self._reader.number

    def answer(self, query: str, bindings: Mapping[str, Term]) -> Answer:
        """The complete answer; raises QuerySyntaxError or RefusedFeature."""
        return self._reader.answer(query, ACCEPT, bindings=bindings)

    def at(self, revision: int | str) -> StoreSource:
        """The same store at another revision; raises UsageError for an unknown one."""
        return StoreSource(Path(self.name), self.prefixes, revision)

    def dataset(self) -> Dataset:
        """All graphs, through oxrdflib."""
        return dataset(self._reader)


def no_dataset(name: str) -> UsageError:
    """The error for a graph that isn't on this machine."""
    return UsageError(
        f"{name} is not a store on this machine: ask it for the graph with a CONSTRUCT query "
        "and `.to_rdflib()`"
    )
