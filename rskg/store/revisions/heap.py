"""A revision that is too large to be made in memory: a heap on disk, on a layer that is kept.

The layer holds the graphs that seldom change. It is a folder of the engine, made once for what it
holds; a heap starts as its copy, which costs nothing, since data files are linked.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Store

from rskg.errors import StoreError
from rskg.store.local import Workbench, Writable
from rskg.store.revisions.folders import Copier, making
from rskg.syntax import NT

#: How the folder of a heap starts.
HEAPING = ".heaping-"


@dataclass(frozen=True)
class Layer:
    """Graphs as N-Triples, each to be told by its name and by default; `key` is of all of it."""

    key: str
    graphs: Mapping[str, Sequence[bytes]]


class Heap(Writable):
    """A store on disk that nobody else reads, to be published whole."""

    def __init__(self, path: Path, prefixes: Mapping[str, str] | None = None) -> None:
        super().__init__(Store(str(path)), prefixes)
        self._path = path

    def take(self, bench: Workbench) -> None:
        """Put everything that is on the workbench on the heap."""
        self._store.bulk_extend(bench.quads())

    def dump(self, graph: str) -> bytes:
        """A named graph as N-Triples, in the order in which a query gives its triples."""
        return self.construct_lines(
            f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        )

    def write(self, path: Path) -> None:
        """Copy everything into a new store on disk, and close this one."""
        self._store.flush()
        del self._store
        Copier().database(self._path, path)


@contextmanager
def heap(root: Path, base: Path, prefixes: Mapping[str, str] | None = None) -> Iterator[Heap]:
    """A heap in the store's folder `root`, on a layer that is laid; gone at the end.

    Raises StoreError when the folder can't be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with making(root, HEAPING) as made:
            Copier().database(base, made.path / "db")
            yield Heap(made.path / "db", prefixes)
    except OSError as error:
        raise StoreError(f"can't write the store {root}: {error}") from error


def lay(cache: Path, layer: Layer) -> Path:
    """The folder of the layer, made unless `cache` keeps it; layers of earlier times are removed.

    Raises StoreError when the folder can't be written.
    """
    try:
        return _laid(cache / "layers", layer)
    except OSError as error:
        raise StoreError(f"can't write the store's cache {cache}: {error}") from error


def _laid(folder: Path, layer: Layer) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / layer.key
    if not kept.is_dir():
        with making(folder) as made:
            store = Store(str(made.path / "db"))
            for name, parts in layer.graphs.items():
                for graph in (NamedNode(name), DefaultGraph()):
                    for part in parts:
                        store.bulk_load(part, NT.engine, to_graph=graph)
            store.flush()
            store.optimize()
            del store
            made.publish(kept)
    for other in folder.iterdir():
        if other.name != layer.key and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)
    return kept / "db"
