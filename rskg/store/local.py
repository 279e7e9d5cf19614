"""A revision opened for reading, and a workbench on which one is prepared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Protocol, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)
from pyoxigraph import __version__ as _version

from rskg.errors import StoreError, UpdateFailed, UsageError
from rskg.store.answer import Answer, Outcome, Outlet, answered, evaluate
from rskg.store.ask import Reply
from rskg.store.budget import Budget
from rskg.store.functions import Known, forgiving
from rskg.store.locks import HELD, shared
from rskg.store.reach import BASE_IRI, syntax_error
from rskg.syntax import NT, Literal, Term, Triple

Row = dict[str, Term | None]

#: A subject, a property and a value; None is any.
Pattern = tuple[Term | None, NamedNode | None, Term | None]


class Lines(Protocol):
    """What lines can be written to."""

    def write(self, piece: bytes, /) -> int:
        """Take the next bytes, which end anywhere."""
        ...

    def flush(self) -> None:
        """Hold nothing back."""
        ...


#: The engine's name and version.
ENGINE = f"pyoxigraph {_version}"

#: What the engine raises over a damaged folder.
UNREADABLE = (OSError, RuntimeError, ValueError)


class _Queryable:
    """What reading a store looks like, opened or still being made."""

    def __init__(self, store: Store, prefixes: Mapping[str, str] | None = None) -> None:
        self._store = store
        self._prefixes = dict(prefixes or {})

    def select(self, query: str, **bindings: Term) -> list[Row]:
        """All rows of a SELECT; an unbound variable is None. `bindings` set projected variables."""
        outcome = self._evaluate(query, bindings)
        if not isinstance(outcome, QuerySolutions):
            raise UsageError("a SELECT query was expected")
        names = [variable.value for variable in outcome.variables]
        return [{name: row[name] for name in names} for row in outcome]

    def construct(self, query: str, **bindings: Term) -> list[Triple]:
        """All triples of a CONSTRUCT or DESCRIBE, each once."""
        outcome = self._evaluate(query, bindings)
        if not isinstance(outcome, QueryTriples):
            raise UsageError("a CONSTRUCT or DESCRIBE query was expected")
        return list(dict.fromkeys(outcome))

    def construct_lines(self, query: str) -> bytes:
        """The triples of a CONSTRUCT as N-Triples, in no order, some perhaps twice."""
        outcome = self._evaluate(query, {})
        if not isinstance(outcome, QueryTriples):
            raise UsageError("a CONSTRUCT or DESCRIBE query was expected")
        return outcome.serialize(format=NT.engine) or b""

    def write_lines(self, graph: str, file: Lines) -> None:
        """Write a graph as N-Triples in the order of the index; `default` names the default graph.

        It comes in pieces that may end anywhere, and is never held as a whole.
        """
        name = DefaultGraph() if graph == "default" else NamedNode(graph)
        self._store.dump(cast("IO[bytes]", file), NT.engine, from_graph=name)

    def ask(self, query: str) -> bool:
        """The answer of an ASK."""
        outcome = self._evaluate(query, {})
        if not isinstance(outcome, QueryBoolean):
            raise UsageError("an ASK query was expected")
        return bool(outcome)

    def graph(self, iri: str) -> list[Triple]:
        """The triples of one named graph."""
        return [q.triple for q in self._store.quads_for_pattern(None, None, None, NamedNode(iri))]

    def graph_names(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return sorted(n.value for n in self._store.named_graphs() if isinstance(n, NamedNode))

    def size(self) -> int:
        """How many triples the default graph holds."""
        return _whole(self.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")[0]["n"])

    def sizes(self) -> dict[str, int]:
        """How many triples each named graph holds, by its IRI, sorted."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return {row["g"].value: _whole(row["n"]) for row in rows if isinstance(row["g"], NamedNode)}

    def count(self) -> int:
        """How many quads there are, in all graphs."""
        return len(self._store)

    def quads(self, graph: str | None = None) -> Iterable[Quad]:
        """Every quad, or those of one graph; `default` names the default graph."""
        if graph is None:
            return self._store.quads_for_pattern(None, None, None, None)
        name = DefaultGraph() if graph == "default" else NamedNode(graph)
        return self._store.quads_for_pattern(None, None, None, name)

    def matches(self, pattern: Pattern, graph: str | None = None) -> Iterator[Quad]:
        """The quads of a pattern; `graph` as in `quads`."""
        subject, predicate, value = pattern
        if isinstance(subject, Literal):
            return iter(())
        name = None
        if graph is not None:
            name = DefaultGraph() if graph == "default" else NamedNode(graph)
        return self._store.quads_for_pattern(subject, predicate, value, name)

    def states(self, quad: Quad) -> bool:
        """True when the store holds the quad."""
        return quad in self._store

    def _evaluate(self, query: str, bindings: Mapping[str, Term]) -> Outcome:
        return evaluate(self._store, query, bindings=bindings, prefixes=self._prefixes)


class Reader(_Queryable):
    """A published revision, opened read-only and held: nobody removes it while the reader lives."""

    def __init__(self, number: int, path: Path, prefixes: Mapping[str, str] | None = None) -> None:
        try:
            self._hold = shared(path.parent / HELD)
        except FileNotFoundError as error:
            raise UsageError(f"there is no revision {number} in {path.parent.parent}") from error
        try:
            store = Store.read_only(str(path))
        except UNREADABLE as error:
            raise StoreError(f"revision {number} can't be opened: {error}") from error
        super().__init__(store, prefixes)
        self.number = number
        self.path = path

    @property
    def engine(self) -> Store:
        """The engine's store, for adapters of other libraries."""
        return self._store

    def answer(
        self,
        query: str,
        accept: str | None = None,
        *,
        format_name: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        bindings: Mapping[str, Term] | None = None,
        services: Sequence[Reply | None] | None = None,
        budget: Budget | None = None,
        outlet: Outlet | None = None,
    ) -> Answer:
        """A query evaluated and serialised in one call; `budget` bounds its rows and bytes.

        With an outlet a large answer goes there in pieces, and its rest is returned.

        Raises QuerySyntaxError, RefusedFeature, NotAcceptable or BudgetExceeded.
        """
        outcome = evaluate(
            self._store,
            query,
            bindings=bindings,
            prefixes=self._prefixes,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            services=services,
        )
        return answered(outcome, accept, format_name, budget, outlet)


class Writable(_Queryable):
    """What writing to a store that nobody reads yet looks like."""

    def add(self, triples: Iterable[Triple], graph: str | None = None) -> None:
        """Put triples into a named graph, or into the default graph."""
        self._store.extend(placed(triples, graph))

    def update(self, text: str) -> None:
        """Run a SPARQL update that reaches no other place; raises QuerySyntaxError.

        Raises UpdateFailed when it can't be done, as creating a graph that is there.
        """
        try:
            forgiving(partial(self._update, text))
        except SyntaxError as error:
            raise syntax_error(text, str(error), "update") from error
        except RuntimeError as error:
            raise UpdateFailed(f"the update can't be done: {error}") from error

    def _update(self, text: str, functions: Known) -> None:
        self._store.update(
            text, base_iri=BASE_IRI, prefixes=self._prefixes, custom_functions=dict(functions)
        )


class Workbench(Writable):
    """A store in memory on which a revision is prepared, or a table is mapped."""

    def __init__(self, prefixes: Mapping[str, str] | None = None) -> None:
        super().__init__(Store(), prefixes)

    def read(self, lines: bytes) -> None:
        """Put N-Triples into the default graph."""
        self._store.load(lines, NT.engine)

    def write(self, path: Path) -> None:
        """Write everything into a new store on disk and close it."""
        target = Store(str(path))
        target.bulk_extend(self._store.quads_for_pattern(None, None, None, None))
        target.flush()
        target.optimize()
        del target


def placed(triples: Iterable[Triple], graph: str | None) -> Iterable[Quad]:
    """The triples as quads of a named graph, or of the default graph."""
    name = NamedNode(graph) if graph else DefaultGraph()
    return (Quad(t.subject, t.predicate, t.object, name) for t in triples)


def _whole(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
