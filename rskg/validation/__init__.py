"""The one gate: `validate(data, shapes, context) → Report`, `check` for documents as written.

`fast` (the shacl engine) decides wherever its wheel installs, `second_opinion` (pySHACL)
elsewhere; the tests hold the two equal on every example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from rskg.errors import InputError
from rskg.report import SEVERITIES, Report, Result
from rskg.syntax import Source, Triple, lines, stretches
from rskg.validation.agreement import compare
from rskg.validation.branches import Branches
from rskg.validation.coverage import Targets
from rskg.validation.engines import Engine, engine_named, engines_of, prepare
from rskg.validation.explanation import explained, left_unexplained
from rskg.validation.many import validate_many
from rskg.validation.routing import known_differences
from rskg.validation.survey import Context, Survey

__all__ = [
    "Branches",
    "Checked",
    "Survey",
    "Targets",
    "check",
    "explained",
    "known_differences",
    "left_unexplained",
    "prepare",
    "run",
    "validate",
    "validate_many",
]


@dataclass(frozen=True)
class Checked:
    """A report, what all documents hold, and the names of those in which no shape sees a node."""

    report: Report
    survey: Survey
    unseen: tuple[str, ...]


def validate(
    data: Sequence[Triple], shapes: Sequence[Triple], context: Sequence[Triple] = ()
) -> Report:
    """Check data against shapes.

    `context` is what the data refers to and isn't itself judged: the ontology with its class
    tree and code lists, or what a store already holds. Raises ShapesError for shapes that are
    no shapes (SHACL 3.4.3).
    """
    about = Context.of(lines(context))
    survey = Survey(Targets.of(shapes), about.subjects)
    survey.add(lines(data))
    return _judged(run([*data, *context], shapes), survey, about)


def run(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Every result over one graph, ours and the context's alike."""
    return [found for engine in engines_of(shapes) for found in engine.run(data)]


def check(
    sources: Sequence[Source],
    shapes: Sequence[Triple],
    context: Sequence[Triple] = (),
    *,
    second_opinion: bool = False,
) -> Checked:
    """Check documents as they are written, and tell what they hold.

    The engine and the survey each read them, side by side. Raises InputError with the place of
    what can't be read, ShapesError for shapes that are no shapes.
    """
    try:
        return _checked(sources, shapes, Context.of(lines(context)), second_opinion)
    except InputError:
        for source in sources:  # what reads in haste doesn't know the place
            for _ in source.quads():
                pass
        raise


def _checked(
    sources: Sequence[Source], shapes: Sequence[Triple], context: Context, second_opinion: bool
) -> Checked:
    engines = engines_of(shapes)
    whole = Survey(Targets.of(shapes), context.subjects)
    with ThreadPoolExecutor(1) as pool:
        judging = pool.submit(_all_results, engines, sources, context)
        surveys = []
        for source in sources:
            one = whole if len(sources) == 1 else Survey(whole.targets, context.subjects)
            for stretch in stretches(source):
                one.add(stretch)
            surveys.append(one)
        for one in surveys:
            if one is not whole:
                whole.merge(one)
        report = _judged(judging.result(), whole, context)
    classes = whole.classes(context)
    unseen = (
        source.name
        for source, one in zip(sources, surveys, strict=True)
        if not one.focus_nodes(classes, context)
    )
    if second_opinion:
        other = _all_results([engine_named("second_opinion", shapes)], sources, context)
        told = compare(report.results, _judged(other, whole, context).results)
        report = replace(report, notes=(*report.notes, *told))
    return Checked(report, whole, tuple(unseen))


def _all_results(
    engines: Iterable[Engine], sources: Sequence[Source], context: Context
) -> list[Result]:
    return [found for engine in engines for found in engine.check(sources, context.lines)]


def _judged(found: Sequence[Result], survey: Survey, context: Context) -> Report:
    """Less what is about the context alone; a severity that isn't SHACL's counts as the gravest."""
    focus = survey.focus_nodes(survey.classes(context), context)
    elsewhere = context.subjects - survey.touched - focus
    results = [
        result if result.severity in SEVERITIES else result.but(severity=SEVERITIES[0])
        for result in found
        if result.focus.encode() not in elsewhere
    ]
    return Report(tuple(sorted(results, key=_order)), survey.targets.shapes, len(focus))


def _order(result: Result) -> tuple[str, ...]:
    return (
        result.focus,
        result.path or "",
        result.component,
        result.value or "",
        result.shape,
    )
