"""A query as another engine is asked it: with its prefixes, its parameters in place, as a SELECT.

Every form is asked as a table, since that is what engines agree on most and cut least in silence:
ASK as one row, CONSTRUCT as its variables, from which the template is filled in here.
Grammar: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.errors import RefusedFeature
from rskg.store.answer import Form
from rskg.store.engines.parameters import closing, with_parameters
from rskg.store.reach import BASE_IRI, refuse_reach, refuse_unparsable
from rskg.store.tokens import Token, tokens
from rskg.syntax import Term

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
#: The variable of an ASK's only row.
YES = "yes"


@dataclass(frozen=True)
class Wording:
    """The SELECT that is sent, the form that was asked, and a CONSTRUCT's prologue and template.

    `named` is True where the text says FROM itself, `graphs` where it looks into named graphs.
    """

    text: str
    form: Form
    template: str = ""
    named: bool = False
    graphs: bool = False


def worded(
    query: str, bindings: Mapping[str, Term], prefixes: Mapping[str, str], hidden: str = ""
) -> Wording:
    """The query as it is sent; graphs whose names begin as `hidden` are none to it.

    Raises QuerySyntaxError, and RefusedFeature for updates, SERVICE and DESCRIBE.
    """
    refuse_reach(query, prefixes)
    refuse_unparsable(query, prefixes)
    read = list(tokens(query))
    if bindings:
        query = with_parameters(query, read, bindings)
        read = list(tokens(query))
    if hidden and any(token.says("GRAPH") for token in read):
        query = _hiding(query, read, hidden)
        read = list(tokens(query))
    start = next(at for at, token in enumerate(read) if any(map(token.says, _FORMS)))
    prologue = _prologue(query[: read[start].start], read, prefixes)
    asked = query[read[start].start :]
    named = any(token.says("FROM") for token in read[start:])
    graphs = any(token.says("GRAPH") for token in read[start:])
    form = read[start]
    if form.says("DESCRIBE"):
        raise RefusedFeature("DESCRIBE", "engines disagree on what it gives; ask a CONSTRUCT")
    if form.says("SELECT"):
        return Wording(f"{prologue}{asked}", "solutions", named=named, graphs=graphs)
    if form.says("ASK"):
        rest = query[form.end :]
        text = f"{prologue}SELECT (1 AS ?{YES}) {rest} LIMIT 1"
        return Wording(text, "boolean", named=named, graphs=graphs)
    template, rest = _construct(query, read[start:])
    names = dict.fromkeys(t.text[1:] for t in tokens(template) if t.kind == "variable")
    head = " ".join(f"?{name}" for name in names) or "(1 AS ?yes)"
    text = f"{prologue}SELECT DISTINCT {head} {rest}"
    return Wording(text, "graph", f"{prologue}CONSTRUCT {template}", named, graphs)


def _hiding(query: str, read: Sequence[Token], hidden: str) -> str:
    """The query with a filter behind each GRAPH that takes any."""
    filters = [
        (read[closing(read, at + 2)].end, read[at + 1].text)
        for at, token in enumerate(read[:-2])
        if token.says("GRAPH") and read[at + 1].kind == "variable"
    ]
    for end, variable in sorted(filters, reverse=True):
        told = f' FILTER(!STRSTARTS(STR({variable}), "{hidden}"))'
        query = query[:end] + told + query[end:]
    return query


def _prologue(said: str, read: Sequence[Token], prefixes: Mapping[str, str]) -> str:
    """What the query declares, and of ours what it uses without declaring it."""
    declared = {token.text for token in tokens(said) if token.kind == "name"}
    used = {f"{t.text.partition(':')[0]}:" for t in read if t.kind == "name"} - declared
    lines = [f"PREFIX {name}: <{iri}>" for name, iri in prefixes.items() if f"{name}:" in used]
    base = () if any(token.says("BASE") for token in tokens(said)) else (f"BASE <{BASE_IRI}>",)
    return "\n".join((*base, *lines, said))


def _construct(query: str, read: Sequence[Token]) -> tuple[str, str]:
    """A CONSTRUCT's template, and what stands behind it; in the short form both are the pattern."""
    opening = next(at for at, token in enumerate(read) if token.text == "{")
    end = read[closing(read, opening)].end
    inner = query[read[opening].start : end]
    if any(token.says("WHERE") for token in read[:opening]):
        return inner, query[read[1].start :]
    return inner, query[end:]
