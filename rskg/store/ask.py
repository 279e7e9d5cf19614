"""What is asked of a revision: a query's text with all that decides its answer."""

from __future__ import annotations

from dataclasses import dataclass

from rskg.syntax import Term


@dataclass(frozen=True)
class Ask:
    """A query's text with all that decides its answer at a given revision."""

    query: str
    accept: str | None = None
    format_name: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: tuple[tuple[str, Term], ...] = ()
