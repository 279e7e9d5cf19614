"""What came and what left, in every graph that follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rskg.maintenance import graphs, incremental, whole
from rskg.maintenance.facts import Beyond, Facts, fact_from
from rskg.maintenance.programs import program_of
from rskg.namespaces import graph
from rskg.reasoning import Rulebook
from rskg.reasoning.clauses import Fact
from rskg.reasoning.pattern import Unreadable
from rskg.statistics import Delta, adjust
from rskg.store import Draft, Workbench
from rskg.syntax import NamedNode, Quad, Triple

Triples = Mapping[str, Iterable[Triple]]
INFERRED = graph("inferred")


@dataclass(frozen=True)
class Maintained:
    """What a commit changed beyond what it was told.

    Triples inferred and no longer inferred, triples that came into the default graph and left it;
    `whole` when the closure had to be computed whole.
    """

    inferred: Delta
    merge: Delta
    whole: bool


def maintain(
    draft: Draft,
    rulebook: Rulebook,
    *,
    added: Triples | None = None,
    removed: Triples | None = None,
) -> Maintained:
    """Change named graphs of an unpublished draft, and all that follows from them.

    `added` and `removed` hold triples without blank nodes, by the IRI of their graph; removing
    comes first. A graph of facts (ontology, `data/…`, `contribution/…`) is merged into the default
    graph: a triple that left stays there as long as another one states it. What follows goes to
    the graph of what is inferred, unless the graph's dataset is not entailed. Any other graph, as
    that of provenance, is only changed and counted. The draft has to be a copy of a revision that
    was built, or maintained by this function.

    Raises ContradictionError when a check of the rulebook finds that two facts can't both be true;
    the draft is then of no use.
    """
    told = _told(draft, added or {}, removed or {})
    for name, delta in told.items():
        draft.remove(delta.removed, name)
        draft.add(delta.added, name)
    inferred, was_whole = _inferred(draft, rulebook, told)
    draft.remove(inferred.removed, INFERRED)
    draft.add(inferred.added, INFERRED)
    merge = _merge(
        draft, [*(delta for name, delta in told.items() if graphs.is_merged(name)), inferred]
    )
    _put(draft, merge)
    adjust(draft, merge, {**told, INFERRED: inferred})
    return Maintained(inferred, merge, was_whole)


def _inferred(draft: Draft, rulebook: Rulebook, told: Mapping[str, Delta]) -> tuple[Delta, bool]:
    """How what is inferred has to change, and whether it had to be computed whole."""
    read = graphs.stated(draft)
    try:
        program, schema = program_of(draft, rulebook, read, graphs.not_entailed(draft))
        came, left = _came_and_left(draft, told, read)
        facts = Facts(draft, read)
        return incremental.inferred(program, schema, facts, came, left), False
    except (Beyond, Unreadable):
        return whole.inferred(draft, rulebook), True


def _came_and_left(
    draft: Draft, told: Mapping[str, Delta], read: Sequence[str]
) -> tuple[set[Fact], set[Fact]]:
    """What is stated now and was by nobody, and what was stated and is by nobody."""
    names = {NamedNode(name) for name in read}
    new: dict[Triple, set[NamedNode]] = defaultdict(set)
    old: dict[Triple, set[NamedNode]] = defaultdict(set)
    for name, delta in ((name, told[name]) for name in read if name in told):
        for triple in delta.added:
            new[triple].add(NamedNode(name))
        for triple in delta.removed:
            old[triple].add(NamedNode(name))
    came: set[Fact] = set()
    left: set[Fact] = set()
    for triple in {*new, *old}:
        fact = fact_from(triple)
        now = {quad.graph_name for quad in draft.matches(fact)} & names
        before = (now - new[triple]) | old[triple]
        if now and not before:
            came.add(fact)
        elif before and not now:
            left.add(fact)
    return came, left


def _told(draft: Draft, added: Triples, removed: Triples) -> dict[str, Delta]:
    """What really changes in each graph."""
    told: dict[str, Delta] = {}
    for name in {**removed, **added}:
        new, old = _as_stored(added.get(name, ())), _as_stored(removed.get(name, ()))
        here = NamedNode(name)
        held = {
            triple
            for triple in new | old
            if draft.states(Quad(triple.subject, triple.predicate, triple.object, here))
        }
        told[name] = Delta(new - held, (old & held) - new)
    return {name: delta for name, delta in told.items() if delta.added or delta.removed}


def _put(draft: Draft, merge: Delta) -> None:
    """Change the default graph, and count what is known to be new: the draft needn't look."""
    size, draft.triples = draft.triples, None
    draft.remove(merge.removed)
    draft.add(merge.added)
    if size is not None:
        draft.triples = size + len(merge.added) - len(merge.removed)


def _as_stored(triples: Iterable[Triple]) -> frozenset[Triple]:
    """The triples as the store will tell them: it rewrites some literals."""
    bench = Workbench()
    bench.add(triples)
    return frozenset(quad.triple for quad in bench.quads())


def _merge(draft: Draft, changes: Iterable[Delta]) -> Delta:
    """What has to come into the default graph, and to leave it, now that the others changed."""
    new: set[Triple] = set()
    gone: set[Triple] = set()
    for triple in {triple for delta in changes for side in delta for triple in side}:
        names = {quad.graph_name for quad in draft.matches(fact_from(triple))}
        stated = any(isinstance(n, NamedNode) and graphs.is_merged(n.value) for n in names)
        merged = any(not isinstance(name, NamedNode) for name in names)
        if stated and not merged:
            new.add(triple)
        elif merged and not stated:
            gone.add(triple)
    return Delta(frozenset(new), frozenset(gone))
