"""Inner shapes in words that the fast engine is quick at.

Where `sh:class` stands in a shape whose own results nobody sees (SHACL 4.6, 4.7.1, 4.7.3: below
`sh:not`, `sh:or`, `sh:node` and their like), the engine walks through all instances of the class
for each value. The path rdf:type/rdfs:subClassOf* with that class as a value asks the same of the
value alone (SHACL 4.1.1), and the shape around it says the same either way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rskg.namespaces import RDF, RDFS, SH
from rskg.syntax import BlankNode, NamedNode, Term, Triple

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_TYPE, _BELOW = NamedNode(RDF + "type"), NamedNode(RDFS + "subClassOf")
_CLASS, _PROPERTY, _PATH, _HAS_VALUE, _ANY_STEPS = (
    NamedNode(SH + name) for name in ("class", "property", "path", "hasValue", "zeroOrMorePath")
)
_ASK = {NamedNode(SH + name) for name in ("not", "node", "qualifiedValueShape")}
_ASK_EACH = {NamedNode(SH + name) for name in ("and", "or", "xone")}
_TARGET = SH + "target"


def by_path(shapes: Sequence[Triple]) -> list[Triple]:
    """The same shapes, `sh:class` of inner ones told by a path; what they report is the same."""
    inner = _inner(shapes)
    found: list[Triple] = []
    asked: dict[Term, BlankNode] = {}
    for triple in shapes:
        if triple.predicate == _CLASS and triple.subject in inner:
            one = asked.setdefault(triple.object, BlankNode())
            found.append(Triple(triple.subject, _PROPERTY, one))
        else:
            found.append(triple)
    return [*found, *_instances(asked)] if asked else found


def _instances(asked: dict[Term, BlankNode]) -> Iterator[Triple]:
    """Each shape that asks for instances of a class, and their path."""
    path, then, above = BlankNode(), BlankNode(), BlankNode()
    yield Triple(path, _FIRST, _TYPE)
    yield Triple(path, _REST, then)
    yield Triple(then, _FIRST, above)
    yield Triple(then, _REST, _NIL)
    yield Triple(above, _ANY_STEPS, _BELOW)
    for kind, shape in asked.items():
        yield Triple(shape, _PATH, path)
        yield Triple(shape, _HAS_VALUE, kind)


def _inner(shapes: Sequence[Triple]) -> set[Term]:
    """The blank shapes that others ask for a yes or no, and for nothing else."""
    referring: dict[Term, list[Triple]] = defaultdict(list)
    lists: dict[Term, Term] = {}
    aimed: set[Term] = set()
    for triple in shapes:
        if isinstance(triple.object, BlankNode):
            referring[triple.object].append(triple)
        if triple.predicate == _REST:
            lists[triple.object] = triple.subject
        if triple.predicate.value.startswith(_TARGET):
            aimed.add(triple.subject)

    def asked(triple: Triple) -> bool:
        if triple.predicate != _FIRST:
            return triple.predicate in _ASK
        start: Term = triple.subject
        seen = {start}
        while start in lists and lists[start] not in seen:
            start = lists[start]
            seen.add(start)
        heads = referring[start]
        return bool(heads) and all(head.predicate in _ASK_EACH for head in heads)

    return {
        node for node, found in referring.items() if node not in aimed and all(map(asked, found))
    }
