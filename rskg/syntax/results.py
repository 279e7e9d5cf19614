"""Rows of SPARQL results, read with the engine's own parser."""

from __future__ import annotations

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from rskg.errors import InputError
from rskg.syntax.media_types import TableFormat

Cell = NamedNode | BlankNode | Literal | Triple | None


def rows_of(tsv: bytes) -> tuple[list[str], list[list[Cell]]]:
    """The variables and the rows of a result in TSV; an unbound cell is None."""
    found = parse_query_results(tsv, format=QueryResultsFormat.TSV)
    if not isinstance(found, QuerySolutions):
        raise InputError("these are no rows")
    names = [variable.value for variable in found.variables]
    return names, [[row[name] for name in names] for row in found]


def rows_as(body: bytes, form: TableFormat, wanted: TableFormat) -> bytes | None:
    """Rows in one format written in another; None for the answer of an ASK.

    Raises InputError for bytes that aren't in the first.
    """
    try:
        found = parse_query_results(body, format=form.engine)
        if isinstance(found, QueryBoolean):
            return None
        written = found.serialize(format=wanted.engine)
    except (SyntaxError, ValueError) as error:
        raise InputError(f"the answer is no {form.media_type}: {error}") from error
    return written or b""
