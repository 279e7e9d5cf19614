"""A report for scripts: flat JSON, and a table of it as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from rskg.report.indented import indented
from rskg.report.model import Place, Report, Result
from rskg.report.telling import because, fingerprint, ordered

#: Changes when a key is renamed or goes away; new keys may come without a change.
VERSION = 1

COLUMNS = (
    *("file", "line", "column", "severity", "known", "message", "explanation", "focus", "path"),
    *("value", "component", "shape", "fingerprint", "fix"),
)
#: What JSON tells of a result as it is.
_PLAIN = ("focus", "path", "value", "component", "severity", "shape", "explanation", "fingerprint")


def as_json(report: Report, fail_on: str) -> str:
    """`{"conforms", "results", "coverage"}`, the contract of the command line."""
    told = {
        "version": VERSION,
        "conforms": report.conforms(fail_on),
        "results": ordered(report.results),
        "coverage": {"shapes": report.shapes, "focusNodes": report.focus_nodes},
        "notes": list(report.notes),
    }
    return indented(told)


def read(told: Mapping[str, Any], path: str) -> Report:
    """The report that such JSON tells, about a document which is at `path` here."""
    found = []
    for each in told["results"]:
        place = Place(**{**each["place"], "path": path}) if each["place"] else None
        plain = {name: each[name] for name in _PLAIN}
        found.append(Result(**plain, messages=tuple(each["messages"]), place=place))
    covered = told["coverage"]
    return Report(tuple(found), covered["shapes"], covered["focusNodes"], tuple(told["notes"]))


def as_csv(report: Report, _: str) -> str:
    """One row a result, with a heading (RFC 4180)."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for result in ordered(report.results):
        place = result.place
        table.writerow(
            (
                place.path if place else None,
                place.line if place else None,
                (place.cell or place.column) if place else None,
                result.severity,
                str(result.known).lower(),
                result.sentence,
                " | ".join(text for _, text in because(result)) or None,
                result.focus,
                result.path,
                result.value,
                result.component,
                result.shape,
                fingerprint(result),
                result.fix.sentence if result.fix else None,
            )
        )
    return out.getvalue()
