"""Why a query has no answer: which part of it the data never matches, and what is nearly there.

Only parts that must match are looked at, each by itself, then in pairs, then the whole without each
of its parameters, then parts with the conditions on them, then all together, then the whole without
one FILTER, MINUS, HAVING, OFFSET or LIMIT. So whatever is told is true of the data, and a query
that has an answer gets no reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from rskg.linting.case import Case
from rskg.linting.conditions import conditions
from rskg.linting.cutting import cutting
from rskg.linting.dead import dead
from rskg.linting.lint import Finding
from rskg.linting.meeting import apart, together
from rskg.linting.parameters import parameters
from rskg.linting.paths import paths
from rskg.linting.probes import QUERY, Asking
from rskg.syntax import Term

#: Queries that people write are shorter; what is longer was made by a program.
MOST_TEXT = 20_000
#: The first of these that finds something has said enough.
SEARCHES = (dead, paths, apart, parameters, conditions, together, cutting)


def reasons(
    text: str,
    prefixes: Mapping[str, str] | None = None,
    bindings: Mapping[str, Term] | None = None,
) -> Asking[list[Finding]]:
    """Yields small queries for whoever has the data, takes their rows in TSV, returns findings.

    For a query that parses, at the graphs that it was asked of. `prefixes` need no declaration,
    `bindings` are values of parameters. None stands for rows that couldn't be had: what depends
    on them isn't told. `told` drives it where queries are answered at once. Nothing is told of a
    text of more than MOST_TEXT letters.
    """
    if not QUERY.search(text) or len(text) > MOST_TEXT:
        return []
    case = Case(text, prefixes or {}, bindings or {})
    for search in SEARCHES:
        told = yield from search(case)
        if told:
            return sorted(set(told))
    return []
