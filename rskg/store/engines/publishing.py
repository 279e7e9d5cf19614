"""A revision moved to an engine: into staging graphs first, then all of them into their places.

Readers of the engine never see half of what is loaded. What was loaded stays when something fails,
so that the same build goes on from there. A graph of state says what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from rskg.errors import EndpointFailed
from rskg.namespaces import GRAPH
from rskg.store.engines.engine import MERGED, STAGING, Engine
from rskg.store.engines.standing import STATE, say, standing
from rskg.store.local import Reader
from rskg.syntax import NamedNode

#: Told of each graph: its name, its triples, and what came of it.
Progress = Callable[[str, int, str], None]


@dataclass(frozen=True)
class Published:
    """What stands in an engine: the graphs and triples of it, and those that had to be loaded."""

    name: str
    graphs: int
    triples: int
    loaded: int


def publish(
    reader: Reader, engine: Engine, progress: Progress = lambda *_: None, source: str = ""
) -> Published:
    """Make the engine hold what the revision holds, and none of our graphs beside it.

    `source` is the revision's identity, from which later differences begin. Raises EndpointFailed
    where the engine refuses, ends, or counts otherwise than we do.
    """
    return _Publication(reader, engine, progress, source).run()


class _Publication:
    """One revision on its way to one engine."""

    def __init__(self, reader: Reader, engine: Engine, progress: Progress, source: str) -> None:
        self._reader, self._engine, self._progress = reader, engine, progress
        self._source = source
        merged = "default" if engine.profile.default_graph == "own" else MERGED
        self._sizes = {merged: reader.size(), **dict(sorted(reader.sizes().items()))}
        self._name = self._digest()
        self._before = standing(engine)

    def run(self) -> Published:
        triples = sum(self._sizes.values())
        if self._before.whole and self._before.name == self._name:
            if self._before.source != self._source:
                say(self._engine, replace(self._before, source=self._source))
            return Published(self._name, len(self._sizes), triples, 0)
        loaded = sum(map(self._staged, self._sizes))
        say(self._engine, self._before.changing(self._name))
        for graph in self._sizes:
            self._move(graph)
        self._engine.forget()
        for graph in sorted({*self._engine.graphs()} - {*self._sizes}):
            self._engine.update(f"DROP SILENT GRAPH <{graph}>")
        size = next(iter(self._sizes.values()))  # of the merge, which comes first
        note = f"build {self._name}"
        say(self._engine, self._before.next(self._name, note, size, self._source))
        self._engine.forget()
        for graph in _left_over(self._engine):
            self._engine.update(f"DROP SILENT GRAPH <{graph}>")
        return Published(self._name, len(self._sizes), triples, loaded)

    def _digest(self) -> str:
        """A name for a revision's content, the same for the same content."""
        whole = sha256()
        for graph in self._sizes:
            lines = sorted(self._lines(graph).splitlines())
            whole.update(graph.encode() + b"\n" + sha256(b"\n".join(lines)).digest())
        return whole.hexdigest()[:16]

    def _lines(self, graph: str) -> bytes:
        pattern = "?s ?p ?o"
        if graph not in ("default", MERGED):
            pattern = f"GRAPH <{graph}> {{ {pattern} }}"
        return self._reader.construct_lines(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")

    def _staged(self, graph: str) -> int:
        """Load a graph unless it is there; returns the triples loaded."""
        stage, size = self._stage(graph), self._sizes[graph]
        there = self._engine.count(stage)
        if there == size:
            self._progress(graph, size, "is there")
            return 0
        moving = not self._before.whole and self._before.name == self._name
        if moving and self._stands(graph):
            self._progress(graph, size, "is in its place")
            return 0
        if there:
            self._engine.update(f"DROP SILENT GRAPH <{stage}>")
        for lines in chunks(self._lines(graph), self._engine.profile.chunk):
            self._engine.load(stage, lines)
        counted = self._engine.count(stage)
        if counted != size:
            raise EndpointFailed(
                self._engine.name,
                f"of {size:,} triples of <{graph}> it took {counted:,}; nothing was moved",
            )
        self._progress(graph, size, "loaded")
        return size

    def _stands(self, graph: str) -> bool:
        return self._engine.count(None if graph == "default" else graph) == self._sizes[graph]

    def _move(self, graph: str) -> None:
        stage = self._stage(graph)
        if self._engine.count(stage) == self._sizes[graph]:
            place = "DEFAULT" if graph == "default" else f"GRAPH <{graph}>"
            self._engine.update(f"MOVE GRAPH <{stage}> TO {place}")

    def _stage(self, graph: str) -> str:
        return f"{STAGING}{self._name}/{graph.removeprefix(GRAPH)}"


def _left_over(engine: Engine) -> list[str]:
    """What was staged for states that never came to stand here."""
    rows = engine.rows(
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )
    found = {row["g"].value for row in rows if isinstance(row["g"], NamedNode)}
    return sorted(found - {STATE})


def chunks(lines: bytes, triples: int) -> Iterator[bytes]:
    """N-Triples in parts of so many triples."""
    every = lines.splitlines(keepends=True)
    for start in range(0, len(every), triples):
        yield b"".join(every[start : start + triples])
