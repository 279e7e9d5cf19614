"""Results about tables, at the cell behind the triple at fault: `table.csv:LINE:COLUMN`.

Which cell that is, the map says: without it the triple isn't made, or with something in it what
is missing is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rskg.cells import Layout, Row
from rskg.check.places import MISSING
from rskg.dataset import Table
from rskg.mapping import row_lines, rows_about
from rskg.report import Place, Result

_IRI = re.compile(r"<[^<>]*>")
#: So many results get their cell, further ones their row: a cell takes a few maps of a row.
ENOUGH = 200
_OTHER = ("x",)
_Test = Callable[[Row, str, Result, set[bytes]], bool]


def in_cells(results: Sequence[Result], tables: Mapping[str, Table]) -> list[Result]:
    """The results, those placed in what a table was mapped to now at its row and cell."""
    about: dict[str, list[Result]] = {}
    for result in results:
        if result.place and result.place.path in tables:
            about.setdefault(result.place.path, []).append(result)
    found: dict[int, Place] = {}
    for path, its in about.items():
        found.update(_Cells(tables[path], its).places())
    return [result.at(found.get(id(result), result.place)) for result in results]


class _Cells:
    """The rows of one table that its results are about."""

    def __init__(self, table: Table, results: Sequence[Result]) -> None:
        self._table, self._results, self._layout = table, results, Layout(table.path)
        self._rows: dict[str, list[Row]] = {}
        self._samples: dict[str, Sequence[str]] = {}
        self._usual: dict[tuple[object, ...], tuple[_Test, str]] = {}
        for row, said in rows_about(table, {result.focus for result in results}):
            for subject in said:
                self._rows.setdefault(subject, []).append(row)
            for name, items in row[1].items():
                self._samples.setdefault(name, items)

    def places(self) -> Iterator[tuple[int, Place]]:
        """The place of each result, by its identity."""
        for count, result in enumerate(self._results):
            rows = self._rows.get(result.focus)
            if rows:
                row = self._row(rows, result)
                name = self._column(row, result) if count < ENOUGH else self._layout.names[0]
                at = self._layout.at(row[0], name)
                yield id(result), Place(str(self._table.path), *at, cell=name)

    def _row(self, rows: Sequence[Row], result: Result) -> Row:
        """The row that makes the triple at fault; the first about the focus node where none is."""
        if len(rows) == 1:
            return rows[0]
        making = (row for row in rows if self._at_fault(row_lines(self._table, row), result))
        return next(making, rows[0])

    def _column(self, row: Row, result: Result) -> str:
        """The column whose cell the result is about; else the one that names the focus node."""
        wrong = self._at_fault(row_lines(self._table, row), result)
        filled = tuple(name for name in self._layout.names if name in row[1])
        empty = tuple(name for name in self._layout.names if name not in row[1])
        first: tuple[_Test, tuple[str, ...]]
        first = (self._changes, filled) if wrong else (self._completes, empty)
        kind = (result.shape, result.path, result.component, () if wrong else empty)
        stages = (first, (self._names, filled))
        trials: list[tuple[_Test, str]] = [(test, n) for test, names in stages for n in names]
        if kind in self._usual:  # what was right for its like is tried first
            trials.insert(0, self._usual[kind])
        for trial in trials:
            if trial[0](row, trial[1], result, wrong):
                self._usual[kind] = trial
                return trial[1]
        return self._layout.names[0]

    def _changes(self, row: Row, name: str, result: Result, wrong: set[bytes]) -> bool:
        """Whether another cell here makes another triple about the same node."""
        left = self._with(row, name, _OTHER)
        return bool(wrong - left) and not _lost(result, left)

    def _completes(self, row: Row, name: str, result: Result, _: set[bytes]) -> bool:
        """Whether what is missing is there with a cell here, as another row has it."""
        return bool(self._at_fault(self._with(row, name, self._samples.get(name, _OTHER)), result))

    def _names(self, row: Row, name: str, result: Result, _: set[bytes]) -> bool:
        """Whether another cell here makes triples about another node."""
        return _lost(result, self._with(row, name, _OTHER))

    def _at_fault(self, made: set[bytes], result: Result) -> set[bytes]:
        """The lines that the result is about."""
        steps = _IRI.findall(result.path or "")
        starts = tuple(f"{result.focus} {step} ".encode() for step in steps)
        value = result.value if result.component not in MISSING else None
        end = f" {value or ''} .\n".encode()
        return {
            line
            for line in made
            if line.startswith(starts) and (value is None or line.endswith(end))
        }

    def _with(self, row: Row, name: str, items: Sequence[str]) -> set[bytes]:
        """What the map makes of the row with something else in a cell."""
        return row_lines(self._table, (row[0], {**row[1], name: items}))


def _lost(result: Result, made: set[bytes]) -> bool:
    about = f"{result.focus} ".encode()
    return not any(line.startswith(about) for line in made)
