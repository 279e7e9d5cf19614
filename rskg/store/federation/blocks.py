"""A query's SERVICE blocks: what each asks elsewhere, and the query with the replies in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import (
    BlankNode,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from rskg.errors import RefusedFeature, ServiceFailed
from rskg.store.ask import Call, Elsewhere, Reply
from rskg.store.reach import BASE_IRI, Service, refuse_reach, refuse_updates, services
from rskg.store.tokens import Token, tokens
from rskg.syntax import Term, Triple

MOST_BLOCKS = 10
_FORMATS = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def federated(
    query: str,
    replies: Sequence[Reply | None],
    prefixes: Mapping[str, str],
    bindings: Mapping[str, Term],
) -> str:
    """The query with the replies in place of its SERVICE blocks.

    Raises Elsewhere, with the calls to make, when there are blocks and no replies yet;
    RefusedFeature, QuerySyntaxError, and ServiceFailed for a reply that can't be read.
    """
    refuse_updates(query)
    found = services(query, prefixes)
    if not found:
        return query
    calls = _calls(query, found, prefixes, bindings)
    if not replies:
        raise Elsewhere(calls)
    pieces, at = [], 0
    for number, (block, call, reply) in enumerate(zip(found, calls, replies, strict=True)):
        pieces += [query[at : block.start], _in_place(block, call, reply, number)]
        at = block.end
    filled = "".join((*pieces, query[at:]))
    refuse_reach(filled, prefixes)  # whatever a text is made to look like, none is left
    return filled


def _calls(
    query: str,
    found: Sequence[Service],
    prefixes: Mapping[str, str],
    bindings: Mapping[str, Term],
) -> tuple[Call, ...]:
    if len(found) > MOST_BLOCKS:
        raise RefusedFeature(f"{len(found)} times SERVICE", f"{MOST_BLOCKS} are the most")
    if any(block.target.kind == "variable" for block in found):
        raise RefusedFeature("SERVICE ?variable", "name the service by its IRI")
    prologue = query[: next(t.start for t in tokens(query) if t.kind == "word" and _form(t))]
    iris = _resolved(prologue, [block.target.text for block in found], prefixes)
    return tuple(
        Call(iri, _remote(prologue, block, prefixes, bindings), block.silent or block.optional)
        for iri, block in zip(iris, found, strict=True)
    )


def _form(token: Token) -> bool:
    return any(token.says(form) for form in _FORMS)


def _resolved(prologue: str, targets: Sequence[str], prefixes: Mapping[str, str]) -> list[str]:
    """The IRIs that names and relative IRIs stand for, as the engine resolves them."""
    heads = " ".join(f"({target} AS ?t{i})" for i, target in enumerate(targets))
    outcome = Store().query(
        f"{prologue}\nSELECT {heads} {{}}", base_iri=BASE_IRI, prefixes=dict(prefixes)
    )
    if not isinstance(outcome, QuerySolutions):
        raise RefusedFeature("SERVICE", "this one can't be understood")
    (row,) = outcome
    return [iri.value for iri in row if isinstance(iri, NamedNode)]


def _remote(
    prologue: str, block: Service, prefixes: Mapping[str, str], bindings: Mapping[str, Term]
) -> str:
    """The block's pattern as a query of its own, with what is known of its variables."""
    read = list(tokens(block.group))
    if any(token.says("SERVICE") for token in read):
        raise RefusedFeature("SERVICE inside SERVICE", "ask both from here")
    declared = {token.text for token in tokens(prologue) if token.kind == "name"}
    used = {f"{t.text.partition(':')[0]}:" for t in read if t.kind == "name"} - declared
    lines = [f"PREFIX {n}: <{iri}>" for n, iri in prefixes.items() if f"{n}:" in used]
    variables = {token.text[1:] for token in read if token.kind == "variable"}
    known = "".join(
        f" VALUES ?{name} {{ {term} }}" for name, term in bindings.items() if name in variables
    )
    group = f"{{{known} {block.group} }}" if known else block.group
    return "\n".join((f"BASE <{BASE_IRI}>", prologue, *lines, f"SELECT * WHERE {group}"))


def _in_place(block: Service, call: Call, reply: Reply | None, number: int) -> str:
    """The reply as a group; without one, what a failure means there: nothing said, or no row."""
    if reply is not None:
        try:
            return _as_values(call, reply, number)
        except ServiceFailed:
            if not call.may_fail:
                raise
    return "{}" if block.silent else "{ VALUES () {} }"


def _as_values(call: Call, reply: Reply, number: int) -> str:
    try:
        outcome = parse_query_results(reply.body.encode(), format=_FORMATS[reply.format_name])
        if not isinstance(outcome, QuerySolutions):
            raise ServiceFailed(call.iri, "it answered yes or no, not with a table of results")
        names = " ".join(str(variable) for variable in outcome.variables)
        rows = "\n".join(f"({' '.join(_written(row, number))})" for row in outcome)
    except (SyntaxError, ValueError) as error:
        raise ServiceFailed(call.iri, f"its answer can't be read ({error})") from error
    return f"{{ VALUES ({names}) {{\n{rows}\n}} }}"


def _written(row: Iterator[Term | None] | Sequence[Term | None], number: int) -> Iterator[str]:
    return ("UNDEF" if term is None else str(_named(term, number)) for term in row)


def _named(term: Term, number: int) -> Term:
    """The term with IRIs for blank nodes, which are others' and which VALUES doesn't take."""
    if isinstance(term, BlankNode):
        return NamedNode(f"urn:x-rskg:blank:{number}-{term.value}")
    if isinstance(term, Triple):
        subject, object_ = _named(term.subject, number), _named(term.object, number)
        return Triple(subject, term.predicate, object_)  # type: ignore[arg-type]
    return term
