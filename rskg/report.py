"""What a check found: SHACL results, where they are, and how they are told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Place:
    """A line of a document, or a row of a table; lines count from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, order=True)
class Result:
    """One SHACL validation result; terms in N-Triples syntax, names without their namespace."""

    focus: str
    path: str | None
    value: str | None
    component: str
    severity: str
    shape: str
    messages: tuple[str, ...]
    place: Place | None = None

    @property
    def sentence(self) -> str:
        """The shape's English message, else the first one."""
        return self.messages[0] if self.messages else f"breaks {self.component}"

    def at(self, place: Place | None) -> Result:
        """The same result, with its place."""
        return replace(self, place=place)


@dataclass(frozen=True)
class Report:
    """Results of one run, and what was covered: shapes and focus nodes."""

    results: tuple[Result, ...]
    shapes: int
    focus_nodes: int

    def at_least(self, severity: str) -> list[Result]:
        """The results at a severity or a graver one; `none` gives none."""
        if severity.lower() == "none":
            return []
        limit = [s.lower() for s in SEVERITIES].index(severity.lower())
        return [r for r in self.results if SEVERITIES.index(r.severity) <= limit]

    def conforms(self, severity: str = "violation") -> bool:
        """True when nothing at or above the severity was found."""
        return not self.at_least(severity)


def sentences(results: Iterable[Result]) -> list[str]:
    """One line a result: place, severity, what is wrong with which node."""
    return [
        f"{result.place or '-'}: {result.severity.lower()}: {result.sentence} "
        f"[{result.focus}{f' {result.path}' if result.path else ''}"
        f"{f' {result.value}' if result.value else ''}] ({result.shape.rsplit('#')[-1]})"
        for result in results
    ]


def as_text(report: Report, fail_on: str) -> str:
    """The report for a person: results, then what was covered."""
    lines = sentences(report.results)
    verdict = "conforms" if report.conforms(fail_on) else "does not conform"
    counts = ", ".join(
        f"{sum(r.severity == s for r in report.results)} {s.lower()}" for s in SEVERITIES
    )
    return "\n".join(
        [*lines, f"{verdict}: {report.shapes} shapes x {report.focus_nodes} focus nodes: {counts}"]
    )


def as_json(report: Report, fail_on: str) -> str:
    """`{"conforms", "results", "coverage"}` , the contract of the command line."""
    return json.dumps(
        {
            "conforms": report.conforms(fail_on),
            "results": [asdict(result) for result in report.results],
            "coverage": {"shapes": report.shapes, "focusNodes": report.focus_nodes},
        },
        indent=2,
        ensure_ascii=False,
    )


def merged(reports: Sequence[Report]) -> Report:
    """Several runs as one report."""
    return Report(
        tuple(sorted(result for report in reports for result in report.results)),
        max((report.shapes for report in reports), default=0),
        sum(report.focus_nodes for report in reports),
    )
