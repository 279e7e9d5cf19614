"""Which named graphs are merged into the default graph, and which of them the rules read."""

from __future__ import annotations

from rskg.namespaces import DATASET, GRAPH, graph, term
from rskg.store import Draft, Reader, Workbench
from rskg.syntax import NamedNode

_FACTS = (graph("data/"), graph("contribution/"))
_MERGED = frozenset({graph("ontology"), graph("inferred")})


def is_merged(name: str) -> bool:
    """True for a graph of facts; provenance, shapes, questions and statistics are about them."""
    return name in _MERGED or name.startswith(_FACTS)


def not_entailed(draft: Draft | Workbench | Reader) -> frozenset[str]:
    """The graphs of datasets whose description gives a reason why nothing is inferred from them."""
    why = NamedNode(term("notEntailedBecause"))
    told = draft.matches((None, why, None), graph("provenance"))
    iris = [quad.subject.value for quad in told if isinstance(quad.subject, NamedNode)]
    return frozenset(
        f"{GRAPH}data/{iri.removeprefix(DATASET)}" for iri in iris if iri.startswith(DATASET)
    )


def stated(draft: Draft | Workbench | Reader) -> list[str]:
    """The graphs from which the rules infer, sorted."""
    left_out = {*not_entailed(draft), graph("inferred")}
    return [name for name in draft.graph_names() if is_merged(name) and name not in left_out]
