"""Tables against the checksums that their descriptions give: which cell is another than it was.

The last revision knows what a table said, if it was made of the very files, but for this table in
the state that the description tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import islice

from rskg import mapping, provenance
from rskg.cells import Layout, Row, rows
from rskg.dataset import DESCRIPTION, Dataset, Table
from rskg.errors import InputError
from rskg.namespaces import DCTERMS, RDF, graph, term
from rskg.report import Place
from rskg.store import Reader, Workbench
from rskg.syntax import sorted_lines

#: The newest revision, if there is one.
Earlier = Callable[[], Reader | None]
#: So many rows are looked at for another content of a cell.
_SAMPLES = 50
_OTHER = "x"
_STATEMENT = f"<{RDF}type> <{term('Statement')}> .\n".encode()


def check_sums(datasets: Iterable[Dataset], earlier: Earlier) -> None:
    """Raise InputError for a table that isn't the one described: what it is, and where it differs.

    Row and column are told where the newest revision holds what the table said before.
    """
    for dataset in datasets:
        for table in (table for table in dataset.tables if table.sha256):
            content = table.path.read_bytes()
            found = sha256(content).hexdigest()
            if found != table.sha256:
                place, difference = _difference(dataset, table, earlier())
                raise InputError(
                    f"{difference}this isn't the table that {DESCRIPTION} describes: its SHA-256 "
                    f"is {found} ({len(content):,} bytes), and {table.sha256} is described. Make "
                    "it anew (`rskg fetch`), or describe what it is now",
                    path=table.path,
                    line=place.line if place else None,
                    column=place.column if place else None,
                )


def _difference(dataset: Dataset, table: Table, earlier: Reader | None) -> tuple[Place | None, str]:
    """Where a table first says something else than it did, and that in words."""
    if earlier is None or not _was_described(dataset, table, earlier):
        return None, ""
    before = set(sorted_lines(earlier.graph(dataset.graph)).splitlines(keepends=True))
    now = _as_stored(mapping.lines(dataset))
    changed = now - before or before - now
    lost = sorted(line for line in changed - now if line.endswith(_STATEMENT))
    if lost:
        return (
            None,
            f"no row makes {_subject(lost[0])} any more, which revision {earlier.number} has; ",
        )
    row = _first(table, changed)
    if row is None:
        return None, ""
    name = _column(table, row, changed)
    line, column, *_ = Layout(table.path).at(row[0], name)
    place = Place(str(table.path), line, column)
    return place, f"column {name}: here it first differs from revision {earlier.number}; "


def _as_stored(lines: bytes) -> set[bytes]:
    """The lines as the store tells them: it rewrites some literals."""
    bench = Workbench()
    bench.read(lines)
    return set(sorted_lines(bench.quads()).splitlines(keepends=True))


def _was_described(dataset: Dataset, table: Table, earlier: Reader) -> bool:
    """True when a revision was made of the table that is described, and of these other files."""
    described = {table.path: bytes.fromhex(str(table.sha256))}
    identity = provenance.named_by_hash(dataset.files(), described)
    asked = (
        f"ASK {{ GRAPH <{graph('provenance')}> {{ <{dataset.graph}> <{DCTERMS}identifier> ?hash "
        f'FILTER(STR(?hash) = "{identity}") }} }}'
    )
    return earlier.ask(asked)


def _first(table: Table, changed: set[bytes]) -> Row | None:
    """The first row that makes one of these lines, or else that tells of what one is about."""
    found = None
    for row, _ in mapping.rows_about(table, {_subject(line) for line in changed}):
        if mapping.row_lines(table, row) & changed:
            return row
        found = found or row
    return found


def _column(table: Table, row: Row, changed: set[bytes]) -> str:
    """The column whose cell makes the row say what changed, and as little else as may be."""
    made = mapping.row_lines(table, row)
    about = {_subject(line) for line in made}
    said = {_said(line) for line in made & changed or changed if _subject(line) in about}
    found: dict[str, tuple[int, int]] = {}
    for name, sample in _samples(table).items():
        other = next((each for each in sample if each != row[1].get(name)), [_OTHER])
        touched = {
            _said(line)
            for line in made ^ mapping.row_lines(table, (row[0], {**row[1], name: other}))
        }
        found[name] = (len(said - touched), len(touched))
    return min(found, key=lambda name: found[name])


def _samples(table: Table) -> Mapping[str, list[Sequence[str]]]:
    """Each column's contents in some of the rows."""
    found: dict[str, list[Sequence[str]]] = {name: [] for name in Layout(table.path).names}
    for _, cells in islice(rows(table), _SAMPLES):
        for name, items in cells.items():
            found[name].append(items)
    return found


def _subject(line: bytes) -> str:
    return line.split(b" ", 1)[0].decode()


def _said(line: bytes) -> tuple[bytes, ...]:
    """Subject and property of a line."""
    return tuple(line.split(b" ", 2)[:2])
