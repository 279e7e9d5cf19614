"""Pictures of a table that need no script: bars drawn as SVG, a matrix of shaded cells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rskg.endpoint.solutions import Row, Table
from rskg.endpoint.words import heading, name

MOST_BARS = 30
SHADES = 5
CHART_WIDTH = 78.0


@dataclass(frozen=True)
class Bar:
    """One bar: its label, where that leads, its value and its length in per cent."""

    label: str
    iri: str
    value: float
    length: float


@dataclass(frozen=True)
class Bars:
    """A bar chart: what is measured, the bars, and how many rows it leaves out."""

    measure: str
    bars: tuple[Bar, ...]
    more: int


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: its number, if any is known, and its shade from 1 to SHADES."""

    value: float | None
    shade: int


@dataclass(frozen=True)
class Matrix:
    """Rows by columns with a number in each known cell."""

    measure: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]


def label_of(row: Row, column: str, labels: dict[str, str]) -> str:
    """What to call a cell: its own label column, a label from the graph, or its text."""
    beside = row.get(f"{column}Label")
    if beside is not None:
        return beside.text
    value = row.get(column)
    if value is None:
        return "unknown"
    return labels.get(value.text) or (name(value.text) if value.is_iri else value.text)


def shown(table: Table) -> tuple[str, ...]:
    """The columns that a table shows: `xLabel` is drawn inside `x`."""
    names = set(table.names)
    return tuple(
        n for n in table.names if not (n.endswith("Label") and n.removesuffix("Label") in names)
    )


def measures(table: Table) -> list[str]:
    """The columns in which every bound value is a number."""
    return [n for n in shown(table) if (c := table.column(n)) and all(v.is_number for v in c)]


def bars(table: Table, labels: dict[str, str]) -> Bars | None:
    """A bar a row: the last numeric column is the length, the first other column the label."""
    numbers = measures(table)
    others = [n for n in shown(table) if n not in numbers]
    if not numbers or not others:
        return None
    measure, thing = numbers[-1], others[0]
    rows = [row for row in table if measure in row]
    most = max((row[measure].number for row in rows), default=0.0)
    if most <= 0:
        return None
    drawn = tuple(
        Bar(
            label_of(row, thing, labels),
            row[thing].text if thing in row and row[thing].is_iri else "",
            row[measure].number,
            round(CHART_WIDTH * max(row[measure].number, 0) / most, 2),
        )
        for row in rows[:MOST_BARS]
    )
    return Bars(heading(measure), drawn, len(rows) - len(drawn))


def matrix(table: Table, labels: dict[str, str]) -> Matrix | None:
    """The first column down, the second across, the first number (or a count) in the cells."""
    numbers = measures(table)
    others = [n for n in shown(table) if n not in numbers]
    if len(others) < 2:
        return None
    down, across = others[:2]
    sums: dict[tuple[str, str], float] = defaultdict(float)
    links: dict[str, str] = {}
    columns: dict[str, None] = {}
    for row in table:
        key = label_of(row, down, labels), label_of(row, across, labels)
        sums[key] += row[numbers[0]].number if numbers and numbers[0] in row else 1
        links.setdefault(key[0], row[down].text if down in row and row[down].is_iri else "")
        columns[key[1]] = None
    most = max(sums.values(), default=0.0) or 1.0
    rows = tuple(
        (label, iri, tuple(_cell(sums.get((label, column)), most) for column in columns))
        for label, iri in links.items()
    )
    return Matrix(heading(numbers[0]) if numbers else "Rows", tuple(columns), rows)


def _cell(value: float | None, most: float) -> Cell:
    if value is None:
        return Cell(None, 0)
    return Cell(value, max(1, min(SHADES, round(SHADES * value / most))) if value > 0 else 0)
