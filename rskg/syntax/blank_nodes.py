"""Blank nodes get IRIs from their content, so that what we publish can be diffed and withdrawn.

RDF 1.1 Concepts 3.5 (Skolem IRIs). A node's name is the hash of what it says and of who
points at it: the same file gives the same names, and an edit elsewhere changes none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, Triple

from rskg.namespaces import GENID

AnyTerm = TypeVar("AnyTerm", bound=object)
_Outgoing = dict[BlankNode, list[Triple]]


def skolemise(triples: Iterable[Triple]) -> list[Triple]:
    """The same graph without blank nodes; equal anonymous nodes at one place become one."""
    graph, names = names_by_content(triples)
    return [_renamed(triple, names) for triple in graph] if names else graph


def blank_names(triples: Iterable[Triple]) -> dict[BlankNode, NamedNode]:
    """For each blank node the name that `skolemise` gives it; none in cycles of blank nodes."""
    return names_by_content(triples)[1]


def names_by_content(
    triples: Iterable[Triple],
) -> tuple[list[Triple], dict[BlankNode, NamedNode]]:
    """The graph, and a name for each of its blank nodes that another copy of it gives too.

    Cycles of blank nodes change the graph's labels: they are named after a canonical order.
    """
    graph = list(triples)
    outgoing: _Outgoing = defaultdict(list)
    incoming: dict[BlankNode, list[Triple]] = defaultdict(list)
    nodes: dict[BlankNode, None] = {}
    for triple in graph:
        if isinstance(triple.subject, BlankNode):
            outgoing[triple.subject].append(triple)
            nodes[triple.subject] = None
        if isinstance(triple.object, BlankNode):
            incoming[triple.object].append(triple)
            nodes[triple.object] = None
    if not nodes:
        return graph, {}
    order = _children_first(nodes, outgoing)
    if order is None:
        graph = _canonical(graph)
        return graph, _by_label(graph)
    return graph, _by_content(order, outgoing, incoming)


def with_blank_nodes(triples: Iterable[Triple]) -> list[Triple]:
    """The graph as its authors wrote it: our Skolem IRIs are blank again.

    For whoever takes a document away: a SHACL path or an OWL restriction with a name means
    something else (SHACL 2.3.1, OWL 2 Mapping to RDF 3.2).
    """
    return [
        Triple(_blank(triple.subject), triple.predicate, _blank(triple.object))
        for triple in triples
    ]


def _children_first(nodes: Iterable[BlankNode], outgoing: _Outgoing) -> list[BlankNode] | None:
    """Every node after the blank nodes that it points at; None when they form a cycle."""
    done: dict[BlankNode, None] = {}
    for start in nodes:
        stack: list[tuple[BlankNode, bool]] = [(start, False)]
        open_nodes: set[BlankNode] = set()
        while stack:
            node, left = stack.pop()
            if left:
                open_nodes.discard(node)
                done[node] = None
            elif node not in done:
                if node in open_nodes:
                    return None
                open_nodes.add(node)
                stack.append((node, True))
                children = [t.object for t in outgoing[node] if isinstance(t.object, BlankNode)]
                if any(child in open_nodes for child in children):
                    return None
                stack.extend((child, False) for child in children if child not in done)
    return list(done)


def _by_content(
    order: list[BlankNode], outgoing: _Outgoing, incoming: _Outgoing
) -> dict[BlankNode, NamedNode]:
    content: dict[BlankNode, str] = {}
    for node in order:
        said = (f"{t.predicate} {_told(t.object, content)}" for t in outgoing[node])
        content[node] = _digest("\n".join(sorted(said)))
    names: dict[BlankNode, NamedNode] = {}
    for node in reversed(order):
        places = (f"{_told(t.subject, names)} {t.predicate}" for t in incoming[node])
        names[node] = NamedNode(GENID + _digest("\n".join([content[node], *sorted(places)])))
    return names


def _told(term: object, known: dict[BlankNode, str] | dict[BlankNode, NamedNode]) -> str:
    return str(known[term]) if isinstance(term, BlankNode) else str(term)


def _canonical(graph: list[Triple]) -> list[Triple]:
    """The graph with RDFC-1.0 labels: what is left for cycles of blank nodes."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in graph)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def _by_label(graph: list[Triple]) -> dict[BlankNode, NamedNode]:
    document = _digest("\n".join(sorted(str(triple) for triple in graph)))
    ends = (end for triple in graph for end in (triple.subject, triple.object))
    return {
        node: NamedNode(GENID + _digest(f"{document} {node}"))
        for node in ends
        if isinstance(node, BlankNode)
    }


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _blank(term: AnyTerm) -> AnyTerm | BlankNode:
    if isinstance(term, NamedNode) and term.value.startswith(GENID):
        return BlankNode("g" + term.value[len(GENID) :])
    return term


def _renamed(triple: Triple, names: dict[BlankNode, NamedNode]) -> Triple:
    subject, value = triple.subject, triple.object
    return Triple(
        names[subject] if isinstance(subject, BlankNode) else subject,
        triple.predicate,
        names[value] if isinstance(value, BlankNode) else value,
    )
