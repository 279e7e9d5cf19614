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
from rskg.errors import InputError, QuerySyntaxError, UsageError
from rskg.namespaces import COLUMN, RDF, ROW, term
from rskg.report import Place
from rskg.store import Workbench
from rskg.syntax import BlankNode, Literal, NamedNode, Triple, parse, read_text, skolemise

CHUNK = 1000
STATEMENT = NamedNode(term("Statement"))
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
    rows, any_row = iter(_rows(table)), False
    while chunk := list(islice(rows, CHUNK)):
        any_row = True
        told = _map_chunk(table, chunk)
        if _statements(told) < len(chunk):
            _refuse_silent_row(table, chunk)
        yield from told
    if not any_row:
        raise InputError("the table has a heading and no row", path=table.path, line=1)


def _statements(told: Sequence[Triple]) -> int:
    return sum(t.predicate.value == RDF + "type" and t.object == STATEMENT for t in told)


def _refuse_silent_row(table: Table, chunk: Sequence[_Row]) -> None:
    """Name the row from which the map makes no statement: it would vanish without a word."""
    for row in chunk:
        if not _statements(_map_chunk(table, [row])):
            raise InputError(
                f"{table.map_path.name} makes no rskg:Statement of this row: is a cell empty, "
                "an id no part of an IRI, or a column named otherwise?",
                path=table.path,
                line=row[0],
            )
    raise InputError("two rows make one statement: their ids are the same", path=table.path)


def _map_chunk(table: Table, chunk: Sequence[_Row]) -> list[Triple]:
    bench = Workbench()
    bench.add(_row_triples(chunk, table.separators))
    try:
        told = bench.construct(read_text(table.map_path))
    except QuerySyntaxError as error:
        raise InputError(
            error.reason, path=table.map_path, line=error.line, column=error.column
        ) from error
    except UsageError as error:
        raise InputError(f"not a CONSTRUCT: {error}", path=table.map_path) from error
    for triple in told:
        if _is_scaffolding(triple):
            raise InputError(
                f"the map must name what it makes, and no row or column of the table: {triple}",
                path=table.map_path,
            )
    return told


def _is_scaffolding(triple: Triple) -> bool:
    ends = (triple.subject, triple.predicate, triple.object)
    return any(
        isinstance(end, BlankNode)
        or (isinstance(end, NamedNode) and end.value.startswith((ROW, COLUMN)))
        for end in ends
    )


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
