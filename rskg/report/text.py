"""A report for a person at a terminal: one line a result, then what was covered."""

from __future__ import annotations

from collections.abc import Iterable

from rskg.report.model import Report, Result
from rskg.report.telling import because, counts, coverage, one_line, ordered, verdict

#: A term is told up to here: nobody reads ten megabytes in a log.
_LONGEST_TERM = 1000


def _short(term: str) -> str:
    return term if len(term) <= _LONGEST_TERM else f"{term[:_LONGEST_TERM]} … ({len(term):,} signs)"


def sentences(results: Iterable[Result]) -> list[str]:
    """One line a result: place, severity, what is wrong with which node."""
    return [one_line(_sentence(result)) for result in results]


def _sentence(result: Result) -> str:
    severity = f"{'known ' if result.known else ''}{result.severity.lower()}"
    terms = (result.focus, result.path, result.value)
    about = " ".join(_short(term) for term in terms if term)
    shape = result.shape.rsplit("#")[-1]
    by = f" ({shape})" if shape else ""
    return f"{result.place or '-'}: {severity}: {result.sentence} [{about}]{by}"


def as_text(report: Report, fail_on: str) -> str:
    """The report for a person: results, then what was covered.

    Notes on the run are talk, which the command line says on standard error.
    """
    lines: list[str] = []
    for result in ordered(report.results):
        lines += sentences([result])
        why = because(result)
        lines += [f"    because: {text}" for _, text in why[:1]]
        lines += [f"{'  ' * (depth + 2)}{_short(text)}" for depth, text in why[1:]]
        if result.fix:
            lines.append(f"    fix: {one_line(result.fix.sentence)}")
    new = [result for result in report.results if not result.known]
    known = len(report.results) - len(new)
    lines.append(
        f"{verdict(report, fail_on)}: {coverage(report)}: {counts(new)}"
        f"{f', and {known} known by the baseline' if known else ''}"
    )
    return "\n".join(lines) + "\n"
