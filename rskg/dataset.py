"""A dataset: one folder of `data/` with its DCAT description and its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.errors import InputError
from rskg.namespaces import CSVW, DCAT, RDF, SPDX, dataset, graph, term
from rskg.syntax import Literal, NamedNode, Triple, is_document, parse, skolemise

DESCRIPTION = "dataset.ttl"
MAP = "map.rq"


@dataclass(frozen=True)
class Column:
    """What the description says of a column (CSVW): list separator, datatype, IRI template."""

    name: str
    separator: str | None = None
    datatype: str | None = None
    value_url: str | None = None


@dataclass(frozen=True)
class Table:
    """A CSV file, the query that maps its rows, and what is said of its columns.

    `sha256` is the checksum that the description gives of the file, if it gives one.
    """

    path: Path
    map_path: Path
    columns: Mapping[str, Column]
    sha256: str | None = None


@dataclass(frozen=True)
class Dataset:
    """One source of facts. `documents` are RDF files beside the description."""

    slug: str
    folder: Path
    description: tuple[Triple, ...]
    documents: tuple[Path, ...]
    tables: tuple[Table, ...]

    @property
    def iri(self) -> str:
        """The IRI of the `dcat:Dataset`."""
        return dataset(self.slug)

    @property
    def graph(self) -> str:
        """The IRI of the named graph that holds its facts."""
        return graph(f"data/{self.slug}")

    @property
    def entailed(self) -> bool:
        """False when the description gives a reason why nothing is inferred from it."""
        here, why = NamedNode(self.iri), NamedNode(term("notEntailedBecause"))
        return not any(t.subject == here and t.predicate == why for t in self.description)

    def files(self) -> list[Path]:
        """The files that its graph follows from, in a stable order."""
        tables = [path for table in self.tables for path in (table.path, table.map_path)]
        return [self.folder / DESCRIPTION, *self.documents, *tables]


def load(folder: Path) -> Dataset:
    """Read one dataset folder; raises InputError that says what is missing in it."""
    description = folder / DESCRIPTION
    if not description.is_file():
        raise InputError(f"a dataset needs its description, {DESCRIPTION}", path=folder)
    told = tuple(skolemise(parse(description)))
    _check_description(description, told, dataset(folder.name))
    documents = [p for p in sorted(folder.iterdir()) if is_document(p) and p.name != DESCRIPTION]
    return Dataset(folder.name, folder, told, tuple(documents), _tables(folder, told))


def load_all(folder: Path, without: Sequence[str] = ()) -> list[Dataset]:
    """Every dataset under `data/`, by name, less those left out."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    return [load(path) for path in folders if path.name not in without]


def _check_description(path: Path, told: Sequence[Triple], iri: str) -> None:
    """The description is of this folder's dataset, and of no other one."""
    a, kind = NamedNode(RDF + "type"), NamedNode(DCAT + "Dataset")
    described = [t.subject for t in told if t.predicate == a and t.object == kind]
    if described != [NamedNode(iri)]:
        raise InputError(f"must describe <{iri}>, and only that, as a dcat:Dataset", path=path)


def table_of(path: Path) -> Table | None:
    """The table that a CSV file is, described or not; None where no map stands beside it.

    Raises InputError where the description can't be read.
    """
    beside = path.parent / DESCRIPTION
    told = tuple(skolemise(parse(beside))) if beside.is_file() else ()
    return _table(path, len(list(path.parent.glob("*.csv"))) == 1, told)


def _tables(folder: Path, description: Sequence[Triple]) -> tuple[Table, ...]:
    paths = sorted(folder.glob("*.csv"))
    found = []
    for path in paths:
        table = _table(path, len(paths) == 1, description)
        if table is None:
            wanted = MAP if len(paths) == 1 else path.with_suffix(".rq").name
            raise InputError(f"the table needs a map beside it, {wanted}", path=path)
        found.append(table)
    return tuple(found)


def _table(path: Path, alone: bool, description: Sequence[Triple]) -> Table | None:
    map_path = path.with_name(MAP) if alone else path.with_suffix(".rq")
    described = _columns(description)
    columns = described.get(path.name, described.get("", ()))
    named = {column.name: column for column in columns}
    return Table(path, map_path, named, _sum(path, description)) if map_path.is_file() else None


def _sum(path: Path, description: Sequence[Triple]) -> str | None:
    """The checksum that is given of a table (csvw:url, spdx:checksum, spdx:checksumValue)."""
    said = {(t.subject, t.predicate.value): t.object for t in description}
    for (node, name), value in said.items():
        if name == CSVW + "url" and isinstance(value, Literal) and value.value == path.name:
            total = said.get((node, SPDX + "checksum"))
            if not isinstance(total, NamedNode):
                return None
            found = said.get((total, SPDX + "checksumValue"))
            return found.value.lower() if isinstance(found, Literal) else None
    return None


def _columns(description: Sequence[Triple]) -> dict[str, list[Column]]:
    """The columns of each table by its file name; under "" all, for a table not described."""
    said: dict[object, dict[str, str]] = defaultdict(dict)
    of: dict[object, list[object]] = defaultdict(list)
    for triple in description:
        name = triple.predicate.value.removeprefix(CSVW)
        if isinstance(triple.object, Literal):
            said[triple.subject][name] = triple.object.value
        elif name == "column":
            of[triple.subject].append(triple.object)
    columns = {
        node: Column(
            each["name"], each.get("separator"), each.get("datatype"), each.get("valueUrl")
        )
        for node, each in said.items()
        if "name" in each
    }
    tables = {
        each["url"]: [columns[column] for column in of[node] if column in columns]
        for node, each in said.items()
        if "url" in each
    }
    return {"": list(columns.values()), **tables}
