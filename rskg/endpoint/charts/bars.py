"""Bars: one a row, the longest that fit a page."""

from __future__ import annotations

from dataclasses import dataclass

from rskg.endpoint.charts.columns import iri_of, label_of, measure_of, others
from rskg.endpoint.pages.solutions import Table, text_of
from rskg.endpoint.pages.words import heading
from rskg.query import Chart

MOST_BARS = 30
CHART_WIDTH = 78.0
BAR = Chart("bar")


@dataclass(frozen=True)
class Bar:
    """One bar: label, where that leads, value, length in per cent, its row from 1 on, date."""

    label: str
    iri: str
    value: float
    length: float
    row: int
    date: str = ""


@dataclass(frozen=True)
class Bars:
    """A bar chart: what is measured, the bars, and how many rows it leaves out."""

    measure: str
    bars: tuple[Bar, ...]
    more: int
    kind: str = "bar"


def bars(table: Table, labels: dict[str, str], chart: Chart = BAR) -> Bars | None:
    """A bar a row: unless the header says, the last number is the length, the label is first."""
    measure = measure_of(chart, table, last=True)
    named = [chart.columns["label"]] if "label" in chart.columns else others(table)
    if not measure or not named:
        return None
    rows = [(n, row) for n, row in enumerate(table, 1) if measure in row]
    if "value" in chart.columns:
        rows.sort(key=lambda each: -each[1][measure].number)
    most = max((row[measure].number for _, row in rows), default=0.0)
    if most <= 0:
        return None
    drawn = tuple(
        Bar(
            label_of(row, named[0], labels),
            iri_of(row, named[0]),
            row[measure].number,
            round(CHART_WIDTH * max(row[measure].number, 0) / most, 2),
            number,
            text_of(row, chart.columns.get("date", "")),
        )
        for number, row in rows[:MOST_BARS]
    )
    return Bars(heading(measure), drawn, len(rows) - len(drawn))
