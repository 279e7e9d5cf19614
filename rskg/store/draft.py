"""Where the next revision is made: the unpublished copy of one, to be changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from rskg.errors import InputError, StoreError
from rskg.store.journal import Journal, steps
from rskg.store.local import UNREADABLE, Pattern, Workbench, Writable, placed
from rskg.store.nearby import Nearby, Subject
from rskg.store.reach import only_inserts
from rskg.syntax import GraphFormat, Triple, sentence_of

#: So many quads at once are written as files of their own: the engine never makes us wait for it
#: to bring files together, which it does when its memory is written out too often.
_MANY = 100
#: A store of fewer bytes is brought in order so fast, whenever it is, that nobody waits for it.
LARGE = 10_000_000


class Draft(Writable):
    """The unpublished copy of a revision, on disk, to be changed.

    `base` is the revision that it was copied from; `triples` is the size of its default graph,
    None when a change left it uncounted (a caller that knows may set it).
    """

    def __init__(
        self,
        path: Path,
        base: int | None,
        triples: int | None,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        try:
            store = Store(str(path))
        except UNREADABLE as error:
            raise StoreError(f"the copy of revision {base} can't be opened: {error}") from error
        super().__init__(store, prefixes)
        self.base = base
        self.triples = triples
        self.journal = Journal()
        self._path = path
        self._nearby = Nearby(self._of)
        self._in_memory = False

    def matches(self, pattern: Pattern, graph: str | None = None) -> Iterator[Quad]:
        """As any store does; what is said of a subject is looked up once."""
        subject, predicate, value = pattern
        if subject is None or isinstance(subject, Literal):
            return super().matches(pattern, graph)
        name = None
        if graph is not None:
            name = DefaultGraph() if graph == "default" else NamedNode(graph)
        found = self._nearby.of(subject, predicate, value, name)
        return super().matches(pattern, graph) if found is None else iter(found)

    def states(self, quad: Quad) -> bool:
        """True when the store holds the quad."""
        found = self._nearby.of(quad.subject, quad.predicate, quad.object, quad.graph_name)
        return super().states(quad) if found is None else bool(found)

    def add(self, triples: Iterable[Triple], graph: str | None = None) -> None:
        """Put triples into a named graph, or into the default graph."""
        self._insert(set(placed(triples, graph)))

    def _insert(self, new: set[Quad]) -> None:
        self.journal.add(new)
        if self.triples is not None:
            merged = {quad for quad in new if quad.graph_name == DefaultGraph()}
            known = merged & self._stated({quad.subject for quad in merged})
            self.triples += len(merged) - len(known)
            new -= known
        self._nearby.add(new)
        if len(new) >= _MANY:
            self._store.bulk_extend(new)
        elif new:
            self._store.extend(new)
            self._in_memory = True

    def remove(self, triples: Iterable[Triple], graph: str | None = None) -> None:
        """Take triples out of a named graph, or out of the default graph."""
        gone = {quad for quad in placed(triples, graph) if self.states(quad)}
        self._take_out(gone)
        if graph is None and self.triples is not None:
            self.triples -= len(gone)

    def _take_out(self, gone: Iterable[Quad]) -> None:
        self.journal.delete(gone)
        for quad in gone:
            self._nearby.remove(quad)
            self._store.remove(quad)
            self._in_memory = True

    def drop(self, graph: str | None = None) -> None:
        """Remove a named graph, or empty the default graph."""
        self.journal.drop(graph)
        self._nearby.forget()
        self._store.remove_graph(NamedNode(graph) if graph else DefaultGraph())
        self._in_memory = True
        if graph is None:
            self.triples = 0

    def update(self, text: str) -> None:
        """Run a SPARQL update, wholly or not at all; raises QuerySyntaxError.

        One that only inserts data does what `add` does, which takes no longer in a large store.
        """
        if not only_inserts(text):
            super().update(text)
            self._nearby.forget()
            self.journal.lose()
            self._in_memory = True
            self.triples = None
            return
        told = Workbench(self._prefixes)
        told.update(text)
        self._insert(set(told.quads()))

    def create(self, graph: str) -> None:
        """Have a named graph, empty if it isn't there."""
        self.journal.create(graph)
        self._store.add_graph(NamedNode(graph))
        self._in_memory = True

    def replay(self, journal: str) -> None:
        """Do again what another draft's journal says."""
        for step in steps(journal):
            if step.kind == "G":
                self.create(step.graph or "")
            elif step.kind == "X":
                self.drop(step.graph)
            elif step.kind == "A":
                self._insert(set(step.quads))
            else:
                self._take_out(step.quads)

    def load(
        self,
        source: BinaryIO,
        form: GraphFormat,
        graph: str | None = None,
        base: str | None = None,
    ) -> None:
        """Read a large document without keeping it in memory; raises InputError.

        What is most of the store then is brought in order at once: the engine would do that some
        commits later, in the middle of one.
        """
        target = NamedNode(graph) if graph else None
        before = _size(self._path)
        self._nearby.forget()
        try:
            self._store.bulk_load(source, form.engine, base_iri=base, to_graph=target)
        except SyntaxError as error:
            raise InputError(sentence_of(error), line=error.lineno, column=error.offset) from error
        if _size(self._path) > max(2 * before, LARGE):
            self._store.optimize()
        if target is None:
            self.journal.lose()
            self.triples = None
        else:
            self.journal.add(self.quads(graph))

    def compact(self, target: Path) -> None:
        """Bring what many commits left in many files together, in a new folder; raises OSError.

        Files that don't overlap are left as they are.
        """
        self._store.optimize()
        self._store.backup(str(target))

    def write(self, path: Path) -> None:
        """Write everything into a new store on disk: slower, and in as few files as can be."""
        target = Store(str(path))
        for name in self._store.named_graphs():
            target.add_graph(name)
        target.bulk_extend(self.quads())
        target.flush()

    @contextmanager
    def rehearsal(self) -> Iterator[Draft]:
        """A copy to try a change on, which is gone at the end; raises OSError."""
        path = self._path.with_name("rehearsal")
        self._store.flush()
        self._store.backup(str(path))
        copy = Draft(path, self.base, self.triples, self._prefixes)
        try:
            yield copy
        finally:
            copy.close(keep=False)
            shutil.rmtree(path)

    def close(self, *, keep: bool = True) -> None:
        """Let go of the folder, after what is in memory was written out; raises OSError."""
        if keep and self._in_memory:
            self._store.flush()
        del self._store, self._nearby

    def _of(self, subject: Subject) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, None, None, None)

    def _stated(self, subjects: Iterable[NamedNode | BlankNode | Triple]) -> set[Quad]:
        default = DefaultGraph()
        return {
            quad
            for subject in subjects
            for quad in self._store.quads_for_pattern(subject, None, None, default)
        }


def _size(database: Path) -> int:
    """The bytes of a database's tables; the engine may be removing one."""
    size = 0
    for table in database.glob("*.sst"):
        with suppress(FileNotFoundError):
            size += table.stat().st_size
    return size
