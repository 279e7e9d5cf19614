"""Tables to triples: each row is a node with one string a column, and `map.rq` says the rest.

A row is `urn:rskg:row:<n>` (n counts from 1), a column `urn:rskg:column:<name>`. An empty cell
gives no triple; a list column (CSVW separator in the description) gives one an item. Rows are
mapped in chunks, so a map may not look beyond its row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from rskg.dataset import Dataset, Table
from rskg.errors import InputError, QuerySyntaxError
from rskg.namespaces import COLUMN, ROW
from rskg.report import Place
from rskg.store import Workbench
from rskg.syntax import Literal, NamedNode, Triple, parse, skolemise

CHUNK = 1000
_Row = tuple[int, dict[str, str]]


def facts(dataset: Dataset) -> list[Triple]:
    """Everything that a dataset's files state, each triple once.

    Raises InputError with file and line for a document, table or map that can't be read.
    """
    told = [t for path in dataset.documents for t in skolemise(parse(path))]
    if dataset.table:
        told.extend(_mapped(dataset.table))
    return list(dict.fromkeys(told))


def rows_that_say(table: Table, subjects: Sequence[str]) -> dict[str, Place]:
    """The row of the table behind each of these subjects (N-Triples syntax), by mapping singly."""
    wanted, found = set(subjects), dict[str, Place]()
    for row in _rows(table):
        if wanted <= found.keys():
            break
        for triple in _map_chunk(table, [row]):
            subject = str(triple.subject)
            if subject in wanted and subject not in found:
                found[subject] = Place(str(table.path), row[0])
    return found


def _mapped(table: Table) -> Iterator[Triple]:
    rows = iter(_rows(table))
    while chunk := list(islice(rows, CHUNK)):
        yield from _map_chunk(table, chunk)


def _map_chunk(table: Table, chunk: Sequence[_Row]) -> list[Triple]:
    bench = Workbench()
    bench.add(_row_triples(chunk, table.separators))
    try:
        return bench.construct(table.map_path.read_text(encoding="utf-8"))
    except QuerySyntaxError as error:
        raise InputError(
            error.reason, path=table.map_path, line=error.line, column=error.column
        ) from error


def _row_triples(chunk: Sequence[_Row], separators: Mapping[str, str]) -> Iterator[Triple]:
    for line, cells in chunk:
        node = NamedNode(f"{ROW}{line}")
        for name, cell in cells.items():
            separator = separators.get(name)
            for item in cell.split(separator) if separator else [cell]:
                if item.strip():
                    yield Triple(node, NamedNode(COLUMN + name), Literal(item.strip()))


def _rows(table: Table) -> Iterator[_Row]:
    """Each row with the line on which it ends; a ragged row is an error, not a guess."""
    try:
        with table.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = next(reader, [])
            _check_heading(table, names)
            for cells in reader:
                if len(cells) != len(names):
                    raise InputError(
                        f"this row has {len(cells)} cells, the heading has {len(names)}",
                        path=table.path,
                        line=reader.line_num,
                    )
                yield reader.line_num, dict(zip(names, cells, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"not a UTF-8 CSV table: {error}", path=table.path) from error


def _check_heading(table: Table, names: Sequence[str]) -> None:
    if not names or len(set(names)) < len(names) or not all(n.isidentifier() for n in names):
        raise InputError(
            "the first row must name each column once, in letters, digits and _",
            path=table.path,
            line=1,
        )
    for name in table.separators:
        if name not in names:
            raise InputError(f"the list column `{name}` is not in the table", path=table.path)
