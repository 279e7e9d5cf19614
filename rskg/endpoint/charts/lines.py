"""Lines over years: a column's sum a year, or how many rows a year has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rskg.endpoint.charts.columns import amount, iri_of, label_of
from rskg.endpoint.pages.solutions import Table
from rskg.endpoint.pages.words import heading
from rskg.query import Chart

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FLOOR = 760, 320, 48, 184, 16, 280
MOST_LINES = 6
TICKS = 4


@dataclass(frozen=True)
class Dot:
    """A year's value and its place."""

    year: int
    value: float
    x: float
    y: float


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
    """A line chart: what is measured, its lines, its ticks (place and number) on both axes."""

    measure: str
    lines: tuple[Line, ...]
    years: tuple[tuple[float, int], ...]
    levels: tuple[tuple[float, float], ...]
    more: int
    kind: str = "line"


def lines(table: Table, labels: dict[str, str], chart: Chart) -> Lines | None:
    """A line a series (`series`), over the years of `x`; without `y`, the rows are counted."""
    x, y, by = (chart.columns.get(role, "") for role in ("x", "y", "series"))
    sums: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in table:
        year = row[x].text[:4] if x in row else ""
        if year.isdigit():
            key = (label_of(row, by, labels), iri_of(row, by)) if by else ("", "")
            sums[key][int(year)] += amount(row, y)
    years = sorted({year for each in sums.values() for year in each})
    if len(years) < 2:
        return None
    if not y:  # a year without a row is a year with none on record
        every = range(years[0], years[-1] + 1)
        sums = {key: {year: each.get(year, 0.0) for year in every} for key, each in sums.items()}
    top = max(value for each in sums.values() for value in each.values()) or 1.0
    kept = sorted(sums.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    first, last = years[0], years[-1]

    def place(year: int, value: float) -> Dot:
        across = LEFT + (WIDTH - LEFT - RIGHT) * (year - first) / (last - first)
        return Dot(year, value, across, FLOOR - (FLOOR - TOP) * max(value, 0) / top)

    drawn = [
        (name, tuple(place(year, value) for year, value in sorted(each.items())))
        for name, each in kept[:MOST_LINES]
    ]
    step = max(1, (last - first) // 6)
    return Lines(
        measure=heading(y) if y else "Rows a year",
        lines=tuple(_spread(drawn)),
        years=tuple((place(year, 0).x, year) for year in range(first, last + 1, step)),
        levels=tuple((place(first, v).y, v) for v in _levels(top)),
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


def _levels(top: float) -> list[float]:
    if top <= TICKS:
        return [float(n) for n in range(int(top) + 1)]
    return [round(top * n / TICKS, 1 if top < 10 else 0) for n in range(TICKS + 1)]
