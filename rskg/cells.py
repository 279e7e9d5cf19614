"""A CSV table as rows of items, each cell checked against what the description says of it (CSVW).

`csvw:datatype` names one of the datatypes below; `csvw:valueUrl` is an IRI with the column's name
in braces, and leads to something that the graph knows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from rskg.dataset import Column, Table
from rskg.errors import InputError
from rskg.syntax import read_text

#: A row: the line on which it ends, and the items of each cell that isn't empty, by column.
Row = tuple[int, Mapping[str, Sequence[str]]]

_CELL = re.compile(r'"(?:[^"]|"")*"|[^,\r\n]*')
#: What the cells of a datatype look like (XML Schema 1.1 Part 2), and what to call them.
_DATATYPES = {
    "decimal": (re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"), "a decimal number"),
    "integer": (re.compile(r"[+-]?[0-9]+"), "a whole number"),
    "boolean": (re.compile(r"true|false"), "true or false"),
    "gYear": (re.compile(r"[0-9]{4}"), "a year of four digits"),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "a day such as 2026-11-22"),
    "anyURI": (re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+"), "an address"),
}


def rows(table: Table) -> Iterator[Row]:
    """Each row with the line on which it ends; a ragged row is an error, not a guess.

    Raises InputError with file, line and column for a table or a cell that can't be read.
    """
    reader = csv.reader(StringIO(read_text(table.path), newline=""), strict=True)
    try:
        names = next(reader, [])
        _check_heading(table, names)
        kinds = [_kind(table, name) for name in names]
        for cells in reader:
            if len(cells) != len(names):
                raise InputError(
                    f"this row has {len(cells)} cells, the heading has {len(names)}",
                    path=table.path,
                    line=reader.line_num,
                )
            row = {}
            for kind, cell in zip(kinds, cells, strict=True):
                if items := _items(kind, cell):
                    row[kind.name] = items
                    if kind.datatype:
                        _check(table, reader.line_num, kind, items)
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            f"not a CSV table: {error}", path=table.path, line=reader.line_num
        ) from error


class Layout:
    """Where the cells of a table stand in its file; lines and columns count from 1."""

    def __init__(self, path: Path) -> None:
        self._lines = list(StringIO(read_text(path), newline=""))
        reader = csv.reader(self._lines, strict=True)
        self.names = next(reader, [])
        self._first: dict[int, int] = {}
        before = reader.line_num
        for _ in reader:
            self._first[reader.line_num] = before + 1
            before = reader.line_num

    def at(self, line: int, name: str) -> tuple[int, int, int, int]:
        """First line and column of a cell, and the line and column behind it.

        The row is told by the line on which it ends.
        """
        first = self._first[line]
        text = "".join(self._lines[first - 1 : line])
        start = end = 0
        for _ in self.names[: self.names.index(name) + 1]:
            cell = _CELL.match(text, start)
            end = cell.end() if cell else start
            here, start = start, end + 1
        return (*_place(text, here, first), *_place(text, end, first))


def _place(text: str, offset: int, first: int) -> tuple[int, int]:
    before = text[:offset]
    return first + before.count("\n"), offset - (before.rfind("\n") + 1) + 1


def check_links(table: Table, known: Collection[str]) -> None:
    """Raise InputError, with line and column, for a cell that leads to nothing that is known."""
    links = [column for column in table.columns.values() if column.value_url]
    if not links:
        return
    for line, cells in rows(table):
        for column in links:
            for item in cells.get(column.name, ()):
                iri = str(column.value_url).replace(f"{{{column.name}}}", item)
                if iri not in known:
                    raise InputError(
                        f"column {column.name}: nothing is known of `{item}`: there is no <{iri}>",
                        path=table.path,
                        line=line,
                    )


def _kind(table: Table, name: str) -> Column:
    kind = table.columns.get(name, Column(name))
    if kind.datatype and kind.datatype not in _DATATYPES:
        known = ", ".join(_DATATYPES)
        raise InputError(
            f"the column `{name}` has a datatype that isn't one of {known}: {kind.datatype}",
            path=table.path.with_name("dataset.ttl"),
        )
    return kind


def _items(kind: Column, cell: str) -> list[str]:
    parts = cell.split(kind.separator) if kind.separator else [cell]
    return [part.strip() for part in parts if part and not part.isspace()]


def _check(table: Table, line: int, kind: Column, items: Sequence[str]) -> None:
    pattern, name = _DATATYPES[str(kind.datatype)]
    for item in items:
        if not pattern.fullmatch(item):
            raise InputError(
                f"column {kind.name}: `{item}` is not {name}", path=table.path, line=line
            )


def _check_heading(table: Table, names: Sequence[str]) -> None:
    if not names or len(set(names)) < len(names) or not all(n.isidentifier() for n in names):
        raise InputError(
            "the first row must name each column once, in letters, digits and _",
            path=table.path,
            line=1,
        )
    for column in table.columns.values():
        if column.separator and column.name not in names:
            raise InputError(
                f"the list column `{column.name}` is not in the table", path=table.path
            )
