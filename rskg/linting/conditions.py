"""FILTERs and VALUES that leave nothing of a pattern, and what they would have to say."""

from __future__ import annotations

from rskg.linting.case import MOST_PAIRS, MOST_TOLD, Case, shown
from rskg.linting.groups import Condition
from rskg.linting.lint import Finding
from rskg.linting.probes import MOST_NEAR, Asking, Step, compared
from rskg.store.tokens import Token
from rskg.syntax import Literal


def conditions(case: Case) -> Asking[list[Finding]]:
    """FILTERs and VALUES that leave nothing of a pattern."""
    asked = [
        (condition, one)
        for condition in (*case.layout.filters, *case.values)
        for one in case.needed
        if len(condition.variables) == 1
        and condition.variables <= one.variables
        and _concerns(case, condition, one)
    ][:MOST_PAIRS]
    found = yield from case.probe.found([f"{s.body} {c.text}" for c, s in asked])
    made: dict[Token, Finding] = {}
    for n, (condition, one) in enumerate(asked):
        if n not in found and condition.token not in made and len(made) < MOST_TOLD:
            what = f"`{one.shown}`"
            made[condition.token] = yield from excluded(case, condition, one.body, what)
    return list(made.values())


def _concerns(case: Case, condition: Condition, one: Step) -> bool:
    """True when whatever matches the pattern must pass the condition."""
    if condition.group is None:
        (name,) = condition.variables
        return case.layout.reach(one.group, name) == case.root
    return condition.group in (one.group, _outside(case, one))


def _outside(case: Case, one: Step) -> int | None:
    """The group around a GRAPH { … }."""
    group = case.layout.groups[one.group]
    return group.around if group.graph else one.group


def excluded(case: Case, condition: Condition, body: str, what: str) -> Asking[Finding]:
    """A condition on one variable that leaves nothing of a pattern, with what is there instead."""
    (name,) = condition.variables
    sentence = f"{shown(condition)} leaves nothing of {what}"
    if "LANG" in condition.text.upper():
        tags = yield from case.probe.values("?_l", f"{body} BIND(LANG(?{name}) AS ?_l)", 20)
        there = sorted(t.value or "none" for t in tags if isinstance(t, Literal))
        words = f"{sentence}; languages there: {', '.join(there)}"
        return case.finding(condition.token, "other-language", words)
    equal = compared(condition)
    if equal is None:
        return case.finding(condition.token, "condition", sentence)
    if len(condition.terms) == 1 or equal[1].startswith("<"):
        near = yield from _alike(case, condition, name, body)
        if near:
            return case.finding(condition.token, "condition", sentence, near)
    kind, why = yield from case.unlike(name, body, equal[1])
    return case.finding(condition.token, kind, sentence + why)


def _alike(case: Case, condition: Condition, name: str, body: str) -> Asking[str | None]:
    """The term of a pattern that is spelled most like the one that is wanted."""
    if not condition.terms:
        return None
    space = case.probe.space(condition.terms[0])
    near = f'{body} FILTER(STRSTARTS(STR(?{name}), "{space}"))'
    rows = yield from case.probe.values(f"?{name}", near, MOST_NEAR)
    return case.probe.like(condition.terms[0], rows)
