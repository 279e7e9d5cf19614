"""Filters of an overview: form fields whose values are things, and the pattern each one puts in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from rskg.endpoint.languages import language_of, translated
from rskg.endpoint.pages.evidence import Subject
from rskg.endpoint.pages.solutions import Row, Table, number_of, text_of
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import name
from rskg.endpoint.problems import PARAMETER, Problem
from rskg.namespaces import THING, thing
from rskg.syntax import NamedNode

PLACE = "#FILTERS#"


@dataclass(frozen=True)
class Filter:
    """A form field: its name, its words, the property it looks at, and a pattern for its value.

    In `pattern`, `VALUE` stands for the thing that was chosen. A value without `/` is a slug of
    the kind `scheme`.
    """

    name: str
    title: str
    scheme: str
    by: str
    pattern: str

    def thing(self, value: str) -> str:
        """The IRI that a value stands for."""
        return THING + value if "/" in value else thing(self.scheme, value)

    def value(self, iri: str) -> str:
        """What the form sends for a thing."""
        return iri.removeprefix(THING).removeprefix(f"{self.scheme}/")


@dataclass(frozen=True)
class Choice:
    """A value of a filter: what the form sends, the thing, its name, how many have it."""

    value: str
    iri: str
    label: str
    number: int


@dataclass(frozen=True)
class Chosen:
    """What a visitor chose, by the name of the filter."""

    filters: Sequence[Filter]
    values: Mapping[str, str]

    def iri(self, named: str) -> str:
        """The thing that was chosen, or nothing."""
        one = next(each for each in self.filters if each.name == named)
        return one.thing(self.values[named]) if named in self.values else ""

    def pattern(self, without: Sequence[str] = ()) -> str:
        """The patterns of all that was chosen, but for some."""
        found = [
            one.pattern.replace("VALUE", f"<{self.iri(one.name)}>")
            for one in self.filters
            if one.name in self.values and one.name not in without
        ]
        return "\n  ".join(found)

    def text(self, visit: Visit, ask: str, without: Sequence[str] = ()) -> str:
        """One of the pages' queries with these filters."""
        return visit.queries[ask].replace(PLACE, self.pattern(without))

    def subject(self, visit: Visit, ask: str, title: str) -> Subject:
        """What the statements behind the rows of one of the pages' queries are asked of."""
        language = language_of(visit.request)
        page = "?".join(filter(None, (f"/{ask}", self.address())))
        return Subject(self.text(visit, ask), translated(title, language), page)

    def address(self, **changed: str) -> str:
        """The query string of what was chosen, with changes; "" for a value takes it off."""
        values = {**self.values, **changed}
        told = {one.name: values[one.name] for one in self.filters if values.get(one.name)}
        return urlencode(told, safe="/")


def chosen(visit: Visit, filters: Sequence[Filter]) -> Chosen:
    """The filters in the address; raises a Problem for what can be no thing of ours."""
    values: dict[str, str] = {}
    for one in filters:
        value = one.value(visit.request.query_params.get(one.name, "").strip())
        if not value:
            continue
        try:
            NamedNode(one.thing(value))
        except ValueError as error:
            told = f"{one.name} takes a name like those in the form, not `{value}`."
            raise Problem(PARAMETER, told, {"parameter": one.name}) from error
        values[one.name] = value
    return Chosen(filters, values)


def choices(filters: Sequence[Filter], table: Table) -> dict[str, list[Choice]]:
    """What each filter offers: rows of `by value label number`, in their order."""
    offered: dict[str, list[Choice]] = {one.name: [] for one in filters}
    known = {one.by: one for one in filters}
    for row in table:
        one = known.get(text_of(row, "by"))
        if one is not None and text_of(row, "value").startswith(THING):
            offered[one.name].append(_choice(row, one))
    return offered


def _choice(row: Row, one: Filter) -> Choice:
    iri = row["value"].text
    label = text_of(row, "label") or name(iri)
    return Choice(one.value(iri), iri, label, number_of(row, "number"))
