"""A row of a template as a form: what each field takes, what was filled in, what is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rskg.namespaces import THING, XSD
from rskg.templates import Field, Filled, Template, Templates, said, to_turtle
from rskg.templates.fields import ID, SEPARATOR, TYPE, local

_MOST = 10_000_000


@dataclass
class Entry:
    """One field of the form."""

    name: str
    heading: str
    note: str
    takes: Field | None
    values: Sequence[str] = ()
    wrong: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What the field is called, without its language."""
        return self.heading.partition("@")[0]

    @property
    def required(self) -> bool:
        """Whether the shapes ask for it."""
        return self.takes is None or self.takes.required

    @property
    def value(self) -> str:
        """What was filled in, as one text."""
        return SEPARATOR.join(self.values)

    @property
    def kind(self) -> str:
        """How it is filled in: `choice`, `choices`, `date`, `number`, `words` or `text`."""
        one = self.takes
        if one is None:
            return "text"
        if one.choices:
            return "choice" if one.single else "choices"
        if one.datatypes == (XSD + "date",):
            return "date"
        if set(one.datatypes) & {XSD + "decimal", XSD + "integer"}:
            return "number"
        return "words" if one.worded else "text"

    @property
    def kinds(self) -> str:
        """The classes of the things that it refers to, where they are on no list."""
        one = self.takes
        return ",".join(map(local, one.classes)) if one and not one.choices else ""

    def options(self, language: str) -> list[tuple[str, str]]:
        """The values of its list, and what people call them."""
        choices = self.takes.choices if self.takes else ()
        return [(one.slug, said(one.labels, language) or one.slug) for one in choices]


class Form:
    """The form of a class in a language, with what was filled in."""

    def __init__(
        self,
        known: Templates,
        template: Template,
        language: str,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.template, self._known, self._fields = template, known, fields or {}
        self.name = template.name
        self.title = said(template.labels, language) or template.name
        self.about = said(template.notes, language)
        headings = template.headings(language)
        columns = dict(zip((one.path for one in template.columns), headings, strict=True))
        self.entries = [Entry("id", ID, "", None, self._given("id"))]
        for one in template.fields:
            note = said(one.notes, language)
            values = self._given(one.path)
            self.entries.append(Entry(one.path, columns[one.path], note, one, values))
        self.others: list[str] = []
        self.conforms = True

    def _given(self, name: str) -> list[str]:
        return [value for value in self._fields.get(name, ()) if value]

    @cached_property
    def csv(self) -> bytes:
        """What was filled in, as a filled-in template of one row, without empty columns."""
        filled = [one for one in self.entries[1:] if one.values]
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([ID, TYPE, *(one.heading for one in filled)])
        writer.writerow([self.entries[0].value, self.name, *(one.value for one in filled)])
        return out.getvalue().encode()

    def turtle(self) -> bytes:
        """The same as Turtle; nothing where a cell is wrong."""
        one = Filled("form.csv", lambda: self.csv, lambda: self._known, "draft", _MOST)
        return b"" if one.faults() else to_turtle(one.triples, self._known)

    def told(self, results: Sequence[Mapping[str, Any]], known: Collection[str]) -> None:
        """Have each result of a check at its field; `known` are things that the graph describes."""
        for result in results:
            thing = _elsewhere(result)
            if result["severity"] == "Info" or (thing and thing in known):
                continue
            entry = self._entry_of(result)
            if result["severity"] == "Violation" or thing:
                self.conforms = False
                (entry.wrong if entry else self.others).append(_sentence(result))
            elif entry:
                entry.hints.append(_sentence(result))

    def _entry_of(self, result: Mapping[str, Any]) -> Entry | None:
        path = (result["path"] or "").strip("<>")
        cell = (result["place"] or {}).get("cell") or ""
        for one in self.entries:
            if one.name == path or (one.heading == cell and (cell != ID or not path)):
                return one
        return None


def references(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """The things that the graph has to describe, as a check by itself can't tell."""
    return sorted({thing for result in results if (thing := _elsewhere(result))})


def _elsewhere(result: Mapping[str, Any]) -> str:
    value = result["value"] or ""
    soft = result["severity"] == "Warning" and value.startswith(f"<{THING}")
    return str(value).strip("<>") if soft and result["explanation"] else ""


def _sentence(result: Mapping[str, Any]) -> str:
    cell = (result["place"] or {}).get("cell")
    told = str(result["messages"][0]) if result["messages"] else str(result["component"])
    return told.removeprefix(f"{cell}: ")
