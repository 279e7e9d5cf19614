"""Reports for people and programs: as lines of text, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from rskg.report.model import SEVERITIES, Report, Result


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
