"""A matrix: one column down, another across, shaded numbers where they meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rskg.endpoint.charts.columns import amount, iri_of, label_of, measure_of, others
from rskg.endpoint.pages.solutions import Table
from rskg.endpoint.pages.words import heading
from rskg.query import Chart

SHADES = 5
MATRIX = Chart("matrix")
Key = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: its number, if any is known, its shade from 1 to SHADES, its rows."""

    value: float | None
    shade: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """Rows by columns with a number in each known cell."""

    measure: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    kind: str = "matrix"


def matrix(table: Table, labels: dict[str, str], chart: Chart = MATRIX) -> Matrix | None:
    """The first column down, the second across, the first number (or a count) in the cells."""
    free = others(table)
    down = chart.columns.get("down") or next(iter(free), "")
    across = chart.columns.get("across") or next(iter(free[1:]), "")
    if not down or not across:
        return None
    measure = measure_of(chart, table)
    sums: dict[Key, float] = defaultdict(float)
    found: dict[Key, list[int]] = defaultdict(list)
    links: dict[str, str] = {}
    columns: dict[str, None] = {}
    for number, row in enumerate(table, 1):
        key = label_of(row, down, labels), label_of(row, across, labels)
        sums[key] += amount(row, measure) if measure in row else 1
        found[key].append(number)
        links.setdefault(key[0], iri_of(row, down))
        columns[key[1]] = None
    most = max(sums.values(), default=0.0) or 1.0
    rows = tuple(
        (label, iri, tuple(_cell(sums, (label, column), most, found) for column in columns))
        for label, iri in links.items()
    )
    return Matrix(heading(measure) if measure else "Rows", tuple(columns), rows) if rows else None


def _cell(sums: Mapping[Key, float], key: Key, most: float, rows: Mapping[Key, list[int]]) -> Cell:
    if key not in sums:
        return Cell(None, 0)
    value = sums[key]
    shade = max(1, min(SHADES, round(SHADES * value / most))) if value > 0 else 0
    return Cell(value, shade, tuple(rows[key]))
