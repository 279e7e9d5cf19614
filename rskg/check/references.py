"""References to things described elsewhere: warnings, unless another graph tells about them.

A thing is elsewhere when it has an IRI of ours, and neither the data nor the context say anything
about it. Lists of values that the context describes are complete: nothing in them is elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rskg.errors import BudgetExceeded
from rskg.namespaces import BASE, RDF, SH, SKOS
from rskg.report import Result
from rskg.syntax import BlankNode, NamedNode, Source, Triple

#: Answers a CONSTRUCT with its triples.
Asked = Callable[[str], Sequence[Triple]]

_THINGS = BASE + "id/"
_TYPE = RDF + "type"
_PATHS = {SH + name for name in ("path", "inversePath", "zeroOrMorePath", "oneOrMorePath")}
_LISTED = SKOS + "inScheme"
_FIRST = RDF + "first"
#: What a result of these kinds says of a value, it says by what is told about the value.
_ABOUT_VALUES = {
    f"{name}ConstraintComponent"
    for name in ("Class", "Node", "And", "Or", "Xone", "QualifiedMinCount", "SPARQL")
}
#: A context has no terms whose names mean something in one document alone.
_NOT_CONTEXT = {BlankNode, Triple}
_BATCH = 200
#: The most triples that one question may be answered with.
MOST = 100_000


@dataclass(frozen=True)
class Needed:
    """What to ask another graph about: things elsewhere, our own things, and the properties."""

    elsewhere: tuple[str, ...]
    ours: tuple[str, ...]
    properties: tuple[str, ...]


def needed(
    sources: Sequence[Source], context: Sequence[Triple], shapes: Sequence[Triple]
) -> Needed:
    """What the documents refer to and don't describe, and what shapes look at in such things."""
    told = {t.subject.value for t in context if isinstance(t.subject, NamedNode)}
    closed = {
        _kind(t.subject.value)
        for t in context
        if t.predicate.value == _LISTED and isinstance(t.subject, NamedNode)
    }
    subjects, objects = set[str](), set[str]()
    for source in sources:
        for quad in source.quads():
            if isinstance(quad.subject, NamedNode):
                subjects.add(quad.subject.value)
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(_THINGS):
                objects.add(quad.object.value)
    absent = (iri for iri in objects - subjects - told if _kind(iri) not in closed)
    properties = {
        t.object.value
        for t in shapes
        if isinstance(t.object, NamedNode) and t.predicate.value in (*_PATHS, _FIRST)
    }
    ours = (iri for iri in subjects if iri.startswith(_THINGS))
    return Needed(tuple(sorted(absent)), tuple(sorted(ours)), tuple(sorted(properties)))


def pulled(what: Needed, asked: Asked) -> list[Triple]:
    """What the other graph tells: each thing elsewhere by what shapes look at, who points at ours.

    Raises BudgetExceeded where an answer is larger than MOST triples, and what `asked` raises.
    """
    properties = f"<{_TYPE}> " + " ".join(f"<{iri}>" for iri in what.properties)
    found: dict[Triple, None] = {}
    for things in _batches(what.elsewhere):
        found.update(_answer(asked, things, f"?s ?p ?o . VALUES ?p {{ {properties} }}"))
    near = set(filter(None, map(_thing, found))) - {*what.elsewhere, *what.ours}
    for things in _batches(sorted(near)):
        found.update(_answer(asked, things, f"?s ?p ?o . VALUES ?p {{ <{_TYPE}> }}"))
    told = {t.subject for t in found}
    pointing = dict[Triple, None]()
    for things in _batches(what.ours):
        pattern = f"?s ?p ?o . VALUES ?p {{ {properties} }}"
        pointing.update(_answer(asked, things, pattern, variable="?o"))
    known = {NamedNode(iri) for iri in what.ours}
    others = sorted({t.subject.value for t in pointing if isinstance(t.subject, NamedNode)})
    for things in _batches([iri for iri in others if NamedNode(iri) not in known | told]):
        found.update(_answer(asked, things, f"?s ?p ?o . VALUES ?p {{ <{_TYPE}> }}"))
    found.update((t, None) for t in pointing if t.subject not in known)
    return list(found)


def may_be_elsewhere(result: Result) -> bool:
    """True for a result that may be about a thing described elsewhere; quick."""
    things = (result.value or "").startswith(f"<{_THINGS}")
    return things and result.component in _ABOUT_VALUES


def softened(results: Iterable[Result], what: Needed, *, against: bool) -> list[Result]:
    """The results, those about things elsewhere as warnings.

    Where another graph was asked, they stay as grave as they are.
    """
    absent = {f"<{iri}>" for iri in what.elsewhere}
    return [
        _softer(result, against) if may_be_elsewhere(result) and result.value in absent else result
        for result in results
    ]


def _softer(result: Result, against: bool) -> Result:
    if against:
        said = f"neither these files nor the graph that was asked describe {result.value}"
        return result.but(explanation=said)
    said = f"these files don't describe {result.value}; --against STORE|URL looks it up"
    severity = "Warning" if result.severity == "Violation" else result.severity
    return result.but(severity=severity, explanation=said)


def _answer(
    asked: Asked, things: Sequence[str], pattern: str, *, variable: str = "?s"
) -> dict[Triple, None]:
    named = " ".join(f"<{iri}>" for iri in things)
    query = (
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES {variable} {{ {named} }} {pattern} }} "
        f"LIMIT {MOST + 1}"
    )
    triples = asked(query)
    if len(triples) > MOST:
        raise BudgetExceeded("rows", MOST, len(triples), "look-up by --against", "check less")
    return {t: None for t in triples if not {type(t.subject), type(t.object)} & _NOT_CONTEXT}


def _thing(triple: Triple) -> str | None:
    value = triple.object.value if isinstance(triple.object, NamedNode) else ""
    return value if value.startswith(_THINGS) else None


def _kind(iri: str) -> str:
    """`https://w3id.org/rskg/id/country/`: what its IRI says of the kind of a thing."""
    return iri[: iri.rfind("/") + 1] if iri.startswith(_THINGS) else ""


def _batches(iris: Sequence[str]) -> Iterator[list[str]]:
    left = iter(iris)
    while batch := list(islice(left, _BATCH)):
        yield batch
