"""A revision moved to an engine: into staging graphs first, then all of them into their places.

Readers of the engine never see half of what is loaded. What was loaded stays when something fails,
so that the same build goes on from there. A graph of state says what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from rskg.errors import EndpointFailed
from rskg.namespaces import BASE, DCTERMS, GRAPH
from rskg.store.engines.engine import MERGED, Engine
from rskg.store.local import Reader
from rskg.syntax import Literal

STAGING = f"{BASE}staging/"
_STATE = f"{STAGING}state"
_WHOLE, _MOVING = "whole", "moving"
_ASKED = (
    f"SELECT ?name ?state WHERE {{ GRAPH <{_STATE}> {{ <{_STATE}> <{DCTERMS}identifier> ?name ; "
    f"<{DCTERMS}type> ?state }} }}"
)

#: Told of each graph: its name, its triples, and what came of it.
Progress = Callable[[str, int, str], None]


@dataclass(frozen=True)
class Published:
    """What stands in an engine: the graphs and triples of it, and those that had to be loaded."""

    name: str
    graphs: int
    triples: int
    loaded: int


def publish(reader: Reader, engine: Engine, progress: Progress = lambda *_: None) -> Published:
    """Make the engine hold what the revision holds, and none of our graphs beside it.

    Raises EndpointFailed where the engine refuses, ends, or counts otherwise than we do.
    """
    return _Publication(reader, engine, progress).run()


def require_published(engine: Engine) -> str:
    """The name of what stands in the engine.

    Raises EndpointFailed where nothing was published, or a build is being moved to its place.
    """
    state, name = _state(engine)
    if state == _MOVING:
        raise EndpointFailed(engine.name, "a build was being moved to its place; build again")
    if state != _WHOLE:
        raise EndpointFailed(engine.name, "there is no graph of ours in it; `rskg build` it there")
    return name


class _Publication:
    """One revision on its way to one engine."""

    def __init__(self, reader: Reader, engine: Engine, progress: Progress) -> None:
        self._reader, self._engine, self._progress = reader, engine, progress
        merged = "default" if engine.profile.default_graph == "own" else MERGED
        self._sizes = {merged: reader.size(), **dict(sorted(reader.sizes().items()))}
        self._name = self._digest()
        self._before = _state(engine)

    def run(self) -> Published:
        triples = sum(self._sizes.values())
        if self._before == (_WHOLE, self._name):
            return Published(self._name, len(self._sizes), triples, 0)
        loaded = sum(map(self._staged, self._sizes))
        self._say(_MOVING)
        for graph in self._sizes:
            self._move(graph)
        for graph in sorted({*self._engine.graphs()} - {*self._sizes}):
            self._engine.update(f"DROP SILENT GRAPH <{graph}>")
        self._say(_WHOLE)
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
        if self._before == (_MOVING, self._name) and self._stands(graph):
            self._progress(graph, size, "is in its place")
            return 0
        if there:
            self._engine.update(f"DROP SILENT GRAPH <{stage}>")
        for lines in _chunks(self._lines(graph), self._engine.profile.chunk):
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

    def _say(self, state: str) -> None:
        self._engine.update(f"DROP SILENT GRAPH <{_STATE}>")
        self._engine.update(
            f'INSERT DATA {{ GRAPH <{_STATE}> {{ <{_STATE}> <{DCTERMS}identifier> "{self._name}" ; '
            f'<{DCTERMS}type> "{state}" }} }}'
        )


def _chunks(lines: bytes, triples: int) -> Iterator[bytes]:
    every = lines.splitlines(keepends=True)
    for start in range(0, len(every), triples):
        yield b"".join(every[start : start + triples])


def _state(engine: Engine) -> tuple[str, str]:
    """How far what stands in the engine is, and its name; both empty for nothing."""
    found = [
        (row["state"].value, row["name"].value)
        for row in engine.rows(_ASKED)
        if isinstance(row["state"], Literal) and isinstance(row["name"], Literal)
    ]
    return found[0] if len(found) == 1 else ("", "")
