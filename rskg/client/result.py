"""What a query found: rows, a truth or a graph, and the forms that tools want them in."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rdflib import Graph
from rdflib.query import Result as RdflibResult

from rskg.client import html, maps
from rskg.client.citation import Citation, digest_of_lines, digest_of_query
from rskg.client.source import Source
from rskg.client.values import Value, value_of
from rskg.errors import EnvironmentLacks, UsageError
from rskg.evidence import Behind, behind
from rskg.linting import Finding, reasons, told
from rskg.query import Chart
from rskg.store import Answer
from rskg.syntax import BOOLEAN_FORMATS, TSV, Term, rows_as, rows_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

MOST_LETTERS = 20_000


class Result:
    """A complete answer; `len` counts rows (or triples), iteration gives rows as dicts."""

    def __init__(
        self,
        answer: Answer,
        query: str,
        source: Source,
        bindings: Mapping[str, Term],
        chart: Chart | None = None,
    ) -> None:
        self._answer = answer
        self._asked, self._bindings, self._chart = source, bindings, chart
        self.query = query
        self.source = source.name
        #: The revision that was asked; None where the service doesn't tell.
        self.revision = source.revision

    @property
    def form(self) -> str:
        """`solutions` of a SELECT, `boolean` of an ASK, `graph` of a CONSTRUCT or DESCRIBE."""
        return self._answer.form

    @property
    def variables(self) -> list[str]:
        """The names of the columns."""
        return self._rows[0]

    def terms(self) -> Iterator[dict[str, Term | None]]:
        """The rows as RDF terms; an unbound variable is None."""
        names, rows = self._rows
        return (dict(zip(names, row, strict=True)) for row in rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """The rows as Python values: numbers, dates, truths, else text."""
        return ({name: value_of(term) for name, term in row.items()} for row in self.terms())

    def __len__(self) -> int:
        return len(self.to_rdflib()) if self.form == "graph" else len(self._rows[1])

    def __bool__(self) -> bool:
        """The answer of an ASK; for rows and graphs, whether there is anything."""
        if self.form == "boolean":
            return bool(json.loads(self._answer.body)["boolean"])
        return len(self) > 0

    def to_arrow(self) -> pa.Table:
        """A column a variable, typed where all its terms have one datatype.

        The field's metadata says `kind`, `datatype` and `language`; a mixed column holds structs
        of value, kind, datatype and language. Raises EnvironmentLacks without pyarrow.
        """
        self._require("solutions", "to_rdflib")
        table: pa.Table = _needed("rskg.tables").table_of(self._answer.body)
        return table

    def to_polars(self, *, exact: bool = False) -> pl.DataFrame:
        """A polars frame; a mixed column becomes numbers, or text, unless `exact` keeps structs."""
        frame: pl.DataFrame = _needed("polars").from_arrow(self._frame(exact))
        return frame

    def to_pandas(self, *, exact: bool = False) -> pd.DataFrame:
        """A pandas frame with Arrow's types; mixed columns as in `to_polars`."""
        pandas = _needed("pandas")
        frame: pd.DataFrame = self._frame(exact).to_pandas(types_mapper=pandas.ArrowDtype)
        return frame

    def to_rdflib(self) -> Graph | RdflibResult:
        """An rdflib Graph of triples; rows and truths as rdflib's query result."""
        if self.form == "graph":
            return Graph().parse(data=self._answer.body, format=self._answer.media_type)
        json_format = BOOLEAN_FORMATS[0]
        body = self._answer.body
        if self.form == "solutions":
            body = rows_as(body, TSV, json_format) or b""
        return RdflibResult.parse(io.BytesIO(body), content_type=json_format.media_type)

    def why(self) -> list[Finding]:
        """Why there are no rows (no triples, not true): what of the query the data never matches.

        Each says the line and column, a kind and a sentence, with the nearest real term where
        there is one. Empty when there are rows, or when no single part of the query is to blame.
        Asks the same source again, a few small queries.
        """
        if self:
            return []
        search = reasons(self.query, self._asked.prefixes, self._bindings)
        return told(search, lambda query: self._asked.answer(query, {}).body)

    def evidence(self, row: int | None = None) -> Evidence:
        """The statements behind the rows, or behind one of them, counted from 0.

        Of each thing that they name and each fact that they count: source, confidence and graph;
        of facts `property` and `value` too. `counted` says how many solutions were counted,
        `shown` of how many the facts are told. Asks the same source at the same revision.
        """
        rows = list(self.terms())
        search = behind(self.query, rows if row is None else [rows[row]], self._asked.prefixes)
        try:
            text = next(search)
            while True:
                names, found = rows_of(self._asked.answer(text, {}).body)
                text = search.send([dict(zip(names, one, strict=True)) for one in found])
        except StopIteration as done:
            told: Behind = done.value
        answer = self._asked.answer(told.query, {})
        return Evidence(answer, told, self._asked)

    def cite(self) -> Citation:
        """How to cite this answer: source, revision, digests of the query and of the rows."""
        body = self._answer.body
        return Citation(
            source=self.source,
            revision=self.revision,
            query=digest_of_query(self.query, self._bindings),
            result=digest_of_lines(body, head=self.form == "solutions"),
            rows=len(self) if self.form != "boolean" else 1,
        )

    def __repr__(self) -> str:
        what = f"{bool(self)}" if self.form == "boolean" else f"{len(self)} rows"
        return f"<Result: {what} of {self.source}, revision {self.revision}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: a map where rows name places, the table, or why it is empty."""
        if self.form == "solutions":
            drawn = maps.drawn(
                *self._rows, self._chart, lambda query: self._asked.answer(query, {}).body
            )
            shown = html.table(*self._rows)
            return drawn + shown + html.reasons([str(each) for each in self.why()])
        text = self._answer.body.decode() if self.form == "graph" else str(bool(self))
        return f"<pre>{escape(text[:MOST_LETTERS])}</pre>"

    @cached_property
    def _rows(self) -> tuple[list[str], list[list[Term | None]]]:
        self._require("solutions", "to_rdflib")
        return rows_of(self._answer.body)

    def _require(self, form: str, instead: str) -> None:
        if self.form != form:
            raise UsageError(f"this answer is a {self.form}, it has no rows: use .{instead}()")

    def _frame(self, exact: bool) -> pa.Table:
        table = self.to_arrow()
        return table if exact else _needed("rskg.tables").plain(table)


class Evidence(Result):
    """The statements behind an answer."""

    def __init__(self, answer: Answer, told: Behind, source: Source) -> None:
        super().__init__(answer, told.query, source, {})
        #: How many solutions the aggregates were made of, and of how many the facts are told.
        self.counted, self.shown = told.counted, told.shown


def _needed(module: str) -> Any:
    """A module of the `frames` extra; raises EnvironmentLacks where that isn't installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise EnvironmentLacks(
            f"{error.name} isn't installed: pip install 'rskg[frames]' brings what frames need"
        ) from error
