"""One entry of a list that a page's query gives, or the 404 of what isn't in it."""

from __future__ import annotations

from rskg.endpoint.pages.solutions import Row
from rskg.endpoint.pages.visit import Visit, unknown
from rskg.syntax import Term


async def entry(visit: Visit, query: str, column: str, iri: str, **bindings: Term) -> Row:
    """The first row of a query whose column has this IRI; raises a Problem where none has."""
    for row in await visit.table(query, **bindings):
        if row[column].text == iri:
            return row
    raise unknown(iri)
