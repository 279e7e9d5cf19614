"""A CSV table as rows of items, each cell checked against what the description says of it (CSVW).

`csvw:datatype` names one of the datatypes below; `csvw:valueUrl` is an IRI with the column's name
in braces, and leads to something that the graph knows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

from rskg.dataset import Column, Table
from rskg.errors import InputError
from rskg.syntax import read_text

#: A row: the line on which it ends, and the items of each cell that isn't empty, by column.
Row = tuple[int, Mapping[str, Sequence[str]]]

_CELLS = {
    sign: re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(sign)}\r\n]*') for sign in (",", ";", "\t")
}
#: A cell as RFC 4180 has it, and what ends it: a comma, a line's end or that of the table.
_WHOLE = re.compile(r'(?:"(?:[^"]|"")*+"|(?!")[^,\r\n]*+)(,|\r\n?|\n|\Z)')
#: What the cells of a datatype look like (XML Schema 1.1 Part 2), and what to call them.
DATATYPES = {
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
    text = _text(table.path)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        names = next(reader, [])
        _check_heading(table, names)
        kinds = [_kind(table, name) for name in names]
        for cells in reader:
            if len(cells) != len(names):
                raise _ragged(table.path, reader.line_num, cells, names)
            row = {}
            for kind, cell in zip(kinds, cells, strict=True):
                if items := _items(kind, cell):
                    row[kind.name] = items
                    if kind.datatype:
                        _check(table, reader.line_num, kind, items)
            yield reader.line_num, row
    except csv.Error as error:
        raise _unquoted(table.path, text, reader.line_num, error) from error


class Layout:
    """Where the cells of a table, a file or its text, stand; lines and columns count from 1."""

    def __init__(self, table: Path | str, delimiter: str = ",") -> None:
        text = read_text(table) if isinstance(table, Path) else table
        self._lines = list(StringIO(text, newline=""))
        self._cell = _CELLS[delimiter]
        reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        self._first: dict[int, int] = {}
        self.names: list[str] = []
        with suppress(csv.Error):  # of a table that breaks off, what stands before
            self.names = next(reader, [])
            before = reader.line_num
            self._first[before] = 1
            for _ in reader:
                self._first[reader.line_num] = before + 1
                before = reader.line_num

    def at(self, line: int, name: str) -> tuple[int, int, int, int]:
        """First line and column of a cell, and the line and column behind it.

        The row is told by the line on which it ends.
        """
        return self.cell(line, self.names.index(name))

    def cell(self, line: int, index: int) -> tuple[int, int, int, int]:
        """The same for a cell told by its place in the row, from 0."""
        first = self._first[line]
        text = "".join(self._lines[first - 1 : line])
        here = start = end = 0
        for _ in range(index + 1):
            cell = self._cell.match(text, start)
            end = cell.end() if cell else start
            here, start = start, end + 1
        return (*_place(text, here, first), *_place(text, end, first))


def _place(text: str, offset: int, first: int = 1) -> tuple[int, int]:
    before = text[:offset]
    return first + before.count("\n"), offset - (before.rfind("\n") + 1) + 1


def _text(path: Path) -> str:
    """A table's text; raises InputError with the column in which it isn't UTF-8."""
    try:
        return read_text(path)
    except InputError as error:
        if error.line is None or error.column is None:
            raise
        text = path.read_bytes().decode("utf-8-sig", "replace")
        lines = text.split("\n")[: error.line]
        head = "\n".join([*lines[:-1], lines[-1][: error.column - 1]])
        name = next(name for name, start, end in _cells(text) if start <= len(head) <= end)
        reason = f"column {name}: {error.reason}; save the table as UTF-8"
        raise InputError(reason, path=path, line=error.line, column=error.column) from error


def _cells(text: str) -> Iterator[tuple[str, int, int]]:
    """Each cell's column, and where it starts and ends; at the first that isn't whole, the rest."""
    names: list[str] = []
    index = at = 0
    is_heading = True
    while at < len(text):
        cell = _WHOLE.match(text, at)
        end = cell.start(1) if cell else len(text)
        if is_heading:
            names.append(text[at:end].strip('"'))
        yield names[index] if index < len(names) else f"number {index + 1}", at, end
        at = cell.end() if cell else end
        is_heading = is_heading and bool(cell and cell[1] == ",")
        index = index + 1 if cell and cell[1] == "," else 0


def _unquoted(path: Path, text: str, line: int, error: csv.Error) -> InputError:
    """A table that isn't one, with the cell whose quotes aren't right."""
    for name, start, end in _cells(text):
        if end == len(text) and not _WHOLE.match(text, start):
            line, column = _place(text, start)
            reason = (
                f"column {name}: not a CSV table: the quote that opens here isn't closed at a "
                'comma or the end of a row; a quote within a cell is written twice ("")'
            )
            return InputError(reason, path=path, line=line, column=column)
    return InputError(f"not a CSV table: {error}", path=path, line=line)


def _ragged(path: Path, line: int, cells: Sequence[str], names: Sequence[str]) -> InputError:
    """A row that has more or fewer cells than the heading: where the first one stands or lacks."""
    counted = f"this row has {len(cells)} cells, the heading has {len(names)}"
    layout = Layout(path)
    if len(cells) > len(names):
        line, column, *_ = layout.cell(line, len(names))
        return InputError(
            f"{counted}: from `{cells[len(names)]}` on they are in no column; a cell that holds a "
            "comma is quoted",
            path=path,
            line=line,
            column=column,
        )
    *_, line, column = layout.cell(line, len(cells) - 1)
    return InputError(
        f"{counted}: column {names[len(cells)]} has none", path=path, line=line, column=column
    )


def _wrong(table: Table, line: int, name: str, sentence: str) -> InputError:
    """What is wrong with a cell, at its place."""
    line, column, *_ = Layout(table.path).at(line, name)
    return InputError(f"column {name}: {sentence}", path=table.path, line=line, column=column)


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
                    sentence = f"nothing is known of `{item}`: there is no <{iri}>"
                    raise _wrong(table, line, column.name, sentence)


def _kind(table: Table, name: str) -> Column:
    kind = table.columns.get(name, Column(name))
    if kind.datatype and kind.datatype not in DATATYPES:
        known = ", ".join(DATATYPES)
        raise InputError(
            f"the column `{name}` has a datatype that isn't one of {known}: {kind.datatype}",
            path=table.path.with_name("dataset.ttl"),
        )
    return kind


def _items(kind: Column, cell: str) -> list[str]:
    parts = cell.split(kind.separator) if kind.separator else [cell]
    return [part.strip() for part in parts if part and not part.isspace()]


def _check(table: Table, line: int, kind: Column, items: Sequence[str]) -> None:
    pattern, name = DATATYPES[str(kind.datatype)]
    for item in items:
        if not pattern.fullmatch(item):
            raise _wrong(table, line, kind.name, f"`{item}` is not {name}")


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
