"""Property paths that nothing matches, each alone, and the term in them that occurs nowhere."""

from __future__ import annotations

from rskg.linting.case import MOST_TOLD, Case
from rskg.linting.lint import Finding
from rskg.linting.patterns import Crossing, crossings
from rskg.linting.probes import Asking
from rskg.store.tokens import Token


def paths(case: Case) -> Asking[list[Finding]]:
    """Needed paths without a match: the property that nothing has, else the end of no thing."""
    needed = [
        one
        for one in crossings(case.tokens)
        if one.groups[0] in case.layout.groups and case.layout.needed(one.groups[0])
    ]
    found = yield from case.probe.found([_body(case, one) for one in needed])
    made: list[Finding] = []
    for one in [one for n, one in enumerate(needed) if n not in found][:MOST_TOLD]:
        made.extend((yield from _why(case, one)))
    return made


def _why(case: Case, dead: Crossing) -> Asking[list[Finding]]:
    names = [token for token in dead.path if token.kind in ("iri", "name")]
    bodies = [_within(case, dead, f"?_s {token.text} ?_o") for token in names]
    found = yield from case.probe.found(bodies)
    lost = [token for n, token in enumerate(names) if n not in found]
    if lost and (len(lost) == len(names) or not any(t.text in "|?*" for t in dead.path)):
        return (yield from _absent(case, lost, "nothing has the property {} here", property_=True))
    ends = [
        (end, pattern.format(end.text), words)
        for end, pattern, words in (
            (dead.subject, "{} ?_p ?_o", "nothing is said of {} here"),
            (dead.object, "?_s ?_p {}", "nothing leads to {} here"),
        )
        if end is not None and end.kind in ("iri", "name")
    ]
    found = yield from case.probe.found([_within(case, dead, body) for _, body, _ in ends])
    for n, (end, _, words) in enumerate(ends):
        if n not in found:
            return (yield from _absent(case, [end], words))
    told = f"nothing matches `{_shown(case, dead)}`"
    return [case.finding(dead.path[0], "no-match", told)]


def _absent(
    case: Case, tokens: list[Token], words: str, *, property_: bool = False
) -> Asking[list[Finding]]:
    made: list[Finding] = []
    for token in tokens:
        near = yield from case.probe.nearest(token, property_=property_)
        made.append(case.finding(token, "absent-term", words.format(token.text), near))
    return made


def _shown(case: Case, one: Crossing) -> str:
    path = case.text[one.path[0].start : one.path[-1].end]
    subject, object_ = (end.text if end else "[]" for end in (one.subject, one.object))
    return f"{subject} {path} {object_}"


def _body(case: Case, one: Crossing) -> str:
    ends = [
        "[]" if end is None or end.text.startswith("_:") else end.text
        for end in (one.subject, one.object)
    ]
    path = case.text[one.path[0].start : one.path[-1].end]
    return _within(case, one, f"{ends[0]} {path} {ends[1]}")


def _within(case: Case, one: Crossing, pattern: str) -> str:
    graph = case.layout.graph(one.groups[0])
    return f"GRAPH {graph.text} {{ {pattern} }}" if graph else pattern
