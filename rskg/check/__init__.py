"""A check as CI runs it: files, folders and standard input against shapes, results with places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rskg import ontology, shapes, validation
from rskg.check import collect
from rskg.errors import NothingChecked
from rskg.namespaces import BASE
from rskg.paths import Files
from rskg.report import Place, Report
from rskg.syntax import Source, Triple

__all__ = ["Options", "check"]


@dataclass(frozen=True)
class Options:
    """What a check looks at beside the data, and what it lets pass."""

    shapes: Sequence[Path] = ()
    allow_empty: bool = False


def check(paths: Sequence[str], files: Files, options: Options) -> Report:
    """Check what the paths name against the shapes of these files, or those of the options.

    Raises InputError (what can't be read, and where), ShapesError, NothingChecked.
    """
    found = collect.sources(paths)
    rules = shapes.load(options.shapes or [files.shapes]).triples
    report, _ = validation.check(found.sources, rules, _context(rules, files))
    if not report.focus_nodes and not options.allow_empty:
        raise NothingChecked(
            "nothing was checked: no shape looks at any node of these files "
            "(is the namespace https://w3id.org/rskg/ontology#?)"
        )
    return replace(_placed(report, found.sources), notes=found.notes)


def _context(rules: Sequence[Triple], files: Files) -> Sequence[Triple]:
    """The ontology, where the shapes speak its language."""
    ends = (str(end) for triple in rules for end in (triple.predicate, triple.object))
    ours = any(end.startswith(f"<{BASE}") for end in ends)
    return ontology.load(files.ontology).triples if ours else ()


def _placed(report: Report, sources: Sequence[Source]) -> Report:
    """Each result at the line of the triple at fault, else of its subject's first line."""
    if not report.results:
        return report
    lines = _lines(sources)
    results = []
    for result in report.results:
        subject, path = result.focus, result.path
        keys = [(subject, path, result.value), (subject, path, None), (subject, None, None)]
        results.append(result.at(next((lines[k] for k in keys if k in lines), None)))
    return replace(report, results=tuple(results))


_Key = tuple[str, str | None, str | None]


def _lines(sources: Sequence[Source]) -> dict[_Key, Place]:
    lines: dict[_Key, Place] = {}
    for source in sources:
        for triple, line in source.located():
            place = Place(source.name, line)
            for key in _keys(triple):
                lines.setdefault(key, place)
    return lines


def _keys(triple: Triple) -> list[_Key]:
    subject, predicate = str(triple.subject), str(triple.predicate)
    return [
        (subject, predicate, str(triple.object)),
        (subject, predicate, None),
        (subject, None, None),
    ]
