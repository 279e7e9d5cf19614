"""One query, evaluated and serialised in one place: what leaves is bytes, whole or an error.

pyoxigraph's iterators may not change thread, so nothing lazy ever leaves this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from typing import IO, Any, NamedTuple, TypeVar, cast
from typing import Literal as OneOf

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Variable,
)

from rskg.errors import NotAcceptable
from rskg.store.ask import Reply
from rskg.store.budget import Budget
from rskg.store.federation.blocks import federated
from rskg.store.functions import Known, forgiving
from rskg.store.reach import BASE_IRI, refuse_reach, syntax_error
from rskg.store.sink import PIECE, Pieces, Sink
from rskg.syntax import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    TSV,
    Format,
    GraphFormat,
    TableFormat,
    Term,
    format_named,
    negotiate,
    parse_bytes,
    rows_as,
)

#: An answer of more bytes holds something, however many variables it names.
MOST_EMPTY = 10_000
Form = OneOf["boolean", "solutions", "graph"]
Outcome = QuerySolutions | QueryBoolean | QueryTriples


class Answer(NamedTuple):
    """A complete answer: its bytes, their format and the query's form.

    `memory` is how many bytes the query took at most, where it lasted long enough to be measured.
    """

    body: bytes
    format: Format
    form: Form
    memory: int | None = None

    @property
    def media_type(self) -> str:
        """The media type of `body`."""
        return self.format.media_type

    @property
    def empty(self) -> bool:
        """True for no rows, no triples, and an ASK that is false; columns are never read."""
        if len(self.body) > MOST_EMPTY or self.format.columnar:
            return False
        if self.form == "graph":
            return not parse_bytes(self.body, cast("GraphFormat", self.format))
        if self.form == "boolean":
            return b"false" in self.body
        if self.format.name == "csv":
            return len(self.body.splitlines()) < 2
        rows = rows_as(self.body, cast("TableFormat", self.format), TSV)
        return len((rows or b"").splitlines()) < 2


class Outlet(NamedTuple):
    """Where an answer of more than `whole` bytes goes in pieces, with its format and form."""

    whole: int
    send: Callable[[Format, Form, bytes], None]


def evaluate(
    store: Store,
    query: str,
    *,
    bindings: Mapping[str, Term] | None = None,
    prefixes: Mapping[str, str] | None = None,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    services: Sequence[Reply | None] | None = None,
) -> Outcome:
    """The engine's lazy outcome; to be used up in the thread that called.

    Raises QuerySyntaxError with line and column, RefusedFeature for updates and, unless
    `services` are given, for SERVICE; Elsewhere when there are too few of them.
    """
    if services is None:
        refuse_reach(query, prefixes)
    else:
        query = federated(query, services, prefixes or {}, bindings or {})

    options = _options(default_graphs, named_graphs, bindings or {})

    def run(functions: Known) -> Outcome:
        if functions:
            options["custom_functions"] = dict(functions)
        return store.query(query, **options)

    try:
        return forgiving(run)
    except SyntaxError as error:
        if not prefixes:
            raise syntax_error(query, str(error)) from error
    options["prefixes"] = dict(prefixes)  # only when it must be: a hundred cost more than the query
    try:
        return forgiving(run)
    except SyntaxError as error:
        raise syntax_error(query, str(error)) from error


def _options(
    default_graphs: Sequence[str], named_graphs: Sequence[str], bindings: Mapping[str, Term]
) -> dict[str, Any]:
    """What the engine is told beside the query: each option that is given costs a short one."""
    options: dict[str, Any] = {"base_iri": BASE_IRI}
    if default_graphs:
        options["default_graph"] = [NamedNode(iri) for iri in default_graphs]
    if named_graphs:
        options["named_graphs"] = [NamedNode(iri) for iri in named_graphs]
    if bindings:
        options["substitutions"] = {Variable(name): value for name, value in bindings.items()}
    return options


def answered(
    outcome: Outcome,
    accept: str | None,
    short_name: str | None = None,
    budget: Budget | None = None,
    outlet: Outlet | None = None,
) -> Answer:
    """The outcome serialised in the format that `format=` or an Accept header chooses.

    What the outlet took is no more in the answer's body, which is the rest then.

    Raises NotAcceptable when none of the form's formats will do, BudgetExceeded when it has
    more rows or bytes than the budget.
    """
    if isinstance(outcome, QueryTriples):
        graph = _graph_format(accept, short_name)
        sink = _sink(graph, "graph", budget, outlet)
        outcome.serialize(cast("IO[bytes]", sink), format=graph.engine)
        return Answer(sink.body(), graph, "graph")
    boolean = isinstance(outcome, QueryBoolean)
    table = _table_format(accept, short_name, boolean)
    form: Form = "boolean" if boolean else "solutions"
    if table.columnar:
        columns = _sink(table, form, budget, outlet)
        _write_columns(outcome, table.name, budget, columns)
        return Answer(columns.body(), table, form)
    sink = _sink(table, form, budget, outlet)
    outcome.serialize(cast("IO[bytes]", sink), format=table.engine)
    return Answer(sink.body(), table, form)


def _write_columns(
    outcome: QuerySolutions | QueryBoolean, name: str, budget: Budget | None, out: Sink
) -> None:
    """Rows as columns: loads pyarrow, for which only those pay who ask for it."""
    tables = import_module("rskg.tables")
    rows, size = (budget.rows, budget.size) if budget else (None, None)
    with tables.Blocks() as blocks:
        sink = Sink(TSV, rows, size, whole=PIECE, send=blocks.take)
        outcome.serialize(cast("IO[bytes]", sink), format=TSV.engine)
        table = blocks.table(sink.body())
    tables.WRITERS[name](table, Pieces(out))


def _sink(form: Format, kind: Form, budget: Budget | None, outlet: Outlet | None) -> Sink:
    rows, size = (budget.rows, budget.size) if budget else (None, None)
    if outlet is None:
        return Sink(form, rows, size)
    return Sink(form, rows, size, whole=outlet.whole, send=partial(outlet.send, form, kind))


def format_for(form: Form, accept: str | None, short_name: str | None) -> Format:
    """The format in which a query of this form is answered; raises NotAcceptable."""
    if form == "graph":
        return _graph_format(accept, short_name)
    return _table_format(accept, short_name, form == "boolean")


@lru_cache(maxsize=512)
def _graph_format(accept: str | None, short_name: str | None) -> GraphFormat:
    return _chosen(GRAPH_FORMATS, accept, short_name)


@lru_cache(maxsize=512)
def _table_format(accept: str | None, short_name: str | None, boolean: bool) -> TableFormat:
    return _chosen(BOOLEAN_FORMATS if boolean else SOLUTION_FORMATS, accept, short_name)


_Offered = TypeVar("_Offered", GraphFormat, TableFormat)


def _chosen(offered: Sequence[_Offered], accept: str | None, short_name: str | None) -> _Offered:
    named = format_named(short_name, offered) if short_name else negotiate(accept, offered)
    if named is None:
        raise NotAcceptable(short_name or accept or "", [f.media_type for f in offered])
    return named
