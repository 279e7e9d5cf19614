"""Parts of a query without which it would have rows: FILTER, MINUS, HAVING, OFFSET and LIMIT 0."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rskg.linting.case import MOST_LETTERS, MOST_TOLD, Case
from rskg.linting.lint import Finding
from rskg.linting.probes import Asking
from rskg.store.tokens import Token

_CUTS = ("FILTER", "MINUS", "HAVING", "OFFSET", "LIMIT")
_PARTNER = {"(": ")", "{": "}"}
_SLICE = re.compile(r"(OFFSET|LIMIT)\s+\d+", re.IGNORECASE)


def cutting(case: Case) -> Asking[list[Finding]]:
    """What, taken out alone, leaves rows: told of each."""
    cuts = list(_cuts(case))
    whole = case.whole(case.bound)
    if whole is None or not cuts or (yield from case.probe.found([whole])):
        return []
    bodies = [case.whole(case.bound, (start, end)) or whole for _, start, end in cuts]
    found = yield from case.probe.found(bodies, in_doubt=False)
    made: list[Finding] = []
    for n in sorted(found)[:MOST_TOLD]:
        token, start, end = cuts[n]
        words = " ".join(case.text[start:end].split())
        words = words if len(words) <= MOST_LETTERS else words[:MOST_LETTERS] + "…"
        sentence = f"without `{words}` there are rows, with it none is left"
        made.append(case.finding(token, "condition", sentence))
    return made


def _cuts(case: Case) -> Iterator[tuple[Token, int, int]]:
    """Each part that can be left out, with where it begins and ends."""
    for at, token in enumerate(case.tokens):
        word = token.text.upper()
        if token.kind != "word" or word not in _CUTS:
            continue
        if found := _SLICE.match(case.text, token.start):
            if not (word == "LIMIT" and int(found[0].split()[1])):
                yield token, token.start, found.end()
        elif (end := _end(case, at)) is not None:
            yield token, token.start, end


def _end(case: Case, at: int) -> int | None:
    """The end of the bracket that follows, with a function's name or (NOT) EXISTS before it."""
    depth, opener = 0, ""
    for token in case.tokens[at + 1 :]:
        if not opener and token.text in _PARTNER:
            opener = token.text
        if opener:
            depth += (token.text == opener) - (token.text == _PARTNER[opener])
            if depth == 0:
                return token.end
    return None
