"""Patterns that match apart, and never on the same thing or not all at once."""

from __future__ import annotations

from itertools import combinations

from rskg.linting.case import MOST_PAIRS, MOST_TOLD, Case, shown
from rskg.linting.conditions import excluded
from rskg.linting.lint import Finding
from rskg.linting.probes import Asking, Step
from rskg.namespaces import TERM
from rskg.syntax import NamedNode

MOST_TOGETHER = 12


def apart(case: Case) -> Asking[list[Finding]]:
    """Pairs of patterns that match apart and never on the same thing."""
    scope = case.layout.scope
    pairs = [
        (one, other)
        for one, other in combinations(case.needed, 2)
        if one.variables & other.variables
        and scope(one.group) == scope(other.group)
        and not (one.open or other.open)
    ]
    pairs.sort(key=lambda pair: not (pair[0].types or pair[1].types))
    del pairs[MOST_PAIRS:]
    found = yield from case.probe.found([f"{a.body} . {b.body}" for a, b in pairs])
    told = [pair for n, pair in enumerate(pairs) if n not in found]
    made: list[Finding] = []
    for one, other in told[:MOST_TOLD]:
        made.append((yield from _never_meet(case, one, other)))
    return made


def _never_meet(case: Case, one: Step, other: Step) -> Asking[Finding]:
    shared = " and ".join(f"?{name}" for name in sorted(one.variables & other.variables))
    sentence = f"`{one.shown}` and `{other.shown}` never meet in {shared}"
    kind, property_ = (one, other) if one.types else (other, one)
    if kind.types and not property_.types and kind.subject[0] in "?$":
        sample = f"{{ SELECT {kind.subject} {{ {property_.body} }} LIMIT 200 }}"
        rows = yield from case.probe.values("?_c", f"{sample} {kind.subject} a ?_c", 20)
        names = sorted(t.value for t in rows if isinstance(t, NamedNode))
        ours = [name for name in names if name.startswith(TERM)] or names
        if ours:
            classes = ", ".join(case.probe.short(name) for name in ours[:4])
            sentence += f"; with `{property_.shown}` {kind.subject} is {classes}"
    return case.finding(other.token, "never-meet", sentence)


def together(case: Case) -> Asking[list[Finding]]:
    """Patterns that match in pairs and not all at once; then the FILTER that leaves nothing."""
    steps = _chain(case)
    if len(steps) < 2:
        return []
    bodies = [" . ".join(s.body for s in steps[: n + 1]) for n in range(1, len(steps))]
    found = yield from case.probe.found(bodies)
    lost = next((n for n in range(len(bodies)) if n not in found), None)
    if lost is not None:
        sentence = f"up to here the patterns match, with `{steps[lost + 1].shown}` no more"
        return [case.finding(steps[lost + 1].token, "together", sentence)]
    groups = {s.group for s in steps}
    names = frozenset().union(*(s.variables for s in steps if s.group == steps[0].group))
    asked = [c for c in case.values if c.group is None or c.group in groups]
    asked += [c for c in case.layout.filters if c.group == steps[0].group]
    asked = [c for c in asked if c.variables and c.variables <= names]
    found = yield from case.probe.found([f"{bodies[-1]} {c.text}" for c in asked])
    made: list[Finding] = []
    for one in [c for n, c in enumerate(asked) if n not in found]:
        if len(one.variables) == 1:
            made.append((yield from excluded(case, one, bodies[-1], "what matches")))
        else:
            told = f"{shown(one)} leaves nothing of what matches"
            made.append(case.finding(one.token, "condition", told))
    return made


def _chain(case: Case) -> list[Step]:
    """The needed patterns of the outermost SELECT, each connected with one before it."""
    rest = [s for s in case.needed if case.layout.scope(s.group) == case.root and not s.open][
        :MOST_TOGETHER
    ]
    chain = rest[:1]
    del rest[:1]
    while rest:
        known = frozenset().union(*(s.variables for s in chain))
        step_ = next((s for s in rest if s.variables & known), None)
        if step_ is None:
            break
        rest.remove(step_)
        chain.append(step_)
    return chain
