"""Which axioms contradict each other: the smallest set that still does.

rustdl finds it in milliseconds where its own reasoning reaches; else axioms are left out, half by
half, as long as HermiT still sees the contradiction.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import rustdl
from rdflib import OWL, RDF, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from rskg.namespaces import TERM
from rskg.reasoning.hermit import judge

Triple = tuple[Node, Node, Node]
Axiom = tuple[Triple, ...]

#: What a term is, as against what is said of it: kept while axioms are left out.
DECLARATIONS = frozenset(
    OWL[name]
    for name in ("Class", "ObjectProperty", "DatatypeProperty", "NamedIndividual", "Ontology")
)


def axioms_behind(logical: Graph, unsatisfiable: str | None = None) -> tuple[str, ...]:
    """The axioms of one contradiction, or of why a class can't have a member, one a line."""
    return _by_rustdl(logical, unsatisfiable) or _by_shrinking(logical, unsatisfiable)


def _by_rustdl(logical: Graph, unsatisfiable: str | None) -> tuple[str, ...]:
    query = ["unsat", unsatisfiable] if unsatisfiable else ["inconsistent"]
    with tempfile.TemporaryDirectory(prefix="rskg-explain-") as folder:
        path = Path(folder) / "ontology.owl"
        _in_pairs(logical).serialize(path, format="xml", encoding="utf-8")
        try:
            found = rustdl.justify(str(path), query)
        except rustdl.RustdlError:
            return ()
    return tuple(sorted(_short(axiom) for axiom in found))


def _in_pairs(logical: Graph) -> Graph:
    """The same graph with each list of disjoint classes as pairs, since rustdl skips the lists."""
    pairs = Graph()
    pairs += logical
    for axiom in logical.subjects(RDF.type, OWL.AllDisjointClasses):
        for members in logical.objects(axiom, OWL.members):
            for one, other in combinations(Collection(logical, members), 2):
                pairs.add((one, OWL.disjointWith, other))
            pairs.remove((axiom, OWL.members, members))
        pairs.remove((axiom, RDF.type, OWL.AllDisjointClasses))
    return pairs


def _by_shrinking(logical: Graph, unsatisfiable: str | None) -> tuple[str, ...]:
    declarations = [triple for triple in logical if triple[2] in DECLARATIONS]
    axioms = sorted(_axioms(logical), key=_written)

    def contradictory(chosen: Sequence[Axiom]) -> bool:
        part = Graph()
        for triple in declarations:
            part.add(triple)
        for axiom in chosen:
            for triple in axiom:
                part.add(triple)
        verdict = judge(part)
        return not verdict.consistent or unsatisfiable in verdict.unsatisfiable

    if not contradictory(axioms):
        return ()
    return tuple(_written(axiom) for axiom in smallest(axioms, contradictory))


def smallest(
    axioms: Sequence[Axiom], contradictory: Callable[[Sequence[Axiom]], bool]
) -> Sequence[Axiom]:
    """Axioms that contradict each other, none of which can be left out (QuickXplain)."""

    def search(
        given: Sequence[Axiom], last: Sequence[Axiom], choice: Sequence[Axiom]
    ) -> list[Axiom]:
        if last and contradictory(given):
            return []
        if len(choice) == 1:
            return list(choice)
        half = len(choice) // 2
        first, second = choice[:half], choice[half:]
        of_second = search([*given, *first], first, second)
        of_first = search([*given, *of_second], of_second, first)
        return of_first + of_second

    return search([], [], axioms)


def _axioms(logical: Graph) -> Iterator[Axiom]:
    """Each axiom with the class expressions and lists that belong to it."""
    inner = {value for value in logical.objects() if isinstance(value, BNode)}
    for subject in set(logical.subjects()):
        if isinstance(subject, URIRef):
            for triple in logical.triples((subject, None, None)):
                if triple[2] not in DECLARATIONS:
                    yield (triple, *_below(logical, triple[2]))
        elif subject not in inner:
            yield tuple(_below(logical, subject))


def _below(logical: Graph, node: Node) -> Iterator[Triple]:
    if isinstance(node, BNode):
        for triple in logical.triples((node, None, None)):
            yield triple
            yield from _below(logical, triple[2])


def _written(axiom: Axiom) -> str:
    """The axiom as Turtle on one line."""
    part = Graph(bind_namespaces="core")
    part.bind("rskg", TERM)
    for triple in axiom:
        part.add(triple)
    lines = part.serialize(format="turtle").splitlines()
    said = " ".join(line.strip() for line in lines if not line.startswith("@prefix"))
    return said.strip().removesuffix(".").strip()


def _short(manchester: str) -> str:
    return re.sub(f"<{re.escape(TERM)}([^>]+)>", r"rskg:\1", manchester)
