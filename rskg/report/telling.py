"""What every format needs: one order, one line for a text, paths from the repository's root."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from rskg.namespaces import SH
from rskg.report.model import SEVERITIES, Report, Result

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def ordered(results: Iterable[Result]) -> list[Result]:
    """The results by place, those without one last; the same whatever order they came in."""
    return sorted(results, key=_order)


def gravest_first(results: Iterable[Result]) -> list[Result]:
    """New results before those of a baseline, graver ones before lighter ones, then by place."""
    return sorted(ordered(results), key=lambda r: (r.known, rank(r)))


def rank(result: Result) -> int:
    """0 for a violation, 1 for a warning, 2 for an info; a severity of one's own is grave."""
    return SEVERITIES.index(result.severity) if result.severity in SEVERITIES else 0


def failing(report: Report, fail_on: str) -> set[Result]:
    """The results that fail the run: at or above the threshold, and in no baseline."""
    return {result for result in report.at_least(fail_on) if not result.known}


def one_line(text: str) -> str:
    """The text on one line and without control characters.

    A line break in a message must not start a workflow command, nor an escape code colour a log.
    """
    if text.isprintable():
        return text.strip()
    return "".join(c if c.isprintable() else " " for c in text).strip()


def because(result: Result, depth: int = 0) -> list[tuple[int, str]]:
    """Why, line by line: what is wrong, then a line a branch; each with how deep it stands."""
    told = [(depth, one_line(result.explanation))] if result.explanation else []
    for branch in result.branches:
        said = f"{branch.name}{' holds' if branch.holds else ''}: {branch.sentence}"
        told.append((depth + 1, one_line(said)))
        for inner in branch.results:
            told += because(inner, depth + 2)
    return told


def counts(results: Iterable[Result]) -> str:
    """`2 violation, 0 warning, 1 info`."""
    found = [rank(result) for result in results]
    return ", ".join(f"{found.count(i)} {name.lower()}" for i, name in enumerate(SEVERITIES))


def coverage(report: Report) -> str:
    """What was covered: shapes by focus nodes; a table's cells are read before any shape."""
    if not report.shapes:
        return "no shape was tried"
    return f"{report.shapes} shapes x {report.focus_nodes} focus nodes"


def verdict(report: Report, fail_on: str) -> str:
    """`conforms`, or `does not conform`."""
    return "conforms" if report.conforms(fail_on) else "does not conform"


def shape_iri(result: Result) -> str | None:
    """The shape's IRI, which is its page; None for a shape without a name."""
    return None if ":" not in result.shape or result.shape.startswith("_:") else result.shape


def shape_name(result: Result) -> str:
    """What a person calls the shape: the end of its IRI, else the constraint's kind."""
    iri = shape_iri(result)
    return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1] if iri else constraint(result)


def constraint(result: Result) -> str:
    """The constraint's kind as a word: `MinCount`."""
    return result.component.rsplit("#", 1)[-1].removesuffix("ConstraintComponent")


def component_iri(result: Result) -> str:
    """The IRI of the constraint component (SHACL 2.3)."""
    return result.component if ":" in result.component else SH + result.component


def fingerprint(result: Result) -> str:
    """The result's own fingerprint, else one of what it says."""
    if result.fingerprint:
        return result.fingerprint
    said = (result.shape, result.component, result.focus, result.path or "", result.value or "")
    return blake2b("\n".join(said).encode(), digest_size=16).hexdigest()


def from_root(path: str) -> str:
    """A path as hosts of repositories want it: from the root, with slashes.

    The root is what the CI says it is, else the current folder; what lies elsewhere stays whole.
    """
    root = next((os.environ[name] for name in _ROOTS if os.environ.get(name)), os.getcwd())
    whole = Path(os.path.abspath(path))
    base = Path(os.path.abspath(root))
    return (whole.relative_to(base) if whole.is_relative_to(base) else whole).as_posix()


def _order(result: Result) -> tuple[object, ...]:
    place = result.place
    where = (
        (0, place.path, place.line, place.column or 0, place.cell or "") if place else (1, "", 0)
    )
    what = (result.focus, result.path or "", result.value or "", result.component, result.shape)
    return (*where, rank(result), *what)
