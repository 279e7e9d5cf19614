"""Rows of a SELECT as pages read them, decoded from SPARQL 1.1 Query Results JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rskg.namespaces import XSD

NUMERIC = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "nonNegativeInteger", "int")
)


@dataclass(frozen=True)
class Value:
    """One RDF term of a row; `str()` gives its IRI or its text."""

    kind: str
    text: str
    language: str = ""
    datatype: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def is_iri(self) -> bool:
        """True for an IRI, which a page shows as a link."""
        return self.kind == "uri"

    @property
    def is_number(self) -> bool:
        """True for a numeric literal, which a table aligns to the right."""
        return self.datatype in NUMERIC

    @property
    def number(self) -> float:
        """The numeric value; 0 for anything else."""
        return float(self.text) if self.is_number else 0.0


Row = dict[str, Value]


@dataclass(frozen=True)
class Table:
    """The variables of a SELECT in order, and its solutions; unbound variables are absent."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def first(self) -> Row:
        """The first row, or an empty one."""
        return self.rows[0] if self.rows else {}

    def column(self, name: str) -> Sequence[Value]:
        """The bound values of one variable, in order."""
        return [row[name] for row in self.rows if name in row]


def table(body: bytes) -> Table:
    """A `application/sparql-results+json` document as rows; an ASK becomes one row `boolean`."""
    document = json.loads(body)
    if "boolean" in document:
        truth = Value("literal", str(document["boolean"]).lower(), datatype=XSD + "boolean")
        return Table(("boolean",), ({"boolean": truth},))
    names = tuple(document["head"].get("vars", ()))
    return Table(names, rows_of(document["results"]["bindings"]))


def rows_of(bindings: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """The rows of such a document's `bindings`."""
    return tuple({name: _value(term) for name, term in row.items()} for row in bindings)


def text_of(row: Row, name: str, default: str = "") -> str:
    """The text of a cell, or the default where it is unbound."""
    return row[name].text if name in row else default


def number_of(row: Row, name: str) -> int:
    """The whole number in a cell; 0 where it is unbound."""
    return int(row[name].number) if name in row else 0


def _value(term: dict[str, Any]) -> Value:
    content = term["value"]
    if not isinstance(content, str):
        content = json.dumps(content)
    return Value(term["type"], content, term.get("xml:lang", ""), term.get("datatype", ""))
