"""Tables to triples: each row is a node with one string a column, and a map says the rest.

A row is `urn:rskg:row:<n>` (n is the line on which it ends), a column `urn:rskg:column:<name>`.
An empty cell gives no triple; a list column (CSVW separator in the description) gives one an item.
Rows are mapped in chunks, so a map may not look beyond its row.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from itertools import islice
from pathlib import Path

from rskg.cells import Layout, Row, rows
from rskg.dataset import Dataset, Table
from rskg.errors import InputError, QuerySyntaxError, UsageError
from rskg.namespaces import COLUMN, RDF, ROW, term
from rskg.report import Place
from rskg.store import ENGINE, Workbench
from rskg.syntax import NT, Literal, NamedNode, Triple, parse, parse_bytes, read_text, skolemise

CHUNK = 1000
#: So many chunks are mapped side by side: the engine lets other threads run meanwhile.
_SIDE_BY_SIDE = 2
_STATEMENT = f"<{RDF}type> <{term('Statement')}> .".encode()
_SIGNS = (b"_:", ROW.encode(), COLUMN.encode())
_SCAFFOLDING = re.compile(
    rf"^(?:\S+ ){{0,2}}(?:_:|<(?:{re.escape(ROW)}|{re.escape(COLUMN)})).*".encode(), re.MULTILINE
)


def facts(dataset: Dataset) -> list[Triple]:
    """Everything that a dataset's files state, each triple once; raises what `lines` raises."""
    return parse_bytes(lines(dataset), NT)


def lines(dataset: Dataset) -> bytes:
    """Everything that a dataset's files state, as sorted N-Triples, each line once.

    Raises InputError with file and line for a document, table or map that can't be read.
    """
    told = {f"{t} .\n".encode() for path in dataset.documents for t in skolemise(parse(path))}
    for table in dataset.tables:
        told.update(_mapped(table))
    return b"".join(sorted(told))


def identity(dataset: Dataset) -> str:
    """What `lines` follows from, as one hash: the files, this code and the engine."""
    digest = sha256(ENGINE.encode())
    for path in [*dataset.files(), Path(__file__)]:
        digest.update(f"\0{path.name}\0".encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def table_lines(table: Table) -> bytes:
    """What one table states, as sorted N-Triples; raises what `lines` raises."""
    return b"".join(sorted(set(_mapped(table))))


def row_lines(table: Table, row: Row) -> set[bytes]:
    """What the map makes of one row."""
    return _map_chunk(table, [row])


def rows_that_say(table: Table, subjects: Sequence[str]) -> dict[str, Place]:
    """The first row of the table behind each of these subjects (N-Triples syntax)."""
    found: dict[str, Place] = {}
    for row, said in rows_about(table, subjects):
        for subject in said:
            found.setdefault(subject, Place(str(table.path), row[0]))
        if len(found) == len(set(subjects)):
            break
    return found


def rows_about(table: Table, subjects: Iterable[str]) -> Iterator[tuple[Row, set[str]]]:
    """Each row that says something of the subjects, and of which."""
    wanted = {subject.encode() for subject in subjects}
    for chunk in _chunks(table):
        for row, said in _rows_among(table, chunk, wanted):
            yield row, {subject.decode() for subject in said}


def _rows_among(
    table: Table, chunk: Sequence[Row], wanted: set[bytes]
) -> Iterator[tuple[Row, set[bytes]]]:
    """By halves: mapping many rows costs little more than mapping one."""
    said = wanted & _subjects(_map_chunk(table, chunk))
    if said and len(chunk) == 1:
        yield chunk[0], said
    elif said:
        middle = len(chunk) // 2
        yield from _rows_among(table, chunk[:middle], said)
        yield from _rows_among(table, chunk[middle:], said)


def _subjects(told: set[bytes]) -> set[bytes]:
    return {line.split(b" ", 1)[0] for line in told}


def _mapped(table: Table) -> Iterator[bytes]:
    any_row = False
    for chunk, made in _side_by_side(table):
        any_row = True
        told = made.result()
        if _statements(told) < len(chunk):
            _refuse_silent_row(table, chunk)
        yield from told
    if not any_row:
        raise InputError("the table has a heading and no row", path=table.path, line=1)


def _side_by_side(table: Table) -> Iterator[tuple[list[Row], Future[set[bytes]]]]:
    """Each chunk in turn, and what the map makes of it, or will have made."""
    ahead = deque[tuple[list[Row], Future[set[bytes]]]]()
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for chunk in _chunks(table):
            ahead.append((chunk, pool.submit(_map_chunk, table, chunk)))
            if len(ahead) > _SIDE_BY_SIDE:
                yield ahead.popleft()
        yield from ahead


def _chunks(table: Table) -> Iterator[list[Row]]:
    told = iter(rows(table))
    while chunk := list(islice(told, CHUNK)):
        yield chunk


def _statements(told: set[bytes]) -> int:
    return sum(line.endswith(_STATEMENT + b"\n") for line in told)


def _refuse_silent_row(table: Table, chunk: Sequence[Row]) -> None:
    """Name the row from which the map makes no statement: it would vanish without a word."""
    for row in chunk:
        if not _statements(_map_chunk(table, [row])):
            empty = ", ".join(name for name in Layout(table.path).names if name not in row[1])
            raise InputError(
                f"{table.map_path.name} makes no rskg:Statement of this row: may a cell not be "
                f"empty ({empty or 'none'} is), is an id no part of an IRI, or a column named "
                "otherwise?",
                path=table.path,
                line=row[0],
            )
    raise InputError("two rows make one statement: their ids are the same", path=table.path)


def _map_chunk(table: Table, chunk: Sequence[Row]) -> set[bytes]:
    bench = Workbench()
    bench.read(b"".join(_row_lines(chunk)))
    try:
        told = bench.construct_lines(read_text(table.map_path))
    except QuerySyntaxError as error:
        raise InputError(
            error.reason, path=table.map_path, line=error.line, column=error.column
        ) from error
    except UsageError as error:
        raise InputError(f"not a CONSTRUCT: {error}", path=table.map_path) from error
    if any(sign in told for sign in _SIGNS) and (scaffolding := _SCAFFOLDING.search(told)):
        raise InputError(
            "the map must name what it makes, and no row or column of the table: "
            + scaffolding[0].decode(),
            path=table.map_path,
        )
    return set(told.splitlines(keepends=True))


def _row_lines(chunk: Sequence[Row]) -> Iterator[bytes]:
    names: dict[str, str] = {}
    for line, cells in chunk:
        for name, items in cells.items():
            column = names.get(name) or names.setdefault(name, str(NamedNode(COLUMN + name)))
            for item in items:
                yield f"<{ROW}{line}> {column} {Literal(item)} .\n".encode()
