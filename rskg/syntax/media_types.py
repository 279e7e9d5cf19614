"""Formats by their short name and media type, and the choice that an Accept header makes.

Sources: SPARQL 1.1 Protocol 2.1, RFC 9110 12.5.1 (Accept).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """A serialisation: the short name that `format=` takes, and its media type."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    #: True for columns with their types, which are no text.
    columnar: bool = False

    @property
    def content_type(self) -> str:
        """The media type with its character set, as an HTTP header says it."""
        return self.media_type if self.columnar else f"{self.media_type}; charset=utf-8"


@dataclass(frozen=True)
class TableFormat(Format):
    """A format for rows of results."""

    engine: QueryResultsFormat = QueryResultsFormat.JSON


@dataclass(frozen=True)
class GraphFormat(Format):
    """A format for a graph."""

    engine: RdfFormat = RdfFormat.TURTLE


_XML = ("application/xml", "text/xml")
_JSON = ("application/json",)

#: Rows with every term written out.
TSV = TableFormat("tsv", "text/tab-separated-values", engine=QueryResultsFormat.TSV)
TEXT_FORMATS = (
    TableFormat("json", "application/sparql-results+json", _JSON, engine=QueryResultsFormat.JSON),
    TableFormat("xml", "application/sparql-results+xml", _XML, engine=QueryResultsFormat.XML),
    TableFormat("csv", "text/csv", engine=QueryResultsFormat.CSV),
    TSV,
)
_COLUMNAR = (
    TableFormat("arrow", "application/vnd.apache.arrow.stream", columnar=True, engine=TSV.engine),
    TableFormat("parquet", "application/vnd.apache.parquet", columnar=True, engine=TSV.engine),
)
#: Columns are offered where the `frames` extra is installed.
SOLUTION_FORMATS: tuple[TableFormat, ...] = (
    *TEXT_FORMATS,
    *(_COLUMNAR if find_spec("pyarrow") else ()),
)
#: Those that it would bring.
WANTING_FORMATS = () if find_spec("pyarrow") else _COLUMNAR
#: SPARQL 1.1 gives ASK no CSV or TSV form.
BOOLEAN_FORMATS = SOLUTION_FORMATS[:2]
GRAPH_FORMATS = (
    GraphFormat("ttl", "text/turtle", ("application/x-turtle",), engine=RdfFormat.TURTLE),
    GraphFormat("nt", "application/n-triples", ("text/plain",), engine=RdfFormat.N_TRIPLES),
    GraphFormat("jsonld", "application/ld+json", _JSON, engine=RdfFormat.JSON_LD),
    GraphFormat("rdfxml", "application/rdf+xml", _XML, engine=RdfFormat.RDF_XML),
    GraphFormat("nq", "application/n-quads", engine=RdfFormat.N_QUADS),
    GraphFormat("trig", "application/trig", engine=RdfFormat.TRIG),
)

#: One triple a line.
NT = GRAPH_FORMATS[1]
TURTLE = GRAPH_FORMATS[0]

AnyFormat = TypeVar("AnyFormat", bound=Format)


def format_named(name: str, offered: Sequence[AnyFormat]) -> AnyFormat | None:
    """The offered format with this short name or media type."""
    wanted = name.strip().lower()
    for choice in offered:
        if wanted in (choice.name, choice.media_type, *choice.aliases):
            return choice
    return None


def negotiate(accept: str | None, offered: Sequence[AnyFormat]) -> AnyFormat | None:
    """The offered format that an Accept header prefers; None when it takes none of them.

    Without a header the first offered format is meant. The most specific range that
    matches a format gives its weight, and the order of the offer breaks ties.
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_media_range(part) for part in accept.split(",") if part.strip()]
    best: tuple[float, int] | None = None
    for position, choice in enumerate(offered):
        weight = _weight(choice, ranges)
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, position)
    return offered[best[1]] if best else None


def _media_range(text: str) -> tuple[str, float]:
    pieces = [piece.strip() for piece in text.split(";")]
    weight = 1.0
    for parameter in pieces[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                weight = min(max(float(value), 0.0), 1.0)
            except ValueError:
                weight = 0.0
    return pieces[0].lower(), weight


def _weight(choice: Format, ranges: Sequence[tuple[str, float]]) -> float:
    major = choice.media_type.split("/")[0]
    levels = ((choice.media_type,), choice.aliases, (f"{major}/*",), ("*/*",))
    for level in levels:
        weights = [weight for name, weight in ranges if name in level]
        if weights:
            return max(weights)
    return 0.0
