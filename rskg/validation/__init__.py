"""The one gate: `validate(data, shapes, context) → Report`, `check` for documents as written.

`fast` (the shacl engine) decides wherever its wheel installs, `second_opinion` (pySHACL)
elsewhere; the tests hold the two equal on every example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from rskg.report import Report, Result
from rskg.syntax import BlankNode, NamedNode, Source, Term, Triple
from rskg.validation.coverage import Survey, Targets


class Engine(Protocol):
    """A SHACL engine with shapes, behind our own result type."""

    def run(self, data: Iterable[Triple]) -> list[Result]:
        """Every SHACL result over a graph in memory; raises ShapesError."""

    def check(self, sources: Sequence[Source], context: Sequence[Triple]) -> list[Result]:
        """The same over documents and a context without blank nodes; raises InputError too."""


__all__ = ["Survey", "Targets", "check", "run", "validate"]


def validate(
    data: Sequence[Triple], shapes: Sequence[Triple], context: Sequence[Triple] = ()
) -> Report:
    """Check data against shapes.

    `context` is what the data refers to and isn't itself judged: the ontology with its class
    tree and code lists, or what a store already holds. Raises ShapesError for shapes that are
    no shapes (SHACL 3.4.3).
    """
    survey = Survey(Targets.of(shapes), _subjects(context))
    survey.add(data)
    return _judged(run([*data, *context], shapes), survey, context)


def run(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Every result over one graph, ours and the context's alike."""
    return _engine(shapes).run(data)


def _engine(shapes: Sequence[Triple]) -> Engine:
    """The fast engine wherever its wheel installs, else the second opinion's."""
    name = "fast" if find_spec("shacl") else "second_opinion"
    engine: Engine = import_module(f"rskg.validation.{name}").Engine(shapes)
    return engine


def check(
    sources: Sequence[Source], shapes: Sequence[Triple], context: Sequence[Triple] = ()
) -> tuple[Report, Survey]:
    """Check documents as they are written, and tell what they hold.

    The engine and the survey each read them, side by side. Raises InputError with the place of
    what can't be read, ShapesError for shapes that are no shapes.
    """
    engine, survey = _engine(shapes), Survey(Targets.of(shapes), _subjects(context))
    with ThreadPoolExecutor(1) as pool:
        judging = pool.submit(engine.check, sources, context)
        for source in sources:
            survey.add(source.quads())
        found = judging.result()
    return _judged(found, survey, context), survey


def _judged(found: Sequence[Result], survey: Survey, context: Sequence[Triple]) -> Report:
    """Less what is about the context alone."""
    focus, elsewhere = survey.focus_nodes(context), _subjects(context) - survey.touched
    results = []
    for result in found:
        node = _node(result.focus)
        if node is None or node in focus or node not in elsewhere:
            results.append(result)
    ordered = tuple(sorted(results, key=_order))
    return Report(ordered, survey.targets.shapes, len(focus))


def _subjects(triples: Sequence[Triple]) -> set[Term]:
    return {triple.subject for triple in triples if not isinstance(triple.subject, BlankNode)}


def _node(term: str) -> NamedNode | None:
    return NamedNode(term[1:-1]) if term.startswith("<") and not term.startswith("<<") else None


def _order(result: Result) -> tuple[str, ...]:
    return (
        result.focus,
        result.path or "",
        result.component,
        result.value or "",
        result.shape,
    )
