"""The closure of a draft computed whole, as a build does it."""

from __future__ import annotations

from rskg import reasoning
from rskg.errors import ContradictionError
from rskg.maintenance import graphs
from rskg.namespaces import graph
from rskg.reasoning import Rulebook
from rskg.statistics import Delta
from rskg.store import Draft, Workbench
from rskg.syntax import Triple


def inferred(draft: Draft, rulebook: Rulebook) -> Delta:
    """How the graph of what is inferred has to change; raises ContradictionError."""
    bench = Workbench()
    for name in graphs.stated(draft):
        bench.add(draft.graph(name))
    new, old = frozenset(closed(bench, rulebook)), frozenset(draft.graph(graph("inferred")))
    return Delta(new - old, old - new)


def closed(bench: Workbench, rulebook: Rulebook) -> list[Triple]:
    """What follows from the default graph of a workbench; raises ContradictionError."""
    reasoning.close(bench.update, bench.count, rulebook.rules)
    found = reasoning.contradictions(lambda text: _as_text(bench, text), rulebook.checks)
    if found:
        raise ContradictionError("\n".join(map(str, found)))
    reasoning.forget_unnamed_classes(bench.update)
    return bench.graph(graph("inferred"))


def _as_text(bench: Workbench, query: str) -> list[dict[str, str]]:
    rows = bench.select(query)
    return [{name: str(getattr(t, "value", t)) for name, t in row.items()} for row in rows]
