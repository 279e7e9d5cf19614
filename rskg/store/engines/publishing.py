"""A revision moved to an engine: into staging graphs first, then all of them into their places.

Readers of the engine never see half of what is loaded. What was loaded stays when something fails,
so that the same build goes on from there. A graph of state says what stands there. A graph is read
twice, for its digest and to be loaded, and never held: publishing takes the same memory however
large the graph is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256

from rskg.errors import EndpointFailed
from rskg.namespaces import GRAPH
from rskg.store.engines.engine import MERGED, STAGING, Engine
from rskg.store.engines.loading import Measure, into
from rskg.store.engines.standing import STATE, say, standing
from rskg.store.local import Reader
from rskg.syntax import NamedNode

#: Told of each graph: its name, its triples, and what came of it.
Progress = Callable[[str, int, str], None]
#: How many graphs are read at once to be measured.
_READING = 2


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
        self._merged = "default" if engine.profile.default_graph == "own" else MERGED
        self._sizes, self._name = self._measured()
        self._before = standing(engine)

    def run(self) -> Published:
        triples = sum(self._sizes.values())
        if self._before.whole and self._before.name == self._name:
            if self._before.source != self._source:
                say(self._engine, replace(self._before, source=self._source))
            return Published(self._name, len(self._sizes), triples, 0)
        if self._before.whole:  # else it may be what ends a change that was begun
            self._forget(but=self._stage(""))
        loaded = sum(map(self._staged, self._sizes))
        self._place()
        self._engine.forget()
        self._forget()
        return Published(self._name, len(self._sizes), triples, loaded)

    def _place(self) -> None:
        """Move what is staged to its place, and say that it stands there."""
        before, size = standing(self._engine), self._sizes[self._merged]
        stands = before.next(self._name, f"build {self._name}", size, self._source)
        todo = [*self._moves(), *self._drops()]
        say(self._engine, before.changing(self._name))
        for one in todo:
            self._engine.update(one)
        self._require_placed()
        say(self._engine, stands)

    def _moves(self) -> Iterator[str]:
        for graph, size in self._sizes.items():
            stage, place = (
                self._stage(graph),
                "DEFAULT" if graph == "default" else f"GRAPH <{graph}>",
            )
            if size == 0:
                yield f"CLEAR SILENT {place}"
            elif self._engine.count(stage) == size:
                yield f"MOVE GRAPH <{stage}> TO {place}"

    def _drops(self) -> list[str]:
        """Of what stands there and isn't in the revision; the list is asked for anew."""
        self._engine.forget()
        gone = sorted({*self._engine.graphs()} - {*self._sizes})
        return [f"DROP SILENT GRAPH <{graph}>" for graph in gone]

    def _require_placed(self) -> None:
        """Raise unless each graph is in its place: another publisher may have been at work."""
        for graph, size in self._sizes.items():
            if not self._stands(graph):
                raise EndpointFailed(
                    self._engine.name,
                    f"the {size:,} triples of <{graph}> didn't come to their place; publish or "
                    "build again, and one at a time",
                )

    def _forget(self, but: str = "nothing") -> None:
        """Drop what was staged for states that never came to stand here."""
        for graph in _left_over(self._engine):
            if not graph.startswith(but):
                self._engine.update(f"DROP SILENT GRAPH <{graph}>")

    def _measured(self) -> tuple[dict[str, int], str]:
        """The triples of each graph, the merge first, and a name for the content of all.

        Lines come in the order of the store's index, which hangs on nothing but the terms: the
        same content has the same name, in whichever store and by whichever way it came there.
        """
        graphs = [self._merged, *self._reader.graph_names()]
        with ThreadPoolExecutor(_READING) as pool:
            found = dict(zip(graphs, pool.map(self._measure, graphs), strict=True))
        sizes = {name: one.lines for name, one in found.items() if one.lines or name == graphs[0]}
        whole = sha256()
        for graph in sizes:
            whole.update(graph.encode() + b"\n" + found[graph].digest)
        return sizes, whole.hexdigest()[:16]

    def _measure(self, graph: str) -> Measure:
        measure = Measure()
        self._reader.write_lines(self._local(graph), measure)
        return measure

    def _local(self, graph: str) -> str:
        """What the graph is called in the store."""
        return "default" if graph == self._merged else graph

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
        with into(self._engine, stage) as lines:
            self._reader.write_lines(self._local(graph), lines)
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

    def _stage(self, graph: str) -> str:
        return f"{STAGING}{self._name}/{graph.removeprefix(GRAPH)}"


def _left_over(engine: Engine) -> list[str]:
    """What was staged for states that never came to stand here."""
    rows = engine.rows("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    found = {row["g"].value for row in rows if isinstance(row["g"], NamedNode)}
    return sorted(graph for graph in found - {STATE} if graph.startswith(STAGING))
