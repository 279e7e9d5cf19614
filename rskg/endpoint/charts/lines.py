"""Lines over years: a column's sum a year, or how many rows a year has."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rskg.endpoint.charts.columns import amount, iri_of, label_of
from rskg.endpoint.pages.solutions import Table
from rskg.endpoint.pages.words import heading
from rskg.query import Chart

WIDTH, LEFT, TOP, FLOOR = 760, 48, 16, 280
#: The room at the right: for the lines' names, and without any.
NAMES, EDGE = 184, 32
MOST_LINES = 6
TICKS = 4


@dataclass(frozen=True)
class Dot:
    """A year's value, its place, and the numbers of the rows that it sums, from 1 on."""

    year: int
    value: float
    x: float
    y: float
    rows: str = ""


@dataclass(frozen=True)
class Line:
    """One series: its name, the thing it is about, its years."""

    label: str
    iri: str
    dots: tuple[Dot, ...]
    label_y: float

    @property
    def path(self) -> str:
        """The line as SVG."""
        return "M" + "L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in self.dots)


@dataclass(frozen=True)
class Lines:
    """A line chart: what is measured, its lines, its ticks (place and number) on both axes.

    `end` is where the years end.
    """

    measure: str
    end: int
    lines: tuple[Line, ...]
    years: tuple[tuple[float, int], ...]
    levels: tuple[tuple[float, float], ...]
    more: int
    kind: str = "line"


def lines(table: Table, labels: dict[str, str], chart: Chart) -> Lines | None:
    """A line a series (`series`), over the years of `x`; without `y`, the rows are counted."""
    x, y, by = (chart.columns.get(role, "") for role in ("x", "y", "series"))
    sums: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    rows: dict[tuple[tuple[str, str], int], list[str]] = defaultdict(list)
    for number, row in enumerate(table, 1):
        year = row[x].text[:4] if x in row else ""
        if year.isdigit():
            key = (label_of(row, by, labels), iri_of(row, by)) if by else ("", "")
            sums[key][int(year)] += amount(row, y)
            rows[key, int(year)].append(str(number))
    years = sorted({year for each in sums.values() for year in each})
    if len(years) < 2:
        return None
    if not y:  # a year without a row is a year with none on record
        every = range(years[0], years[-1] + 1)
        sums = {key: {year: each.get(year, 0.0) for year in every} for key, each in sums.items()}
    levels = _levels([value for each in sums.values() for value in each.values()])
    end = WIDTH - (NAMES if any(label for label, _ in sums) else EDGE)
    kept = sorted(sums.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    first, last = years[0], years[-1]

    def across(year: int) -> float:
        return LEFT + (end - LEFT) * (year - first) / (last - first)

    def above(value: float) -> float:
        return FLOOR - (FLOOR - TOP) * max(value, 0) / levels[-1]

    drawn = [
        (
            name,
            tuple(
                Dot(year, value, across(year), above(value), ",".join(rows[name, year]))
                for year, value in sorted(each.items())
            ),
        )
        for name, each in kept[:MOST_LINES]
    ]
    step = max(1, (last - first) // 6)
    return Lines(
        measure=heading(y) if y else "Rows a year",
        end=end,
        lines=tuple(_spread(drawn)),
        years=tuple((across(year), year) for year in range(first, last + 1, step)),
        levels=tuple((above(level), level) for level in levels),
        more=len(kept) - len(drawn),
    )


def _spread(drawn: Sequence[tuple[tuple[str, str], tuple[Dot, ...]]]) -> list[Line]:
    """The lines with their names at their ends, moved up where they would overlap."""
    found: list[Line] = []
    highest = FLOOR + 16.0
    for (label, iri), dots in sorted(drawn, key=lambda each: -each[1][-1].y):
        highest = min(highest - 16, dots[-1].y)
        found.append(Line(label, iri, dots, highest))
    return found


def _levels(values: Sequence[float]) -> list[float]:
    """Round numbers from zero to the first that no value exceeds; whole ones for whole values."""
    most = max(*values, 0.0)
    least = 1.0 if all(value.is_integer() for value in values) else 0.0
    wanted = max(most / TICKS, least) or 1.0
    ten = 10.0 ** math.floor(math.log10(wanted))
    step = next(ten * each for each in (1, 2, 5, 10) if ten * each >= wanted)
    return [round(step * n, 10) for n in range(max(math.ceil(round(most / step, 6)), 1) + 1)]
