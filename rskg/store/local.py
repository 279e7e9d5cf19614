"""A revision opened for reading, and the workbench on which the next one is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from rskg.errors import QuerySyntaxError, StoreError, UsageError
from rskg.store.answer import Answer, Outcome, answered, evaluate
from rskg.syntax import Term, Triple

Row = dict[str, Term | None]


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
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, DefaultGraph()))

    def count(self) -> int:
        """How many quads there are, in all graphs."""
        return len(self._store)

    def quads(self, graph: str | None = None) -> Iterable[Quad]:
        """Every quad, or those of one graph; `default` names the default graph."""
        if graph is None:
            return self._store.quads_for_pattern(None, None, None, None)
        name = DefaultGraph() if graph == "default" else NamedNode(graph)
        return self._store.quads_for_pattern(None, None, None, name)

    def _evaluate(self, query: str, bindings: Mapping[str, Term]) -> Outcome:
        return evaluate(self._store, query, bindings=bindings, prefixes=self._prefixes)


class Reader(_Queryable):
    """A published revision, opened read-only."""

    def __init__(self, number: int, path: Path, prefixes: Mapping[str, str] | None = None) -> None:
        try:
            store = Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise StoreError(f"revision {number} can't be opened: {error}") from error
        super().__init__(store, prefixes)
        self.number = number
        self.path = path

    def answer(
        self,
        query: str,
        accept: str | None = None,
        *,
        format_name: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        bindings: Mapping[str, Term] | None = None,
    ) -> Answer:
        """A query evaluated and serialised in one call.

        Raises QuerySyntaxError, RefusedFeature or NotAcceptable.
        """
        outcome = evaluate(
            self._store,
            query,
            bindings=bindings,
            prefixes=self._prefixes,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
        )
        return answered(outcome, accept, format_name)


class Workbench(_Queryable):
    """A store in memory on which a revision is prepared, or a table is mapped."""

    def __init__(self, prefixes: Mapping[str, str] | None = None) -> None:
        super().__init__(Store(), prefixes)

    def add(self, triples: Iterable[Triple], graph: str | None = None) -> None:
        """Put triples into a named graph, or into the default graph."""
        name = NamedNode(graph) if graph else DefaultGraph()
        self._store.extend(Quad(t.subject, t.predicate, t.object, name) for t in triples)

    def update(self, text: str) -> None:
        """Run a SPARQL update of our own files; raises QuerySyntaxError."""
        try:
            self._store.update(text, prefixes=self._prefixes)
        except SyntaxError as error:
            raise QuerySyntaxError(f"the update does not parse: {error}") from error

    def write(self, path: Path) -> None:
        """Write everything into a new store on disk and close it."""
        target = Store(str(path))
        target.bulk_extend(self._store.quads_for_pattern(None, None, None, None))
        target.flush()
        target.optimize()
        del target
