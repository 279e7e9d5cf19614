"""A difference brought to an engine: staged, then applied at the cost of its own size.

What leaves and what comes is loaded into staging graphs, so that the engine compares terms as it
wrote them. A graph that plans the change says which they are: whoever comes after a crash, from
whichever machine, ends the change by it where it was begun, or forgets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rskg.errors import EndpointFailed
from rskg.namespaces import DCTERMS, GRAPH, VOID
from rskg.store.engines.engine import MERGED, STAGING, Engine
from rskg.store.engines.loading import into
from rskg.store.engines.standing import Standing, say, standing, stating
from rskg.syntax import Literal, NamedNode

#: What leaves a graph and what comes into it, as N-Triples, by its IRI; `default` is the merge.
Differing = Mapping[str, tuple[bytes, bytes]]

_PIECE = 1 << 16
_PLAN = f"{STAGING}plan"
_LEAVES, _COMES, _TRIPLES = f"{DCTERMS}replaces", f"{DCTERMS}isPartOf", f"{VOID}triples"
_ASKED = (
    f"SELECT ?stage ?how ?graph ?n WHERE {{ GRAPH <{_PLAN}> {{ ?stage ?how ?graph ; "
    f"<{_TRIPLES}> ?n FILTER(?how IN (<{_LEAVES}>, <{_COMES}>)) }} }}"
)


class NotTaken(EndpointFailed):
    """A change that the engine did otherwise than it was told."""


@dataclass(frozen=True)
class _Part:
    """Triples staged to leave a graph or to come into it."""

    stage: str
    graph: str
    comes: bool
    triples: int

    def said(self) -> str:
        how = _COMES if self.comes else _LEAVES
        return f"<{self.stage}> <{how}> <{self.graph}> ; <{_TRIPLES}> {self.triples} ."


def change(engine: Engine, after: Standing, differing: Differing) -> int:
    """Bring what stands whole in the engine to the state after; returns the triples changed.

    The state before stands until all is staged. Raises EndpointFailed, and NotTaken where what
    came of it isn't what was asked: the engine is then to be filled anew.
    """
    parts = [
        (_Part(_stage(after, graph, comes), _place(graph), comes, lines.count(b"\n")), lines)
        for graph, sides in differing.items()
        for comes, lines in zip((False, True), sides, strict=True)
        if lines
    ]
    left = standing(engine, place=_PLAN)
    if left.name and left.name != after.name:
        _forget(engine)
    engine.update(stating(after, _PLAN, " ".join(part.said() for part, _ in parts)))
    for part, lines in parts:
        _load(engine, part, lines)
    _apply(engine, after, [part for part, _ in parts])
    return sum(part.triples for part, _ in parts)


def settle(engine: Engine) -> Standing:
    """End a change that was broken off, or forget it; returns what stands then."""
    now, planned = standing(engine), standing(engine, place=_PLAN)
    if not planned.name:
        return now
    if now.name == planned.name and not now.whole:
        _apply(engine, planned, _parts(engine))
        return planned
    if now.name == planned.name:
        _forget(engine)
    return now


def _apply(engine: Engine, after: Standing, parts: list[_Part]) -> None:
    """Do what is staged, so that doing it twice is the same as once."""
    before = standing(engine)
    todo = [_operation(engine, part) for part in sorted(parts, key=lambda part: part.comes)]
    if engine.profile.atomic and before.whole:
        engine.update(" ;\n".join([*todo, stating(after)]))
        _require_done(engine, parts)
    else:
        say(engine, before.changing(after.name))
        for one in todo:
            engine.update(one)
        _require_done(engine, parts)
        say(engine, after)
    engine.forget()
    _forget(engine)


def _load(engine: Engine, part: _Part, lines: bytes) -> None:
    there = engine.count(part.stage)
    if there == part.triples:
        return
    if there:
        engine.update(f"DROP SILENT GRAPH <{part.stage}>")
    with into(engine, part.stage) as chunks:
        for start in range(0, len(lines), _PIECE):
            chunks.write(lines[start : start + _PIECE])
    there = engine.count(part.stage)
    if there != part.triples:
        raise NotTaken(
            engine.name, f"of {part.triples:,} triples of <{part.graph}> it took {there:,}"
        )


def _operation(engine: Engine, part: _Part) -> str:
    staged = f"GRAPH <{part.stage}> {{ ?s ?p ?o }}"
    template = f"GRAPH <{part.graph}> {{ ?s ?p ?o }}"
    if part.graph == MERGED and engine.profile.default_graph == "own":
        template = "?s ?p ?o"
    return f"{'INSERT' if part.comes else 'DELETE'} {{ {template} }} WHERE {{ {staged} }}"


def _require_done(engine: Engine, parts: list[_Part]) -> None:
    """Raise NotTaken unless all that was to come is there, and nothing of what was to leave."""
    for part in parts:
        place = f"GRAPH <{part.graph}> {{ ?s ?p ?o }}"
        if part.graph == MERGED and engine.profile.default_graph == "own":
            place = "?s ?p ?o"
        rows = engine.rows(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{part.stage}> {{ ?s ?p ?o }} {place} }}"
        )
        found = int(rows[0]["n"].value) if isinstance(rows[0]["n"], Literal) else -1
        if found != (part.triples if part.comes else 0):
            what = f"{found:,} of {part.triples:,} triples that {'came' if part.comes else 'left'}"
            raise NotTaken(engine.name, f"{what} are in <{part.graph}>")


def _parts(engine: Engine) -> list[_Part]:
    return [
        _Part(
            row["stage"].value,
            row["graph"].value,
            isinstance(row["how"], NamedNode) and row["how"].value == _COMES,
            int(row["n"].value),
        )
        for row in engine.rows(_ASKED)
        if isinstance(row["stage"], NamedNode)
        and isinstance(row["graph"], NamedNode)
        and isinstance(row["n"], Literal)
    ]


def _forget(engine: Engine) -> None:
    """Drop what was staged, and the plan last, which says what that is."""
    for part in _parts(engine):
        engine.update(f"DROP SILENT GRAPH <{part.stage}>")
    engine.update(f"DROP SILENT GRAPH <{_PLAN}>")


def _stage(after: Standing, graph: str, comes: bool) -> str:
    return f"{STAGING}{after.name}/{'comes' if comes else 'leaves'}/{graph.removeprefix(GRAPH)}"


def _place(graph: str) -> str:
    return MERGED if graph == "default" else graph
