"""What a commit changed, in order, so that it can be done again on another copy of its base.

A text in the manner of RDF Patch: a line each for a quad added (`A`) or deleted (`D`), for a graph
made (`G`) or dropped (`X`, without a name the default graph).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

#: More quads than this aren't written down twice.
MOST = 100_000


class Step(NamedTuple):
    """Quads added or deleted, or a graph (None: the default one) made or dropped."""

    kind: str
    quads: frozenset[Quad] = frozenset()
    graph: str | None = None


class Journal:
    """Written while a draft is changed; `text` is None once something wasn't written down."""

    def __init__(self) -> None:
        self._lines: list[str] | None = []

    @property
    def text(self) -> str | None:
        """What was written, None when it isn't all that was done."""
        return None if self._lines is None else "".join(self._lines)

    def add(self, quads: Iterable[Quad]) -> None:
        """These quads were added."""
        self._write("A", quads)

    def delete(self, quads: Iterable[Quad]) -> None:
        """These quads were deleted."""
        self._write("D", quads)

    def create(self, graph: str) -> None:
        """A graph was made, empty."""
        if self._lines is not None:
            self._lines.append(f"G {NamedNode(graph)}\n")

    def drop(self, graph: str | None) -> None:
        """A graph was dropped."""
        if self._lines is not None:
            self._lines.append(f"X {NamedNode(graph)}\n" if graph else "X\n")

    def lose(self) -> None:
        """Something was done that nobody can tell."""
        self._lines = None

    def _write(self, kind: str, quads: Iterable[Quad]) -> None:
        if self._lines is None:
            return
        room = MOST - len(self._lines)
        new = [f"{kind} {quad} .\n" for quad in islice(quads, room + 1)]
        if len(new) > room:
            self.lose()
        else:
            self._lines += new


def steps(text: str) -> Iterator[Step]:
    """What a journal says was done, in order."""
    for kind, group in groupby(filter(None, text.split("\n")), key=lambda line: line[0]):
        lines = [line[2:] for line in group]
        if kind in ("G", "X"):
            yield from (Step(kind, graph=name[1:-1] or None) for name in lines)
        else:
            quads = frozenset(parse("\n".join(lines), RdfFormat.N_QUADS))
            yield Step(kind, quads)
