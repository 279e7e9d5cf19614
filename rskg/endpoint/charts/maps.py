"""A map of the world: countries shaded by a number in classes, sites as points where they lie.

What has neither shape nor place is named below the map, never left out. Where the shapes of the
countries are not there (`rskg.world`), a country is a point like a site.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.endpoint.charts.bands import Band, bands
from rskg.endpoint.charts.columns import iri_of, label_of, measure_of
from rskg.endpoint.pages.solutions import Table, text_of
from rskg.endpoint.pages.words import heading, tail
from rskg.query import Chart
from rskg.world import HEIGHT, WIDTH, Place, World, equal_earth

LARGEST, SMALLEST, PLAIN = 18.0, 3.0, 4.0
MOST_NAMES = 10
#: What is known for sure is drawn solid, the rest outlined.
SURE = "high"
UNKNOWN = "unknown"
#: Of a country that stands in the table without a number to shade it by.
NAMED = "high"


@dataclass(frozen=True)
class Point:
    """A thing on the map: place and radius in units of the drawing; `value` is None if unknown."""

    label: str
    iri: str
    x: float
    y: float
    radius: float
    value: float | None
    sure: bool
    named: bool


@dataclass(frozen=True)
class Area:
    """A country of the table: its number in ISO 3166-1, how it is shaded, its value if known."""

    label: str
    iri: str
    number: str
    style: str
    value: float | None


@dataclass(frozen=True)
class Map:
    """The world with areas and points, what they measure, and what has no known place."""

    measure: str
    points: tuple[Point, ...]
    areas: tuple[Area, ...]
    classes: tuple[Band, ...]
    nowhere: tuple[tuple[str, str], ...]
    world: World
    kind: str = "map"
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def shown(self) -> int:
        """How many things are on the map."""
        return len(self.points) + len(self.areas)

    @property
    def unknown(self) -> bool:
        """True where a thing on the map has no known value, though values are told."""
        values = [*(one.value for one in self.points), *(one.value for one in self.areas)]
        return bool(self.measure) and None in values

    @property
    def bare(self) -> Sequence[str]:
        """The numbers of the countries that are not in the table."""
        told = {area.number for area in self.areas}
        return [number for number in self.world.countries if number not in told]


@dataclass(frozen=True)
class Ground:
    """Where things lie: longitudes and latitudes, and countries by number in ISO 3166-1."""

    places: Mapping[str, Place]
    numbers: Mapping[str, str]
    world: World


@dataclass(frozen=True)
class _Told:
    label: str
    value: float | None
    sure: bool


def pointed(table: Table, labels: dict[str, str], chart: Chart, ground: Ground) -> Map | None:
    """The things of the column `place`, by their `value`; None where none of them has a place."""
    places, numbers, world = ground.places, ground.numbers, ground.world
    measure = chart.columns.get("value", "")
    if measure:
        measure = measure_of(chart, table)
    found = _found(table, labels, chart, measure)
    shaped = {
        iri: number
        for iri in found
        if (number := numbers.get(iri, "")) in world.countries or number in world.spots
    }
    here = {iri: told for iri, told in found.items() if iri in places and iri not in shaped}
    if not here and not shaped:
        return None
    classes = bands([each for iri in shaped if (each := found[iri].value) is not None])
    areas = tuple(
        Area(told.label, iri, number, _style(told.value, classes, measure), told.value)
        for iri, number in shaped.items()
        for told in (found[iri],)
    )
    nowhere = tuple(
        (iri, told.label) for iri, told in found.items() if iri not in shaped and iri not in here
    )
    title = heading(measure) if measure else ""
    points = _points(here, places, measured=bool(measure))
    return Map(title, points, areas, tuple(classes), nowhere, world)


def _found(table: Table, labels: dict[str, str], chart: Chart, measure: str) -> dict[str, _Told]:
    """Each thing once, with what its first row says."""
    column, grade = chart.columns["place"], chart.columns.get("confidence", "")
    found: dict[str, _Told] = {}
    for row in table:
        iri = iri_of(row, column)
        if iri and iri not in found:
            value = row[measure].number if measure in row else None
            sure = not grade or tail(text_of(row, grade)).lower() == SURE
            found[iri] = _Told(label_of(row, column, labels), value, sure)
    return found


def _style(value: float | None, classes: Sequence[Band], measure: str) -> str:
    if value is None:
        return UNKNOWN if measure else NAMED
    return next((band.style for band in classes if band.takes(value)), UNKNOWN)


def _points(
    here: Mapping[str, _Told], places: Mapping[str, Place], *, measured: bool
) -> tuple[Point, ...]:
    most = max((told.value or 0.0 for told in here.values()), default=0.0)
    ranked = sorted(here, key=lambda iri: (-(here[iri].value or 0.0), here[iri].label, iri))
    points = []
    for number, iri in enumerate(ranked):
        told = here[iri]
        radius = _radius(told.value, most) if measured else PLAIN
        x, y = equal_earth(*places[iri])
        named = measured and number < MOST_NAMES
        points.append(Point(told.label, iri, x, y, radius, told.value, told.sure, named))
    return tuple(points)


def _radius(value: float | None, most: float) -> float:
    share = max(value or 0.0, 0.0) / most if most > 0 else 0.0
    return round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(share), 1)
