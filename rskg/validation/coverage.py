"""What a run covers: shapes that have a target, and the nodes they look at (SHACL 2.1.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rskg.namespaces import OWL, RDF, RDFS, SH
from rskg.syntax import NamedNode, Term, Triple

TYPE, BELOW, IMPORTS = (
    f"<{iri}>".encode() for iri in (RDF + "type", RDFS + "subClassOf", OWL + "imports")
)
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_CLASSES = {RDFS + "Class", OWL + "Class"}
_SHAPES = {SH + "NodeShape", SH + "PropertyShape"}


@dataclass(frozen=True)
class Targets:
    """What the shapes look at, as N-Triples writes it, and how many shapes say so."""

    shapes: int
    classes: frozenset[bytes]
    nodes: frozenset[bytes]
    subjects_of: frozenset[bytes]
    objects_of: frozenset[bytes]

    @classmethod
    def of(cls, shapes: Sequence[Triple]) -> Targets:
        """The targets that a shapes graph declares, implicit classes among them."""
        aimed: dict[str, set[Term]] = {name: set() for name in _TARGETS}
        with_target: set[Term] = set()
        types: dict[Term, set[str]] = defaultdict(set)
        for triple in shapes:
            name = triple.predicate.value.removeprefix(SH)
            if name in aimed:
                aimed[name].add(triple.object)
                with_target.add(triple.subject)
            elif triple.predicate.value == RDF + "type" and isinstance(triple.object, NamedNode):
                types[triple.subject].add(triple.object.value)
        implicit = {node for node, kinds in types.items() if kinds & _CLASSES and kinds & _SHAPES}
        return cls(
            len(with_target | implicit),
            _written(aimed["targetClass"] | implicit),
            _written(aimed["targetNode"]),
            _written(aimed["targetSubjectsOf"]),
            _written(aimed["targetObjectsOf"]),
        )


def _written(terms: Iterable[Term]) -> frozenset[bytes]:
    return frozenset(str(term).encode() for term in terms)
