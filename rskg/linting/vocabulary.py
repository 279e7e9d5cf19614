"""What the ontology says of classes and properties, ready to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations

from rskg.namespaces import OWL, RDF, RDFS, TERM
from rskg.syntax import Term, Triple, reached

_NIL = f"<{RDF}nil>"


@dataclass(frozen=True)
class Vocabulary:
    """Terms by IRI; classes with all above them; domains, ranges and disjoint pairs.

    A domain or range is a set of alternatives (`owl:unionOf`); of several, all hold.
    """

    terms: frozenset[str]
    above: Mapping[str, frozenset[str]]
    domains: Mapping[str, list[frozenset[str]]]
    ranges: Mapping[str, list[frozenset[str]]]
    literal: frozenset[str]
    disjoint: frozenset[frozenset[str]]

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Vocabulary:
        """Read it from the triples of the ontology."""
        said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            said[triple.predicate.value][_name(triple.subject)].append(_name(triple.object))
        types, parents = said[RDF + "type"], said[RDFS + "subClassOf"]

        def up(name: str) -> list[str]:
            return parents.get(name, [])

        return cls(
            terms=frozenset(node for node in types if node.startswith(TERM)),
            above={start: frozenset(reached(start, up)) for start in parents},
            domains=_alternatives(said, RDFS + "domain"),
            ranges=_alternatives(said, RDFS + "range"),
            literal=frozenset(n for n, kinds in types.items() if OWL + "DatatypeProperty" in kinds),
            disjoint=_disjoint(said),
        )

    def apart(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """True when no thing can be one of these and one of those."""
        return all(self._disjoint(a, b) for a in one for b in other)

    def nearest(self, term: str) -> str | None:
        """The term of ours that was probably meant, as its local name."""
        names = {each.removeprefix(TERM).lower(): each.removeprefix(TERM) for each in self.terms}
        close = get_close_matches(term.removeprefix(TERM).lower(), sorted(names), 1, 0.6)
        return names[close[0]] if close else None

    def _disjoint(self, one: str, other: str) -> bool:
        ups, others = self.above.get(one, {one}), self.above.get(other, {other})
        return any(
            frozenset((a, b)) in self.disjoint for a in {one, *ups} for b in {other, *others}
        )


_Said = Mapping[str, Mapping[str, list[str]]]


def _name(term: Term) -> str:
    return str(getattr(term, "value", term))


def _alternatives(said: _Said, predicate: str) -> dict[str, list[frozenset[str]]]:
    unions = said.get(OWL + "unionOf", {})
    return {
        node: [
            frozenset(_list(said, unions[kind][0])) if kind in unions else frozenset((kind,))
            for kind in kinds
        ]
        for node, kinds in said.get(predicate, {}).items()
    }


def _disjoint(said: _Said) -> frozenset[frozenset[str]]:
    pairs = {
        frozenset((node, other))
        for node, others in said.get(OWL + "disjointWith", {}).items()
        for other in others
    }
    members = said.get(OWL + "members", {})
    for node, kinds in said[RDF + "type"].items():
        if OWL + "AllDisjointClasses" in kinds and node in members:
            pairs |= {frozenset(p) for p in combinations(_list(said, members[node][0]), 2)}
    return frozenset(pairs)


def _list(said: _Said, head: str) -> list[str]:
    found: list[str] = []
    while head not in (RDF + "nil", _NIL) and head in said[RDF + "first"]:
        found += said[RDF + "first"][head]
        head = said[RDF + "rest"][head][0]
    return found
