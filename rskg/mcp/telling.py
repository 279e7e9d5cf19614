"""Answers in plain text: first whether that is all, then the rows."""

from __future__ import annotations

import json

from rskg.mcp.graph import Told

#: The most letters of an answer that are shown.
MOST_LETTERS = 100_000


def said(told: Told, most: int) -> str:
    """An answer: a sentence that says whether it is complete, and up to `most` rows or triples."""
    if told.form == "boolean":
        truth = str(json.loads(told.body)["boolean"]).lower()
        return f"Complete: the answer is {truth}{_at(told)}."
    head, lines, what = _lines(told)
    shown = _shown(lines, most)
    body = "\n".join([*head, *shown])
    return f"{_completeness(len(shown), len(lines), what, told)}\n\n{body}"


def _lines(told: Told) -> tuple[list[str], list[str], str]:
    """The heading, the complete lines after it, and what a line is."""
    lines = told.body.decode("utf-8", "ignore").split("\n")
    last = lines.pop()  # cut in the middle, or nothing after the last line's end
    if last and not told.cut:
        lines.append(last)
    if told.form == "graph":
        return [], lines, "lines of triples"
    return lines[:1], lines[1:], "rows"


def _shown(lines: list[str], most: int) -> list[str]:
    left, shown = MOST_LETTERS, []
    for line in lines[:most]:
        left -= len(line)
        if left < 0:
            break
        shown.append(line)
    return shown


def _completeness(shown: int, found: int, what: str, told: Told) -> str:
    if shown == found and not told.cut:
        count = f"all {found:,} {what}" if found else f"there are no {what}"
        return f"Complete: {count}{_at(told)}."
    more = "more than " if told.cut else ""
    return (
        f"Not complete: the first {shown:,} of {more}{found:,} {what}{_at(told)}; "
        "show more rows, or count, filter and aggregate by SPARQL."
    )


def _at(told: Told) -> str:
    return f", at revision {told.revision}" if told.revision is not None else ""
