"""A table from an engine made into what was asked: rows in a format, yes or no, or a graph."""

from __future__ import annotations

import re

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store, parse_query_results

from rskg.errors import BudgetExceeded, InputError
from rskg.store.answer import Answer, Outlet, answered, evaluate
from rskg.store.budget import Budget
from rskg.store.engines.wording import Wording
from rskg.store.local import Row
from rskg.syntax import Format

#: A truth written 1 or 0 (XML Schema Part 2, 3.2.2); a quote in a value has a backslash before it.
_BOOLEAN = rb'"datatype"\s*:\s*"http://www\.w3\.org/2001/XMLSchema#boolean"'
_TRUTH = re.compile(
    rb"(" + _BOOLEAN + rb'\s*,\s*"value"\s*:\s*)"([01])"'
    rb'|("value"\s*:\s*)"([01])"(\s*,\s*' + _BOOLEAN + rb")"
)
_TRUTHS = {True: "ASK {}", False: "ASK { FILTER(false) }"}


def filled(
    said: Wording, table: bytes, wanted: Format, budget: Budget, outlet: Outlet | None = None
) -> Answer:
    """The answer in the wanted format, but for what the outlet took; `table` is SPARQL's JSON.

    Raises BudgetExceeded for more rows than the budget has, InputError for what is no table.
    """
    if said.form == "solutions":
        try:
            return answered(_solutions(table), None, wanted.name, budget, outlet)
        except (SyntaxError, ValueError) as error:
            raise _broken(error) from error
    rows = rows_of(table)
    if len(rows) > budget.rows:
        raise BudgetExceeded("rows", budget.rows, len(rows))
    query = _TRUTHS[bool(rows)] if said.form == "boolean" else _with_rows(said, rows)
    return answered(evaluate(Store(), query), None, wanted.name, budget, outlet)


def rows_of(table: bytes) -> list[Row]:
    """The rows of a table; an unbound variable is None. Raises InputError for what is none."""
    found = _solutions(table)
    names = [variable.value for variable in found.variables]
    try:
        return [{name: row[name] for name in names} for row in found]
    except (SyntaxError, ValueError) as error:
        raise _broken(error) from error


def _solutions(table: bytes) -> QuerySolutions:
    try:
        found = parse_query_results(_TRUTH.sub(_in_words, table), format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise _broken(error) from error
    if not isinstance(found, QuerySolutions):
        raise InputError("it is yes or no, not a table of results")
    return found


def _in_words(truth: re.Match[bytes]) -> bytes:
    """A truth as `true` or `false`, the canonical form, where an engine writes it 1 or 0."""
    value = b"true" if b"1" in (truth[2], truth[4]) else b"false"
    return b"".join((truth[1] or truth[3], b'"', value, b'"', truth[5] or b""))


def _broken(error: Exception) -> InputError:
    return InputError(f"it breaks off, or is no table of results: {error}")


def _with_rows(said: Wording, rows: list[Row]) -> str:
    """A CONSTRUCT's template over the rows themselves."""
    if not rows:
        return f"{said.template} WHERE {{ FILTER(false) }}"
    head = " ".join(f"?{name}" for name in rows[0])
    lines = "\n".join(
        f"({' '.join('UNDEF' if term is None else str(term) for term in row.values())})"
        for row in rows
    )
    return f"{said.template} WHERE {{ VALUES ({head}) {{\n{lines}\n}} }}"
