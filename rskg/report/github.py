"""A report where a pull request is read: annotations, and the job's summary.

Source: GitHub's workflow commands, with the limits that it keeps to.
"""

from __future__ import annotations

from collections import Counter

from rskg.report.model import Report, Result
from rskg.report.telling import (
    because,
    counts,
    coverage,
    from_root,
    gravest_first,
    one_line,
    rank,
    shape_iri,
    shape_name,
    verdict,
)

#: GitHub drops what a step says beyond ten annotations of a kind.
MOST = 10
#: A summary may hold 1 MiB; rows are cut well before.
MOST_ROWS = 300
_MOST_IN_A_CELL = 400
_KINDS = ("error", "warning", "notice")


def as_github(report: Report, fail_on: str) -> str:
    """Workflow commands, new results first; what GitHub would drop is told in a plain line."""
    lines: list[str] = []
    said: Counter[str] = Counter()
    for result in gravest_first(report.results):
        kind = _kind(result)
        said[kind] += 1
        if said[kind] <= MOST:
            lines.append(_command(kind, result))
    for kind in _KINDS:
        if said[kind] > MOST:
            lines.append(
                f"GitHub shows {MOST} {kind}s of a step: {said[kind] - MOST} more "
                "are in the job's summary and in the other reports"
            )
    lines.append(f"{verdict(report, fail_on)}: {coverage(report)}: {counts(report.results)}")
    return "\n".join(lines) + "\n"


def as_summary(report: Report, fail_on: str) -> str:
    """The run in Markdown for `GITHUB_STEP_SUMMARY`."""
    rows = gravest_first(report.results)
    lines = [f"### rskg validate: {verdict(report, fail_on)}", "", f"{coverage(report)}: "]
    lines[-1] += counts(report.results)
    lines += [f"\n> {_cell(note)}" for note in report.notes]
    if rows:
        lines += ["", "| where | severity | what is wrong | shape |", "|---|---|---|---|"]
        lines += [_row(result) for result in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines += ["", f"{len(rows) - MOST_ROWS} more are in the other reports."]
    return "\n".join([*lines, "", ""])


def _kind(result: Result) -> str:
    return "notice" if result.known else _KINDS[rank(result)]


def _command(kind: str, result: Result) -> str:
    place = result.place
    fields: list[tuple[str, object]] = []
    if place:
        fields = [
            ("file", from_root(place.path)),
            ("line", place.line),
            ("endLine", place.end_line),
            ("col", place.column),
            # GitHub knows an end column only on one line
            ("endColumn", place.end_column if place.end_line in (None, place.line) else None),
        ]
    fields.append(("title", f"{'known: ' if result.known else ''}{shape_name(result)}"))
    said = ",".join(f"{name}={_property(str(value))}" for name, value in fields if value)
    return f"::{kind} {said}::{_data(_message(result))}"


def _message(result: Result) -> str:
    about = " ".join(filter(None, (result.focus, result.path, result.value)))
    lines = [
        result.sentence,
        about,
        *(f"{'- ' * bool(depth)}{text}" for depth, text in because(result)),
        result.fix and f"fix: {result.fix.sentence}",
    ]
    return "\n".join(one_line(line) for line in lines if line)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _row(result: Result) -> str:
    iri = shape_iri(result)
    name = _cell(shape_name(result))
    where = _cell(_where(result))
    severity = f"{'known ' if result.known else ''}{result.severity.lower()}"
    words = " | ".join((result.sentence, *(text for _, text in because(result))))
    shape = f"[{name}]({iri})" if iri and iri.startswith("http") else name
    return f"| {where} | {severity} | {_cell(words)} | {shape} |"


def _where(result: Result) -> str:
    if not result.place:
        return result.focus
    cell = f" ({result.place.cell})" if result.place.cell else ""
    column = f":{result.place.column}" if result.place.column else ""
    return f"{from_root(result.place.path)}:{result.place.line}{column}{cell}"


def _cell(text: str) -> str:
    """Text that Markdown shows as it is, within one cell."""
    short = one_line(text)
    if len(short) > _MOST_IN_A_CELL:
        short = short[:_MOST_IN_A_CELL] + "…"
    return "".join(_ENTITIES.get(character, character) for character in short)


_ENTITIES = {c: f"&#{ord(c)};" for c in "&<>|`*_[]()~@\\#!"}
