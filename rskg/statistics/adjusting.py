"""VoID after a change: what came is added and what left is taken away, nothing is counted anew.

It has to say what the queries of `counting` would say; a test holds the two equal. A look into the
store is a few steps, whatever its size: does this subject, this object of that property, still
occur?
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from hashlib import md5
from typing import NamedTuple

from rskg.namespaces import BASE, GRAPH, RDF, THING, VOID, XSD, graph
from rskg.statistics.counting import LINKS, WHOLE
from rskg.store import Draft, Pattern
from rskg.syntax import Literal, NamedNode, Term, Triple

A = NamedNode(RDF + "type")
STATISTICS = graph("statistics")
_HOST = re.compile(r"^([a-z]+://[^/]+/).*$")
_INTEGER = NamedNode(XSD + "integer")


class Delta(NamedTuple):
    """The triples that came into a graph, and those that left it."""

    added: frozenset[Triple] = frozenset()
    removed: frozenset[Triple] = frozenset()

    def signed(self) -> Iterator[tuple[int, Triple]]:
        """Each triple with 1 if it came, -1 if it left."""
        yield from ((1, triple) for triple in self.added)
        yield from ((-1, triple) for triple in self.removed)


#: What is counted: the kind of part, and what tells it from others of its kind.
_Key = tuple[str, *tuple[str, ...]]
#: By how much each measure of each part changed.
_Counts = Counter[tuple[_Key, str]]
_ALL: _Key = ("all",)


def adjust(draft: Draft, merge: Delta, graphs: Mapping[str, Delta]) -> None:
    """Make `graph/statistics` true again, after the draft was changed.

    `merge` is what changed in the default graph, `graphs` what changed in each named one; both
    are already in the draft, and they are exact: what came wasn't there, what left was.
    """
    counts: _Counts = Counter()
    _count_triples(counts, merge)
    _count_presence(counts, draft, merge)
    _count_typed(counts, draft, merge)
    _count_properties_of_classes(counts, draft, merge)
    for name, delta in graphs.items():
        _count_graph(counts, name, delta)
    _write(draft, counts)


def _count_triples(counts: _Counts, merge: Delta) -> None:
    for sign, triple in merge.signed():
        counts[_ALL, "triples"] += sign
        counts[("property", triple.predicate.value), "triples"] += sign
        if triple.predicate == A:
            counts[("class", _text(triple.object)), "entities"] += sign
        if triple.predicate.value in LINKS and not _text(triple.object).startswith(BASE):
            counts[("links", *_link(triple)), "triples"] += sign


def _count_presence(counts: _Counts, draft: Draft, merge: Delta) -> None:
    """What is counted once however often it occurs."""
    for _, sign in _turned(draft, merge, lambda t: (t.subject, None, None)):
        counts[_ALL, "distinctSubjects"] += sign
    for _, sign in _turned(draft, merge, lambda t: (None, None, t.object)):
        counts[_ALL, "distinctObjects"] += sign
    for _, sign in _turned(draft, merge, lambda t: (None, t.predicate, None)):
        counts[_ALL, "properties"] += sign
    for (_, predicate, _), sign in _turned(draft, merge, lambda t: (t.subject, t.predicate, None)):
        counts[("property", _text(predicate)), "distinctSubjects"] += sign
    for (_, predicate, _), sign in _turned(draft, merge, lambda t: (None, t.predicate, t.object)):
        counts[("property", _text(predicate)), "distinctObjects"] += sign


def _count_typed(counts: _Counts, draft: Draft, merge: Delta) -> None:
    """Classes that have a member, and things of a kind that have a class."""
    added, removed = (frozenset(t for t in side if t.predicate == A) for side in merge)
    types = Delta(added, removed)
    for _, sign in _turned(draft, types, lambda t: (None, A, t.object)):
        counts[_ALL, "classes"] += sign
    for (subject, _, _), sign in _turned(draft, types, lambda t: (t.subject, A, None)):
        if _text(subject).startswith(THING):
            counts[("kind", _space(_text(subject))), "entities"] += sign


def _turned(
    draft: Draft, merge: Delta, pattern_of: Callable[[Triple], Pattern]
) -> Iterator[tuple[Pattern, int]]:
    """The patterns that had no match and have one (1), or had one and have none (-1)."""
    gone = {pattern_of(triple) for triple in merge.removed}
    for pattern in gone | {pattern_of(triple) for triple in merge.added}:
        before, after = pattern in gone, False
        for quad in draft.matches(pattern, "default"):
            after = True
            before = before or quad.triple not in merge.added
            if before:
                break
        if before != after:
            yield pattern, after - before


def _count_properties_of_classes(counts: _Counts, draft: Draft, merge: Delta) -> None:
    changed: dict[Term, list[tuple[int, Triple]]] = defaultdict(list)
    for sign, triple in merge.signed():
        changed[triple.subject].append((sign, triple))
    for subject, signed in changed.items():
        if any(triple.predicate == A for _, triple in signed):
            after = {quad.triple for quad in draft.matches((subject, None, None), "default")}
            before = (after - merge.added) | {triple for sign, triple in signed if sign < 0}
            for sign, triples in ((1, after), (-1, before)):
                _cross(counts, _classes(triples), [(sign, triple) for triple in triples])
        else:
            typed = {quad.triple for quad in draft.matches((subject, A, None), "default")}
            _cross(counts, _classes(typed), signed)


def _classes(triples: set[Triple]) -> list[Term]:
    return [triple.object for triple in triples if triple.predicate == A]


def _cross(counts: _Counts, classes: list[Term], signed: list[tuple[int, Triple]]) -> None:
    properties: Counter[NamedNode] = Counter()
    for sign, triple in signed:
        properties[triple.predicate] += sign
    for predicate, number in properties.items():
        for each in classes:
            counts[("class-property", _text(each), predicate.value), "triples"] += number


def _count_graph(counts: _Counts, name: str, delta: Delta) -> None:
    for sign, triple in delta.signed():
        counts[("graph", name), "triples"] += sign
        if triple.predicate == A and name.startswith(GRAPH + "data/"):
            counts[("graph-class", name, _text(triple.object)), "entities"] += sign


def _write(draft: Draft, counts: _Counts) -> None:
    changes: dict[_Key, dict[str, int]] = defaultdict(dict)
    for (key, measure), change in counts.items():
        if change:
            changes[key][measure] = change
    gone: set[Triple] = set()
    new: set[Triple] = set()
    for key, changed in changes.items():
        iri, said = _part(key)
        old = _numbers(draft, iri)
        numbers = {measure: int(_text(triple.object)) for measure, triple in old.items()}
        for measure, change in changed.items():
            numbers[measure] = numbers.get(measure, 0) + change
        gone |= {*old.values(), *said}
        if key == _ALL or any(numbers.values()):
            new |= {*said, *(_says(iri, measure, _whole(n)) for measure, n in numbers.items())}
    draft.remove(gone - new, STATISTICS)
    draft.add(new, STATISTICS)


def _numbers(draft: Draft, iri: str) -> dict[str, Triple]:
    """What is told of a part in numbers, by measure."""
    return {
        quad.predicate.value.removeprefix(VOID): quad.triple
        for quad in draft.matches((NamedNode(iri), None, None), STATISTICS)
        if isinstance(quad.object, Literal) and quad.object.datatype == _INTEGER
    }


def _part(key: _Key) -> tuple[str, list[Triple]]:
    """The IRI of a part, and what is said of it as long as it holds anything."""
    kind, *names = key
    if kind == "all":
        return WHOLE, []
    if kind == "graph":
        return names[0], [_within(WHOLE, "subset", names[0]), _typed(names[0], "Dataset")]
    iri = _iri(kind, *names)
    match kind:
        case "class":
            said = [_within(WHOLE, "classPartition", iri), _within(iri, "class", names[0])]
        case "graph-class":
            said = [_within(names[0], "classPartition", iri), _within(iri, "class", names[1])]
        case "property":
            said = [_within(WHOLE, "propertyPartition", iri), _within(iri, "property", names[0])]
        case "class-property":
            of = _iri("class", names[0])
            said = [_within(of, "propertyPartition", iri), _within(iri, "property", names[1])]
        case "links":
            said = [_within(WHOLE, "subset", iri), _typed(iri, "Linkset")]
            said += [_within(iri, "linkPredicate", names[0])]
            said += [_within(iri, "objectsTarget", names[1])]
        case _:
            said = [_within(WHOLE, "subset", iri), _typed(iri, "Dataset")]
            said += [_says(iri, "uriSpace", Literal(names[0]))]
    return iri, said


def _iri(kind: str, *names: str) -> str:
    digest = md5(" ".join(names).encode(), usedforsecurity=False).hexdigest()
    return f"{STATISTICS}#{kind}-{digest}"


def _link(triple: Triple) -> tuple[str, str]:
    return triple.predicate.value, _HOST.sub(r"\1", _text(triple.object))


def _space(subject: str) -> str:
    kind, slash, _ = subject.removeprefix(THING).partition("/")
    return f"{THING}{kind if slash else ''}/"


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", term))


def _whole(number: int) -> Literal:
    return Literal(str(number), datatype=_INTEGER)


def _says(subject: str, measure: str, value: Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(VOID + measure), value)


def _within(subject: str, measure: str, value: str) -> Triple:
    return _says(subject, measure, NamedNode(value))


def _typed(subject: str, kind: str) -> Triple:
    return Triple(NamedNode(subject), A, NamedNode(VOID + kind))
