"""What is asked of a revision: a query's text with all that decides its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rskg.errors import RskgError
from rskg.syntax import Term


@dataclass(frozen=True)
class Call:
    """What a SERVICE block asks of an endpoint, and whether the query can do without."""

    iri: str
    query: str
    may_fail: bool


@dataclass(frozen=True)
class Reply:
    """What an endpoint replied: a table of results in SPARQL's JSON or XML format."""

    format_name: str
    body: str


class Elsewhere(RskgError):
    """A query whose SERVICE blocks have to be asked elsewhere before it is: `calls`."""

    def __init__(self, calls: tuple[Call, ...]) -> None:
        self.calls = calls
        super().__init__(f"asks {', '.join(call.iri for call in calls)} by SERVICE")


class Ask(NamedTuple):
    """A query's text with all that decides its answer at a given revision.

    `services` is None where SERVICE is refused, empty where it isn't and nobody was asked yet.
    """

    query: str
    accept: str | None = None
    format_name: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: tuple[tuple[str, Term], ...] = ()
    services: tuple[Reply | None, ...] | None = None
