"""What a check found: SHACL results, where they are, and what was covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, order=True)
class Place:
    """A stretch of a document, or a cell of a table.

    Lines and columns count from 1, columns in Unicode characters; the end is the first column
    behind the stretch, None where not known. `cell` names a table's column.
    """

    path: str
    line: int
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        column = f":{self.column}" if self.column else ""
        return f"{self.path}:{self.line}{column}"


@dataclass(frozen=True, order=True)
class Fix:
    """A change that mends a result for certain: a stretch of the document and its new text."""

    sentence: str
    place: Place
    text: str


@dataclass(frozen=True, order=True)
class Result:
    """One SHACL validation result; terms in N-Triples syntax, names without their namespace.

    `explanation` says why in a sentence, where the message alone doesn't: how many branches of a
    logical constraint hold, which `branches` tell one by one;
    `fingerprint` stays the same when the document is reordered, reserialised or its blank nodes
    are renamed; `known` is true for what a baseline lists.
    """

    focus: str
    path: str | None
    value: str | None
    component: str
    severity: str
    shape: str
    messages: tuple[str, ...]
    place: Place | None = None
    explanation: str | None = None
    fix: Fix | None = None
    fingerprint: str = ""
    known: bool = False
    branches: tuple[Branch, ...] = ()

    @property
    def sentence(self) -> str:
        """The shape's English message, else the first one."""
        return self.messages[0] if self.messages else f"breaks {self.component}"

    def at(self, place: Place | None) -> Result:
        """The same result, with its place."""
        return self.but(place=place)

    def but(self, **told: Any) -> Result:
        """The same result, told otherwise in part; quicker than `dataclasses.replace`."""
        return Result(**{**vars(self), **told})


@dataclass(frozen=True, order=True)
class Branch:
    """A shape that another shape asks for, tried alone: `name` is the word that people know it by.

    `sentence` says why it doesn't hold, by its own `results`; or what it is, where it holds.
    """

    name: str
    holds: bool
    sentence: str
    results: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Report:
    """Results of one run, and what was covered: shapes and focus nodes.

    `notes` are sentences about the run itself: files without focus nodes, what was skipped, what
    of a baseline is gone.
    """

    results: tuple[Result, ...]
    shapes: int
    focus_nodes: int
    notes: tuple[str, ...] = ()

    def at_least(self, severity: str) -> list[Result]:
        """The results at a severity or a graver one that no baseline knows; `none` gives none."""
        if severity.lower() == "none":
            return []
        limit = [s.lower() for s in SEVERITIES].index(severity.lower())
        return [r for r in self.results if not r.known and SEVERITIES.index(r.severity) <= limit]

    def conforms(self, severity: str = "violation") -> bool:
        """True when nothing at or above the severity was found."""
        return not self.at_least(severity)


def merged(reports: Sequence[Report]) -> Report:
    """Several runs as one report."""
    return Report(
        tuple(sorted(result for report in reports for result in report.results)),
        max((report.shapes for report in reports), default=0),
        sum(report.focus_nodes for report in reports),
    )
