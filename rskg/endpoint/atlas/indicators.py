"""What is observed of countries: read from the structures of the graph's data cubes.

Each measure of a cube about countries is an indicator, once for each subject that its other
dimension names (a dimension of governance, a field of labour law, a commodity). Where that
dimension holds words alone, the observations of a country are counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.endpoint.charts.bands import Band, Value, bands
from rskg.endpoint.pages.solutions import Row, Table, text_of
from rskg.endpoint.pages.solutions import Value as Term
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import name, tail
from rskg.namespaces import DATASET, XSD

#: Of the RDF Data Cube vocabulary: which cube an observation belongs to.
DATA_SET = "http://purl.org/linked-data/cube#dataSet"


@dataclass(frozen=True)
class Indicator:
    """A measure of a cube, of one subject (`option`) where it has several."""

    cube: str
    cube_label: str
    measure: str
    measure_label: str
    says: str
    unit: str
    dimension: str
    option: str
    label: str

    @property
    def key(self) -> str:
        """Its name in an address: `estimate.rule-of-law`."""
        return tail(self.measure) + (f".{tail(self.option)}" if self.option else "")

    @property
    def named(self) -> str:
        """The IRI whose label names it."""
        return self.option or self.measure

    @property
    def dataset(self) -> str:
        """The dataset that its cube is of, `…/dataset/<id>`."""
        return DATASET + self.cube.removeprefix(DATASET).partition("/")[0]

    @property
    def subject(self) -> str:
        """The triples that tell its observations, after the observation itself."""
        of = f"<{self.dimension}> <{self.option}> ; " if self.option else ""
        return f"{of}<{DATA_SET}> <{self.cube}> ; <{self.measure}> ?value ;"


@dataclass(frozen=True)
class Observed:
    """What was observed of a country last, in which year, as a page writes it, in which class."""

    value: Value
    written: str
    year: str
    band: int | None


@dataclass(frozen=True)
class Measured:
    """An indicator with its classes and the last value of each country, by IRI."""

    indicator: Indicator
    bands: Sequence[Band]
    countries: Mapping[str, Observed]

    def of_band(self, band: int | None, countries: Mapping[str, object]) -> set[str]:
        """The countries of a class; of None those that nothing is known of."""
        if band is None:
            return {iri for iri in countries if iri not in self.countries}
        return {iri for iri, observed in self.countries.items() if observed.band == band}

    @property
    def years(self) -> str:
        """The years of the values: `2022`, or `2014 … 2023`."""
        found = sorted({observed.year for observed in self.countries.values()})
        return " … ".join(dict.fromkeys((found[0], found[-1]))) if found else ""


async def indicators(visit: Visit) -> Mapping[str, Indicator]:
    """Every indicator by its key, cube by cube."""
    cubes = await visit.table("map-cubes")
    options = await asyncio.gather(*(_options(visit, row) for row in cubes))
    found: dict[str, Indicator] = {}
    counted: dict[str, Indicator] = {}
    for row, offered in zip(cubes, options, strict=True):
        for option in offered:
            one = _indicator(row, option["option"].text, text_of(option, "label"))
            found.setdefault(one.key, one)
        if not len(offered):
            one = _indicator(row, "", "")
            counted.setdefault(one.measure, one)
    split = {one.measure for one in found.values()}
    found |= {one.key: one for one in counted.values() if one.measure not in split}
    return dict(sorted(found.items(), key=lambda item: item[1].cube_label.lower()))


async def _options(visit: Visit, row: Row) -> Table:
    text = visit.queries["map-options"]
    for variable in ("dimension", "measure"):
        text = text.replace(f"<{variable.upper()}>", f"<{row[variable].text}>")
    return await visit.rows(text)


def _indicator(row: Row, option: str, label: str) -> Indicator:
    told = text_of(row, "measureLabel")
    return Indicator(
        row["cube"].text,
        text_of(row, "cubeLabel"),
        row["measure"].text,
        told,
        text_of(row, "says"),
        name(row["unit"].text).rpartition("/")[2].lower() if "unit" in row else "",
        row["dimension"].text,
        option,
        label or (name(option) if option else told),
    )


async def measured(visit: Visit, indicator: Indicator) -> Measured:
    """The last values of an indicator, in classes."""
    text = visit.queries["map-values"].replace("#SUBJECT#", indicator.subject)
    latest: dict[str, tuple[str, list[Value]]] = {}
    for row in await visit.rows(text):
        country, year, value = row["country"].text, row["year"].text, _value(row["value"])
        known = latest.get(country)
        if known is None or year > known[0]:
            latest[country] = (year, [value])
        elif year == known[0]:
            known[1].append(value)
    values = {country: _one(indicator, each) for country, (_, each) in latest.items()}
    classes = bands(list(values.values()))
    told = {
        country: Observed(
            value,
            _written(value),
            latest[country][0],
            next((n for n, band in enumerate(classes) if band.takes(value)), None),
        )
        for country, value in values.items()
    }
    return Measured(indicator, classes, told)


def _one(indicator: Indicator, values: list[Value]) -> Value:
    """The value of a country and year: counted for subjects in words, else summed or the first."""
    if not indicator.option:
        return float(sum(1 for value in values if value is True))
    if len(values) > 1 and all(isinstance(value, float) for value in values):
        return sum(float(value) for value in values)
    return values[0]


def _value(term: Term) -> Value:
    if term.datatype == XSD + "boolean":
        return term.text == "true"
    return term.number if term.is_number else term.text


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        f"{value:,.2f}".rstrip("0").rstrip(".").replace(",", "\u202f")
        if isinstance(value, float)
        else value
    )
