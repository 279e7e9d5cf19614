"""A check as CI runs it: files, folders and standard input against shapes, results with places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from rskg import jsonld, ontology, shapes, validation
from rskg.check import baseline, collect, fixes, references, suggestions, traps
from rskg.check.alone import alone
from rskg.check.collect import Collected
from rskg.check.limits import Limits, limits_of_settings
from rskg.check.places import placed_with_values
from rskg.check.references import Needed, needed, pulled
from rskg.errors import UsageError
from rskg.namespaces import BASE
from rskg.paths import Files, installed
from rskg.report import Report
from rskg.syntax import NT, Blocks, Triple

__all__ = [
    "Collected",
    "Limits",
    "Needed",
    "Options",
    "alone",
    "check",
    "judged",
    "limits_of_settings",
    "needed",
    "pulled",
    "references_of",
    "validate",
]
_Paths = str | Path | Iterable[str | Path]


@dataclass(frozen=True)
class Options:
    """What a check looks at beside the data, and what it lets pass."""

    shapes: Sequence[Path] = ()
    allow_empty: bool = False
    second_opinion: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    limits: Limits = field(default_factory=Limits)
    #: What another graph tells about what is referred to; None where none was asked.
    elsewhere: Sequence[Triple] | None = None
    #: What came by standard input, where it was read before.
    stdin: bytes | None = None
    #: What names begin with that are minted for rows of a filled-in template.
    dataset: str = ""


def check(paths: Sequence[str], files: Files, options: Options) -> Report:
    """Check what the paths name against the shapes of these files, or those of the options.

    Raises InputError (what can't be read, and where), ShapesError, NothingChecked, NotAllChecked.
    """
    found = _collected(paths, files, options)
    rules = shapes.load(options.shapes or [files.shapes]).triples
    traps.about_shapes(rules)
    return judged(found, rules, _context(rules, files), options)


def _collected(paths: Sequence[str], files: Files, options: Options) -> Collected:
    @cache
    def templates() -> Any:
        return import_module("rskg.templates").load(files)

    named = partial(jsonld.context, files)
    return collect.sources(
        paths, options.limits, options.stdin, templates, options.dataset, context=named
    )


def judged(
    found: Collected, rules: Sequence[Triple], terms: Sequence[Triple], options: Options
) -> Report:
    """The same for documents at hand; `terms` is the ontology, where the shapes speak of it."""
    context = [*terms, *(options.elsewhere or ())]
    unread = [result for one in found.filled.values() for result in one.faults()]
    if unread and not any(True for source in found.sources for _ in source.quads()):
        return Report(tuple(unread), 0, 0, found.notes)
    checked = validation.check(found.sources, rules, context, second_opinion=options.second_opinion)
    told = traps.about_data(checked, found.sources, rules, allow_empty=options.allow_empty)
    report = checked.report
    blocks = {one.name: Blocks(one) for one in found.sources if one.form == NT.engine}
    results, values = placed_with_values(report.results, found.sources, blocks)
    if found.tables and results:
        results = import_module("rskg.check.tables").in_cells(results, found.tables)
    for filled in found.filled.values():
        results = filled.placed(results)
    results = [*results, *unread]
    results = baseline.fingerprinted(results, found.sources)
    meant = suggestions.meant(results, values, rules, context)
    certain = {one: what.term for one, what in meant.items() if what.certain}
    results = fixes.fixed(results, found.sources, rules, certain)
    if any(references.may_be_elsewhere(result) for result in results):
        lacking = references.needed(found.sources, context, rules)
        results = references.softened(results, lacking, against=options.elsewhere is not None)
    results = suggestions.suggested(results, meant)
    told += [*suggestions.left_out(results), *validation.left_unexplained(results)]
    results = validation.explained(results, found.sources, rules, context, blocks=blocks)
    whole = replace(report, results=tuple(results), notes=(*found.notes, *told, *report.notes))
    if options.write_baseline:
        baseline.write(whole, options.write_baseline)
    known = options.baseline or options.write_baseline
    return baseline.compare(whole, known, date.today()) if known else whole


def validate(
    paths: _Paths, shapes: _Paths | None = None, *, budget: float | str | None = None
) -> Report:
    """Check files and folders as `rskg validate` does, in a process of its own without network.

    Without `shapes`, by those of this installation. `budget` is how long it may take, in seconds
    or as `500ms`; without it, and for memory, bytes and triples, what the settings say. The report
    has `results`, each with its `place`, and `conforms()`. Raises what `check` raises,
    BudgetExceeded, and UsageError for a budget that is none or a path `-`.
    """
    limits = limits_of_settings(None if budget is None else str(budget))
    named = _listed(paths)
    if collect.STDIN in named:
        raise UsageError("standard input is read by the command alone: name a file or folder")
    apart = import_module("rskg.check.apart")
    rules = tuple(_listed(shapes)) if shapes is not None else ()
    order = apart.Order(tuple(named), rules, str(installed().root), report="")
    report: Report = apart.judged(order, limits)
    return report


def _listed(paths: _Paths) -> list[str]:
    return [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


def references_of(paths: Sequence[str], files: Files, options: Options) -> Needed:
    """What the paths' documents refer to and don't describe; raises InputError."""
    found = _collected(paths, files, options)
    rules = shapes.load(options.shapes or [files.shapes]).triples
    return references.needed(found.sources, _context(rules, files), rules)


def _context(rules: Sequence[Triple], files: Files) -> Sequence[Triple]:
    """The ontology, where the shapes speak its language."""
    ends = (str(end) for triple in rules for end in (triple.predicate, triple.object))
    ours = any(end.startswith(f"<{BASE}") for end in ends)
    return ontology.load(files.ontology).triples if ours else ()
