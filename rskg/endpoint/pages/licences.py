"""Under which licences an answer is: those of the graphs that it was asked of by name.

They go along as links (RFC 8288, `rel="license"`), which every answer can carry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from rskg.endpoint.pages.solutions import Row
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.plain.quick import may_name_graph
from rskg.namespaces import GRAPH
from rskg.store.ask import Ask
from rskg.store.tokens import tokens

_ESCAPED = re.compile(r"\\(.)")


async def licensed(visit: Visit, graphs: Iterable[str]) -> Visit:
    """The visit, whose answers link to the licences of these graphs."""
    wanted = {iri for iri in graphs if iri.startswith(GRAPH)}
    if not wanted:
        return visit
    return _linking(
        visit, [row for row in await visit.table("licences") if row["graph"].text in wanted]
    )


async def licensed_for(visit: Visit, ask: Ask, prefixes: Mapping[str, str]) -> Visit:
    """The same for the graphs that a query or its request names."""
    named = (*named_in(ask.query, prefixes), *ask.default_graphs, *ask.named_graphs)
    return await licensed(visit, named)


def named_in(query: str, prefixes: Mapping[str, str]) -> set[str]:
    """The graphs of ours that a query's text names, written out or by a prefix."""
    if not may_name_graph(query):
        return set()
    known, found = dict(prefixes), set[str]()
    told = list(tokens(query))
    for name, iri in pairwise(told):
        if name.kind == "name" and name.text.endswith(":") and iri.kind == "iri":
            known[name.text[:-1]] = iri.text[1:-1]
    for token in told:
        if token.kind == "iri":
            found.add(token.text[1:-1])
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            found.add(known.get(prefix, "") + _ESCAPED.sub(r"\1", local))
    return {iri for iri in found if iri.startswith(GRAPH)}


def _linking(visit: Visit, rows: Iterable[Row]) -> Visit:
    found = sorted({str(row["licence"]) for row in rows})
    return visit.linking(*(f'<{licence}>; rel="license"' for licence in found))
