"""Rows that name places, drawn as notebooks show them: SVG that needs nothing but its page.

A place is a point in WKT, a pair of columns `longitude` and `latitude`, or, where a question says
that a map fits its answer, the things of the column that it names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rskg.query import Chart
from rskg.syntax import Literal, NamedNode, Term, rows_of
from rskg.world import HEIGHT, WIDTH, equal_earth, outline, world

Row = Sequence["Term | None"]
#: Answers a query with rows in TSV.
Answer = Callable[[str], bytes]
_PLACES = Path(__file__).with_name("places.rq").read_text("utf-8")
_POINT = re.compile(r"(?:<[^>]*>\s*)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)
_LONGITUDES, _LATITUDES = ("longitude", "long", "lon", "lng"), ("latitude", "lat")
#: So many things are looked up, or drawn, at most.
MOST = 1_000
LARGEST, SMALLEST, PLAIN = 18.0, 3.0, 4.0
LAND, INK, MARK, SHADE = "#D0D7DE", "#57606A", "#C24E00", "#0072B2"


@dataclass(frozen=True)
class Spot:
    """A place of the rows: where it lies, or which country it is; None for what isn't known."""

    label: str
    point: tuple[float, float] | None
    number: str
    value: float | None


def drawn(names: Sequence[str], rows: Sequence[Row], chart: Chart | None, answer: Answer) -> str:
    """The map of the rows; "" where they name no place."""
    spots = list(_by_coordinates(names, rows))
    measure = ""
    if not spots and chart and chart.kind == "map":
        measure = chart.columns.get("value", "")
        spots = _by_name(names, rows, chart.columns["place"], measure, answer)
    known = [s for s in spots if s.point or s.number in world().countries]
    return _svg(spots, known, measure) if known else ""


def _by_coordinates(names: Sequence[str], rows: Sequence[Row]) -> Iterator[Spot]:
    lower = [name.lower() for name in names]
    across = next((lower.index(name) for name in _LONGITUDES if name in lower), None)
    up = next((lower.index(name) for name in _LATITUDES if name in lower), None)
    for row in rows[:MOST]:
        told = [term for term in row if isinstance(term, Literal) and _POINT.match(term.value)]
        point = _point(told[0].value) if told else None
        if point is None and across is not None and up is not None:
            point = _pair(row[across], row[up])
        if point:
            others = [term for term in row if term is not None and term not in told]
            yield Spot(", ".join(_text(term) for term in others), point, "", None)


def _by_name(
    names: Sequence[str], rows: Sequence[Row], place: str, measure: str, answer: Answer
) -> list[Spot]:
    """The things of a column, each once, by the first row that names it."""
    if place not in names:
        return []
    at = names.index(place)
    label = names.index(f"{place}Label") if f"{place}Label" in names else at
    value = names.index(measure) if measure in names else None
    first: dict[str, Row] = {}
    for row in rows:
        if isinstance(row[at], NamedNode) and len(first) < MOST:
            first.setdefault(row[at].value, row)  # type: ignore[union-attr]
    wanted = "\n    ".join(f"<{iri}>" for iri in first)
    points: dict[str, tuple[float, float]] = {}
    numbers: dict[str, str] = {}
    for thing, point, number in rows_of(answer(_PLACES.replace("#VALUES#", wanted)))[1]:
        if not isinstance(thing, NamedNode):
            continue
        if isinstance(point, Literal) and (found := _point(point.value)):
            points.setdefault(thing.value, found)
        if isinstance(number, Literal):
            numbers[thing.value] = number.value
    return [
        Spot(
            _text(row[label] or row[at]),
            points.get(iri),
            numbers.get(iri, ""),
            None if value is None else _number(row[value]),
        )
        for iri, row in first.items()
    ]


def _svg(spots: Sequence[Spot], known: Sequence[Spot], measure: str) -> str:
    values = [abs(s.value) for s in known if s.value is not None]
    most = max(values, default=0.0)
    shapes: Mapping[str, str] = world().countries
    areas = {s.number: s for s in known if s.number in shapes}
    parts = [f'<path d="{outline()}" fill="none" stroke="{LAND}"/>']
    parts += [_area(path, areas.get(number), most) for number, path in shapes.items()]
    points = [s for s in known if s.point and s.number not in areas]
    parts += [_mark(s, most) for s in sorted(points, key=lambda s: -(s.value or 0.0))]
    told = f"{len(known):,} of {len(spots):,} places on the map"
    told += f"; the larger or darker, the more {measure}" if measure and values else ""
    style = "max-width:52em;width:100%;height:auto"
    return (
        f'<figure style="margin:0"><svg viewBox="0 0 {WIDTH} {HEIGHT}" style="{style}" role="img" '
        f'aria-label="{escape(told)}">{"".join(parts)}</svg>'
        f"<figcaption>{escape(told)}</figcaption></figure>"
    )


def _area(path: str, spot: Spot | None, most: float) -> str:
    if spot is None:
        return f'<path d="{path}" fill="{LAND}" fill-opacity=".6"/>'
    share = 1.0 if spot.value is None or not most else max(spot.value, 0.0) / most
    told = _told(spot)
    shade = f'fill="{SHADE}" fill-opacity="{0.2 + 0.75 * math.sqrt(share):.2f}"'
    return f'<path d="{path}" {shade} stroke="{INK}" stroke-width=".5">{told}</path>'


def _mark(spot: Spot, most: float) -> str:
    x, y = equal_earth(*spot.point) if spot.point else (0.0, 0.0)
    radius = PLAIN
    if spot.value is not None and most:
        radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(max(spot.value, 0.0) / most)
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{MARK}" fill-opacity=".6" '
        f'stroke="{MARK}">{_told(spot)}</circle>'
    )


def _told(spot: Spot) -> str:
    value = "" if spot.value is None else f": {spot.value:g}"
    return f"<title>{escape(spot.label + value)}</title>"


def _text(term: Term | None) -> str:
    if isinstance(term, NamedNode):
        return term.value.rstrip("/#").replace("#", "/").rpartition("/")[2] or term.value
    return term.value if isinstance(term, Literal) else str(term or "")


def _point(wkt: str) -> tuple[float, float] | None:
    found = _POINT.match(wkt)
    return _degrees(found[1], found[2]) if found else None


def _pair(across: Term | None, up: Term | None) -> tuple[float, float] | None:
    texts = [term.value for term in (across, up) if isinstance(term, Literal)]
    return _degrees(*texts) if len(texts) == 2 else None


def _degrees(across: str, up: str) -> tuple[float, float] | None:
    try:
        point = float(across), float(up)
    except ValueError:
        return None
    fits = -180.0 <= point[0] <= 180.0 and -90.0 <= point[1] <= 90.0
    return point if fits else None


def _number(term: Term | None) -> float | None:
    try:
        found = float(term.value) if isinstance(term, Literal) else None
    except ValueError:
        return None
    return found if found is not None and math.isfinite(found) else None
