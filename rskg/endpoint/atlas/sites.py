"""The sites of a revision: where each is, what it yields and at which stage it works."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import name, tail
from rskg.namespaces import THING
from rskg.world import Place, equal_earth

CSV = "text/csv"
#: How sure a place must be to be drawn solid.
SURE = "high"
START = f"{THING}site/"


@dataclass(frozen=True)
class Site:
    """A site: its IRI, its name, its place on the sheet where one is on record."""

    iri: str
    label: str
    country: str
    place: Place | None
    sure: bool
    commodities: tuple[str, ...]
    stages: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.iri.removeprefix(START)

    @property
    def first_stage(self) -> str | None:
        """The first of its stages, by which it is drawn."""
        return self.stages[0] if self.stages else None


@dataclass(frozen=True)
class Chosen:
    """Which sites are wanted: IRIs, "" for any; `countries` are those of a class."""

    commodity: str = ""
    stage: str = ""
    country: str = ""
    countries: Collection[str] | None = None

    def takes(self, site: Site) -> bool:
        """True for a site that is wanted."""
        return (
            (not self.commodity or self.commodity in site.commodities)
            and (not self.stage or self.stage in site.stages)
            and (not self.country or self.country == site.country)
            and (self.countries is None or site.country in self.countries)
        )


@dataclass(frozen=True)
class Country:
    """A country, its English label and its number in ISO 3166-1 (M49)."""

    iri: str
    label: str
    number: str


@dataclass(frozen=True)
class Marks:
    """Sites of one first stage, sure or not, as the path that draws them."""

    stage: str | None
    sure: bool
    path: str


@dataclass(frozen=True)
class Sites:
    """Every site of a revision, by name, with the countries and the stages in their order."""

    all: tuple[Site, ...]
    countries: Mapping[str, Country]
    stages: Mapping[str, str]
    commodities: Mapping[str, str]

    def chosen(self, wanted: Chosen) -> list[Site]:
        """Those that are wanted."""
        return [site for site in self.all if wanted.takes(site)]

    @cached_property
    def by_commodity(self) -> Counter[str]:
        """How many sites yield each commodity."""
        return Counter(one for site in self.all for one in site.commodities)

    @cached_property
    def by_stage(self) -> Counter[str]:
        """How many sites work at each stage."""
        return Counter(one for site in self.all for one in site.stages)

    @cached_property
    def by_country(self) -> Counter[str]:
        """How many sites lie in each country."""
        return Counter(site.country for site in self.all)

    @cached_property
    def by_slug(self) -> Mapping[str, Site]:
        """The sites by the last part of their IRI."""
        return {site.slug: site for site in self.all}

    def marks(self, found: Sequence[Site]) -> Sequence[Marks]:
        """How these are drawn: those whose place is not sure first, stage by stage."""
        return self._all_marks if len(found) == len(self.all) else self._marks(found)

    @cached_property
    def _all_marks(self) -> Sequence[Marks]:
        return self._marks(self.all)

    def _marks(self, found: Iterable[Site]) -> Sequence[Marks]:
        groups: dict[tuple[bool, str | None], list[Site]] = defaultdict(list)
        for site in found:
            if site.place:
                groups[site.sure, site.first_stage].append(site)
        order = [(sure, stage) for sure in (False, True) for stage in (None, *self.stages)]
        return [
            Marks(stage, sure, dots(groups[sure, stage]))
            for sure, stage in order
            if (sure, stage) in groups
        ]

    @cached_property
    def document(self) -> bytes:
        """Those with a place as JSON, a list a column: what a map in a browser needs.

        `x` and `y` in units of the sheet; `of`, `at`, `in` are places in the lists of slugs.
        """
        placed = [site for site in self.all if site.place]
        lists = {
            "commodities": list(self.commodities),
            "stages": list(self.stages),
            "countries": list(self.by_country),
        }
        place = {kind: {iri: n for n, iri in enumerate(each)} for kind, each in lists.items()}
        told = {kind: [tail(iri) for iri in each] for kind, each in lists.items()} | {
            "site": [site.slug for site in placed],
            "label": [site.label for site in placed],
            "x": [site.place[0] for site in placed if site.place],
            "y": [site.place[1] for site in placed if site.place],
            "sure": [int(site.sure) for site in placed],
            "of": [[place["commodities"][iri] for iri in site.commodities] for site in placed],
            "at": [[place["stages"][iri] for iri in site.stages] for site in placed],
            "in": [place["countries"][site.country] for site in placed],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def dots(sites: Iterable[Site]) -> str:
    """Points of a path, one a site, each told from the one before it in tenths of a unit."""
    places = sorted({(round(s.place[0], 1), round(s.place[1], 1)) for s in sites if s.place})
    told, x, y = [], 0.0, 0.0
    for to_x, to_y in places:
        told.append(f"m{_tenths(to_x - x)} {_tenths(to_y - y)}h0")
        x, y = to_x, to_y
    return "".join(told).replace(" -", "-")


def _tenths(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


async def read(visit: Visit) -> Sites:
    """The sites of a visit's revision, by five queries."""
    bodies = asyncio.gather(
        *(_csv(visit, each) for each in ("map-sites", "map-commodities", "map-stages"))
    )
    countries, stages = await visit.tables("map-countries", "map-stage-list")
    known = {
        row["country"].text: Country(row["country"].text, row["label"].text, row["number"].text)
        for row in sorted(countries, key=lambda row: row["label"].text.casefold())
    }
    steps = {row["stage"].text: row["label"].text for row in stages}
    told, of, at = await bodies
    found = await asyncio.to_thread(_sites, told, of, at, list(steps))
    yielded = {iri for site in found for iri in site.commodities}
    labels = await visit.labels(yielded)
    named = {iri: labels.get(iri) or name(iri) for iri in yielded}
    present = {iri for site in found for iri in site.stages}
    return Sites(
        tuple(found),
        known,
        {iri: label for iri, label in steps.items() if iri in present},
        dict(sorted(named.items(), key=lambda item: item[1].lower())),
    )


async def _csv(visit: Visit, query: str) -> bytes:
    return (await visit.answer(Ask(visit.queries[query], CSV))).body


def _sites(told: bytes, of: bytes, at: bytes, stages: Sequence[str]) -> list[Site]:
    commodities, steps = _grouped(of), _grouped(at)
    found: dict[str, Site] = {}
    for iri, label, wkt, country, sure in _rows(told):
        if iri not in found or not found[iri].place:
            found[iri] = Site(
                iri,
                label or name(iri),
                country,
                _place(wkt),
                tail(sure) == SURE,
                tuple(sorted(commodities.get(iri, ()))),
                tuple(sorted(steps.get(iri, ()), key=lambda each: _rank(stages, each))),
            )
    return sorted(found.values(), key=_by_name)


def _by_name(site: Site) -> tuple[bool, str, str]:
    """By name, those that begin with a number or a sign last."""
    return not site.label[:1].isalpha(), site.label.casefold(), site.iri


def _rank(stages: Sequence[str], iri: str) -> int:
    return stages.index(iri) if iri in stages else len(stages)


def _rows(body: bytes) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(body.decode()))
    next(rows, None)
    return rows


def _grouped(body: bytes) -> Mapping[str, Iterable[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for iri, value in _rows(body):
        found[iri].add(value)
    return found


def _place(wkt: str) -> Place | None:
    if not wkt.startswith("POINT"):
        return None
    longitude, _, latitude = wkt[wkt.index("(") + 1 : wkt.index(")")].strip().partition(" ")
    try:
        return equal_earth(float(longitude), float(latitude))
    except ValueError:
        return None
