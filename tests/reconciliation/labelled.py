"""Messy names with the things that they mean, written by hand from the tables in `data/`.

In `messy-names.csv`, `class` is empty where none would be chosen, and `;` stands between things
that are both right. None of the names is made by a rule.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.namespaces import TERM, THING
from rskg.reconciliation import Index, Wanted, match, read
from rskg.store import Reader

CGI = "http://resource.geosciml.org/classifier/cgi/commodity-code/"
HERE = Path(__file__).parent
ASKS = HERE.parents[1] / "rskg" / "endpoint" / "asks"
TABLES = ("names", "types", "classes", "places")


@dataclass(frozen=True)
class Labelled:
    """A messy name, the class it was reconciled against, and the IRIs that are right."""

    name: str
    kind: str
    right: tuple[str, ...]


def labelled() -> list[Labelled]:
    """All messy names."""
    with (HERE / "messy-names.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Labelled(row["name"], row["class"], tuple(map(_iri, row["thing"].split(";"))))
            for row in csv.DictReader(lines)
        ]


def _iri(told: str) -> str:
    return CGI + told.removeprefix("cgi:") if told.startswith("cgi:") else THING + told


def tables_of(reader: Reader) -> list[bytes]:
    """What the endpoint asks a store for to make the index: a CSV a query."""
    texts = [(ASKS / f"reconciliation-{name}.rq").read_text("utf-8") for name in TABLES]
    return [reader.answer(text, "text/csv").body for text in texts]


def index_of(reader: Reader) -> Index:
    """The index of a store, as the endpoint makes it."""
    return read(*tables_of(reader))


def wanted(one: Labelled) -> Wanted:
    """The query of a messy name."""
    return Wanted(one.name, frozenset([TERM + one.kind] if one.kind else []))


def missed(index: Index, names: Sequence[Labelled]) -> list[Labelled]:
    """The names whose first candidate is another thing, or none."""

    def found(one: Labelled) -> bool:
        candidates = match(index, wanted(one))
        return bool(candidates) and candidates[0].thing.iri in one.right

    return [one for one in names if not found(one)]
