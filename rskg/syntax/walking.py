"""Triples as a graph that can be walked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

_Node = TypeVar("_Node", bound=Hashable)
_Term = NamedNode | BlankNode | Literal | Triple
_REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
_FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"


def by_subject(triples: Iterable[Triple]) -> dict[_Term, list[Triple]]:
    """The triples of each subject, in their order."""
    told: dict[_Term, list[Triple]] = defaultdict(list)
    for triple in triples:
        told[triple.subject].append(triple)
    return dict(told)


def reached(start: _Node, links: Callable[[_Node], Iterable[_Node]]) -> set[_Node]:
    """The start, and all that its links lead to; a ring is walked once."""
    found: set[_Node] = set()
    pending = [start]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending.extend(links(node))
    return found


def members(head: _Term, told: Mapping[_Term, Sequence[Triple]]) -> list[_Term]:
    """What an RDF list holds; up to where it is broken off or leads back."""
    found: list[_Term] = []
    seen: set[_Term] = set()
    while head in told and head not in seen:
        seen.add(head)
        said = {triple.predicate.value: triple.object for triple in told[head]}
        if _FIRST in said:
            found.append(said[_FIRST])
        head = said.get(_REST, head)
    return found
