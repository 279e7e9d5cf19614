"""What the columns of a table are to a picture: labels, measures, the roles of its header."""

from __future__ import annotations

from rskg.endpoint.pages.solutions import Row, Table
from rskg.endpoint.pages.words import name
from rskg.query import Chart

UNKNOWN = "unknown"


def label_of(row: Row, column: str, labels: dict[str, str]) -> str:
    """What to call a cell: its own label column, a label from the graph, or its text."""
    beside = row.get(f"{column}Label")
    if beside is not None:
        return beside.text
    value = row.get(column)
    if value is None:
        return UNKNOWN
    return labels.get(value.text) or (name(value.text) if value.is_iri else value.text)


def iri_of(row: Row, column: str) -> str:
    """The thing that a cell names, or the one whose label it is; else nothing."""
    for each in (column, column.removesuffix("Label")):
        if each in row and row[each].is_iri:
            return row[each].text
    return ""


def shown(table: Table) -> tuple[str, ...]:
    """The columns that a table shows: `xLabel` is drawn inside `x`."""
    names = set(table.names)
    return tuple(
        n for n in table.names if not (n.endswith("Label") and n.removesuffix("Label") in names)
    )


def measures(table: Table) -> list[str]:
    """The columns in which every bound value is a number."""
    return [n for n in shown(table) if (c := table.column(n)) and all(v.is_number for v in c)]


def measure_of(chart: Chart, table: Table, *, last: bool = False) -> str:
    """The column to measure: the header's, else the first or last number; "" to count rows."""
    if named := chart.columns.get("value"):
        return named
    numbers = measures(table)
    return (numbers[-1] if last else numbers[0]) if numbers else ""


def others(table: Table) -> list[str]:
    """The columns that hold no numbers."""
    numbers = measures(table)
    return [n for n in shown(table) if n not in numbers]


def amount(row: Row, column: str) -> float:
    """How much a row counts: its measure, or 1 where rows are counted."""
    if not column:
        return 1.0
    return row[column].number if column in row else 0.0
