"""Patterns that nothing in the data matches, each alone, and what is nearly there."""

from __future__ import annotations

from collections.abc import Sequence

from rskg.linting.case import MOST_TOLD, Case
from rskg.linting.lint import Finding
from rskg.linting.probes import MOST_NEAR, Asking, Step
from rskg.store.tokens import Token


def dead(case: Case) -> Asking[list[Finding]]:
    """Patterns that nothing matches, alone."""
    found = yield from case.probe.found([s.body for s in case.steps])
    lost = [s for n, s in enumerate(case.steps) if n not in found]
    told = [s for s in lost if case.layout.needed(s.group)] or _of_unions(case, lost)
    made: list[Finding] = []
    for one in told[:MOST_TOLD]:
        made.append((yield from _why(case, one)))
    return made


def _of_unions(case: Case, dead: Sequence[Step]) -> list[Step]:
    """Of UNIONs whose branches all hold a dead pattern, one pattern a branch."""
    lost: dict[int | None, dict[int, Step]] = {}
    for one in dead:
        branch = case.layout.branch(one.group)
        if branch:
            lost.setdefault(branch.union, {}).setdefault(branch.brace, one)
    told: list[Step] = []
    for union, branches in lost.items():
        all_ = [g for g in case.layout.groups.values() if g.role == "branch"]
        if {g.brace for g in all_ if g.union == union} <= set(branches):
            told.extend(branches.values())
    return told


def _why(case: Case, dead: Step) -> Asking[Finding]:
    """The term that occurs nowhere, else the graph, spelling or direction that does match."""
    known = yield from _places(case, dead)
    for place, there in known.items():
        if not there and place is not None:
            return (yield from _no_term(case, dead, place))
    elsewhere = [] if dead.graph else (yield from case.graphs(dead))
    if elsewhere:
        names = " and ".join(case.probe.term(name) for name in elsewhere)
        sentence = f"`{dead.shown}` is not in the default graph, but in GRAPH {names}"
        return case.finding(dead.token, "other-graph", sentence)
    if dead.literal:
        return (yield from _no_literal(case, dead))
    turned = dead.within(f"{dead.object} {dead.predicate} {dead.subject}")
    if not dead.types and (yield from case.probe.found([turned])):
        sentence = f"nothing matches `{dead.shown}`, the other way round something does"
        return case.finding(dead.token, "direction", sentence)
    return case.finding(dead.token, "no-match", f"nothing matches `{dead.shown}`")


def _places(case: Case, dead: Step) -> Asking[dict[Token | None, bool]]:
    """For the terms of a dead pattern, whether they occur where they stand."""
    asked: list[tuple[Token | None, str]] = []
    if dead.graph and dead.graph[0] not in "?$":
        graph = case.layout.graph(dead.group)
        asked.append((graph, dead.within("?_s ?_p ?_o")))
    if not dead.types and dead.predicate[0] not in "?$":
        asked.append((dead.token, dead.within(f"?_s {dead.predicate} ?_o")))
    if dead.start and dead.subject[0] not in "?$":
        asked.append((dead.start, dead.within(f"{dead.subject} ?_p ?_o")))
    if dead.target and dead.object[0] not in "?$":
        verb = "a" if dead.types else "?_p"
        asked.append((dead.target, dead.within(f"?_s {verb} {dead.object}")))
    found = yield from case.probe.found([body for _, body in asked])
    return {token: n in found for n, (token, _) in enumerate(asked)}


def _no_term(case: Case, dead: Step, token: Token) -> Asking[Finding]:
    graph = case.layout.graph(dead.group)
    if token is graph:
        rows = yield from case.probe.values("?v", "GRAPH ?v { }", MOST_NEAR)
        near = case.probe.like(token, rows)
        return case.finding(token, "absent-graph", f"there is no graph {token.text}", near)
    here = "in the graphs of FROM" if case.probe.graphs else "here"
    here = "in this graph" if dead.graph else here
    if token is dead.token:
        near = yield from case.probe.nearest(token, property_=True)
        sentence = f"nothing has the property {token.text} {here}"
    elif dead.types:
        near = yield from case.probe.nearest(token)
        sentence = f"nothing is a {token.text} {here}"
    else:
        near = yield from case.probe.nearest(token)
        role = "is said of" if token is dead.start else "leads to"
        sentence = f"nothing {role} {token.text} {here}"
    known = yield from case.probe.found([f"{token.text} ?_p ?_o"])
    elsewhere = yield from case.graphs(dead)
    if elsewhere:
        sentence += f", but in GRAPH {case.probe.term(elsewhere[0])}"
    kind = "other-graph" if elsewhere else "unused-term" if known else "absent-term"
    return case.finding(token, kind, sentence, None if known or elsewhere else near)


def _no_literal(case: Case, dead: Step) -> Asking[Finding]:
    body = dead.within(f"{dead.subject} {dead.predicate} ?_o")
    kind, why = yield from case.unlike("_o", body, dead.object)
    return case.finding(dead.token, kind, f"nothing matches `{dead.shown}`{why}")
