"""Names for what no graph gives a label: an adoption is called by its actor and instrument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rskg.endpoint.pages.solutions import Row
from rskg.endpoint.pages.visit import Visit
from rskg.namespaces import RDF

MOST_PARTS = 4
DAYS = ("#gYear", "#date", "#gYearMonth")
#: How the properties end that say when something was over.
END = "Until"


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
    begun: list[str] = []
    ended: list[str] = []
    for row in rows:
        value = row["value"]
        if value.text == here or row["property"].text == RDF + "type":
            continue
        if "label" in row:
            names[row["label"].text] = None
        elif value.datatype.endswith(DAYS):
            (ended if row["property"].text.endswith(END) else begun).append(value.text)
    told = ", ".join(list(names)[:MOST_PARTS]) + _when(begun, ended)
    return f"{kind}: {told.strip()}" if kind and told else kind or told


def _when(begun: Sequence[str], ended: Sequence[str]) -> str:
    """`(2003)`, `(2003 until 2024)`, `(until 2024)` or nothing."""
    parts = [min(begun)] if begun else []
    parts += [f"until {max(ended)}"] if ended else []
    return f" ({' '.join(parts)})" if parts else ""
