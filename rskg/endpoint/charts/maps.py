"""A map without shapes: points in an equirectangular frame, placed by the data's own geometry.

A country stands at one of the sites that the graph knows there; what has no place is named below
the map, never left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rskg.endpoint.charts.columns import iri_of, label_of, measure_of
from rskg.endpoint.pages.solutions import Table, text_of
from rskg.endpoint.pages.words import heading, tail
from rskg.query import Chart

#: Units of the drawing for one degree.
SCALE = 2
WIDTH, HEIGHT = 360 * SCALE, 180 * SCALE
LARGEST, SMALLEST, PLAIN = 18.0, 3.0, 4.0
MOST_NAMES = 10
#: What is known for sure is drawn solid, the rest outlined.
SURE = "high"

Place = tuple[float, float]


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
class Map:
    """Points in a frame, what their size measures, and what has no known place."""

    measure: str
    points: tuple[Point, ...]
    nowhere: tuple[tuple[str, str], ...]
    kind: str = "map"
    width: int = WIDTH
    height: int = HEIGHT
    step: int = 30 * SCALE


def pointed(
    table: Table, labels: dict[str, str], chart: Chart, places: Mapping[str, Place]
) -> Map | None:
    """A point a thing of the column `place`, as large as its `value`."""
    column = chart.columns["place"]
    measure = chart.columns.get("value", "")
    if measure:
        measure = measure_of(chart, table)
    grade = chart.columns.get("confidence", "")
    found: dict[str, tuple[str, float | None, bool]] = {}
    for row in table:
        iri = iri_of(row, column)
        if iri and iri not in found:
            value = row[measure].number if measure in row else None
            sure = not grade or tail(text_of(row, grade)).lower() == SURE
            found[iri] = label_of(row, column, labels), value, sure
    here = {iri: each for iri, each in found.items() if iri in places}
    if not here:
        return None
    most = max((value or 0.0 for _, value, _ in here.values()), default=0.0)
    ranked = sorted(here, key=lambda iri: (-(here[iri][1] or 0.0), here[iri][0]))
    points = []
    for number, iri in enumerate(ranked):
        label, value, sure = here[iri]
        radius = _radius(value, most) if measure else PLAIN
        x, y = _on_paper(places[iri])
        points.append(Point(label, iri, x, y, radius, value, sure, number < MOST_NAMES))
    nowhere = tuple((iri, label) for iri, (label, _, _) in found.items() if iri not in places)
    return Map(heading(measure) if measure else "", tuple(points), nowhere)


def _radius(value: float | None, most: float) -> float:
    share = max(value or 0.0, 0.0) / most if most > 0 else 0.0
    return round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(share), 1)


def _on_paper(place: Place) -> Place:
    longitude, latitude = place
    return round((longitude + 180) * SCALE, 1), round((90 - latitude) * SCALE, 1)
