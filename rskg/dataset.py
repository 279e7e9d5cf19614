"""A dataset: one folder of `data/` with its DCAT description and its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.errors import InputError
from rskg.namespaces import CSVW, DCAT, RDF, dataset, graph
from rskg.syntax import Literal, NamedNode, Triple, is_document, parse, skolemise

DESCRIPTION = "dataset.ttl"
MAP = "map.rq"


@dataclass(frozen=True)
class Table:
    """A CSV file, the query that maps its rows, and the separators of its list columns (CSVW)."""

    path: Path
    map_path: Path
    separators: Mapping[str, str]


@dataclass(frozen=True)
class Dataset:
    """One source of facts. `documents` are RDF files beside the description."""

    slug: str
    folder: Path
    description: tuple[Triple, ...]
    documents: tuple[Path, ...]
    table: Table | None

    @property
    def iri(self) -> str:
        """The IRI of the `dcat:Dataset`."""
        return dataset(self.slug)

    @property
    def graph(self) -> str:
        """The IRI of the named graph that holds its facts."""
        return graph(f"data/{self.slug}")

    def files(self) -> list[Path]:
        """The files that its graph follows from, in a stable order."""
        table = [self.table.path, self.table.map_path] if self.table else []
        return [self.folder / DESCRIPTION, *self.documents, *table]


def load(folder: Path) -> Dataset:
    """Read one dataset folder; raises InputError that says what is missing in it."""
    description = folder / DESCRIPTION
    if not description.is_file():
        raise InputError(f"a dataset needs its description, {DESCRIPTION}", path=folder)
    told = tuple(skolemise(parse(description)))
    _check_description(description, told, dataset(folder.name))
    documents = [p for p in sorted(folder.iterdir()) if is_document(p) and p.name != DESCRIPTION]
    return Dataset(folder.name, folder, told, tuple(documents), _table(folder, told))


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


def _table(folder: Path, description: Sequence[Triple]) -> Table | None:
    tables = sorted(folder.glob("*.csv"))
    if not tables:
        return None
    if len(tables) > 1 or not (folder / MAP).is_file():
        raise InputError(f"a dataset maps one table (*.csv) with one {MAP}", path=folder)
    return Table(tables[0], folder / MAP, _separators(description))


def _separators(description: Sequence[Triple]) -> dict[str, str]:
    said: dict[object, dict[str, str]] = defaultdict(dict)
    for triple in description:
        if triple.predicate.value.startswith(CSVW) and isinstance(triple.object, Literal):
            said[triple.subject][triple.predicate.value[len(CSVW) :]] = triple.object.value
    return {
        column["name"]: column["separator"]
        for column in said.values()
        if "name" in column and "separator" in column
    }
