"""Parameters that alone leave nothing of what a query answers, and what there is instead."""

from __future__ import annotations

from rskg.linting.case import MOST_LETTERS, Case
from rskg.linting.groups import Condition
from rskg.linting.lint import Finding
from rskg.linting.probes import MOST_NEAR, Asking, nearest_text
from rskg.syntax import NamedNode, Term

#: How many values that do have rows are told.
MOST_EXAMPLES = 3


def parameters(case: Case) -> Asking[list[Finding]]:
    """Of the parameters those without which there are rows, with the value spelled most alike."""
    whole = case.whole(case.bound)
    if whole is None or not case.bound or (yield from case.probe.found([whole])):
        return []
    made: list[Finding] = []
    for one in case.bound:
        others = case.whole([other for other in case.bound if other is not one])
        (name,) = one.variables
        found = yield from case.probe.values(f"?{name}", others or "", MOST_NEAR)
        if found:
            made.append((yield from _left_nothing(case, one, found)))
    return made


def _left_nothing(case: Case, one: Condition, found: list[Term]) -> Asking[Finding]:
    term = case.bindings[next(iter(one.variables))]
    near: str | None = None
    if isinstance(term, NamedNode):
        near = case.probe.like(one.terms[0], found)
        known = yield from case.probe.found([f"{{ {term} ?_p ?_o }} UNION {{ ?_s ?_p {term} }}"])
    else:
        text = nearest_text(str(term), found)
        near, known = (case.probe.term(text) if text else None), {0}
    if near:
        there = ""
    else:
        some = ", ".join(case.probe.term(each) for each in found[:MOST_EXAMPLES])
        there = f"; there are rows for example with {some}"
    value = case.probe.term(term)
    value = value if len(value) <= MOST_LETTERS else value[:MOST_LETTERS] + "…"
    sentence = (
        f"the parameter {next(iter(one.variables))} = {value} leaves nothing"
        + ("" if known else ", and nothing has that name")
        + there
    )
    return case.finding(one.token, "condition" if known else "absent-term", sentence, near)
