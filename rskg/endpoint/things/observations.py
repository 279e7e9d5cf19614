"""Observations on a thing's page: of each series the latest, the earlier ones folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.endpoint.pages.solutions import Row, Value
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import name
from rskg.namespaces import BASE, RDF
from rskg.syntax import NamedNode


@dataclass(frozen=True)
class Observed:
    """One observation: of which year, and what it says, by the names of its properties."""

    iri: str
    year: str
    says: Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class Series:
    """Observations of one kind on the same things, the latest first."""

    about: Sequence[tuple[str, str]]
    observed: Sequence[Observed]


@dataclass(frozen=True)
class Kind:
    """The series of one class of observations."""

    iri: str
    label: str
    series: Sequence[Series]

    @property
    def number(self) -> int:
        """How many observations there are."""
        return sum(len(one.observed) for one in self.series)


async def observations(visit: Visit, iri: NamedNode) -> list[Kind]:
    """What was observed of a thing, by kind and series."""
    by_observation: dict[str, list[Row]] = defaultdict(list)
    for row in await visit.table("observations", thing=iri):
        by_observation[row["observation"].text].append(row)
    named = {
        row[n].text for rows in by_observation.values() for row in rows for n in ("by", "value")
    }
    labels = await visit.labels({one for one in named if one.startswith(BASE)})
    series: dict[tuple[str, tuple[str, ...]], list[Observed]] = defaultdict(list)
    for observation, rows in by_observation.items():
        classes = [row["value"].text for row in rows if row["by"].text == RDF + "type"]
        facts = [row for row in rows if row["by"].text != RDF + "type"]
        about = [row["value"].text for row in facts if row["value"].text.startswith(BASE)]
        key = min(classes, default=""), tuple(sorted(about))
        series[key].append(_observed(observation, facts, labels))
    kinds: dict[str, list[Series]] = defaultdict(list)
    for (kind, about_iris), each in series.items():
        about_named = [(one, labels.get(one) or name(one)) for one in about_iris]
        kinds[kind].append(Series(about_named, sorted(each, key=lambda o: o.year, reverse=True)))
    return [
        Kind(kind, labels.get(kind) or name(kind), sorted(group, key=lambda s: _names(s.about)))
        for kind, group in sorted(kinds.items())
    ]


def _observed(iri: str, rows: Sequence[Row], labels: Mapping[str, str]) -> Observed:
    says = [
        (labels.get(row["by"].text) or name(row["by"].text), row["value"])
        for row in rows
        if not row["value"].is_iri
    ]
    return Observed(iri, rows[0]["year"].text, says)


def _names(about: Sequence[tuple[str, str]]) -> list[str]:
    return [label.lower() for _, label in about]
