"""The card of a site: what it is, whose, how sure, and who says so."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.endpoint.atlas.sites import Site
from rskg.endpoint.pages.solutions import Row
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import tail
from rskg.syntax import NamedNode


@dataclass(frozen=True)
class Card:
    """A site with its facts by the name of their property, owners, sources and confidence."""

    site: Site
    facts: Mapping[str, Sequence[Row]]
    owners: Sequence[Row]
    statements: Sequence[Row]
    datasets: Sequence[Row]


async def card_of(visit: Visit, site: Site) -> Card:
    """The card of a site, by four queries."""
    iri = NamedNode(site.iri)
    told, owners, statements, datasets = await asyncio.gather(
        visit.table("map-card", thing=iri),
        visit.table("map-owners", thing=iri),
        visit.table("statements", thing=iri),
        visit.table("origins", thing=iri),
    )
    facts: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        if "property" in row:
            facts[tail(row["property"].text)].append(row)
    once = {(row["statement"].text, str(row.get("source", ""))): row for row in statements}
    return Card(
        site,
        facts,
        [row for row in owners if "owner" in row],
        list(once.values()),
        [row for row in datasets if "dataset" in row],
    )
