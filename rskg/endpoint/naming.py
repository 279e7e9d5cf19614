"""Names for what no graph gives a label: an adoption is called by its actor and instrument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rskg.endpoint.pages import Visit
from rskg.endpoint.solutions import Row
from rskg.namespaces import RDF

MOST_PARTS = 4
DAYS = ("#gYear", "#date", "#gYearMonth")


async def names(visit: Visit, here: str, bare: set[str]) -> dict[str, str]:
    """Names made from what things say: `Issuance: European Union, EU CMR (2017)`.

    On the page of `here`, the others leave its own name out of theirs.
    """
    if not bare:
        return {}
    values = " ".join(f"<{one}>" for one in sorted(bare))
    rows = await visit.rows(visit.queries["about"].replace("#VALUES#", values))
    said: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        said[row["thing"].text].append(row)
    return {one: _made_up(group, here if one != here else "") for one, group in said.items()}


def _made_up(rows: Sequence[Row], here: str) -> str:
    kind = next((row["type"].text for row in rows if "type" in row), "")
    names: dict[str, None] = {}
    days: dict[str, None] = {}
    for row in rows:
        value = row["value"]
        if value.text == here or row["property"].text == RDF + "type":
            continue
        if "label" in row:
            names[row["label"].text] = None
        elif value.datatype.endswith(DAYS):
            days[value.text] = None
    told = ", ".join(list(names)[:MOST_PARTS]) + (f" ({min(days)})" if days else "")
    return f"{kind}: {told.strip()}" if kind and told else kind or told
