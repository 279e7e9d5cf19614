"""From the rows of a query to the statements and sources behind them: a page, or rows in a format.

Every room that shows numbers has an address that ends in `/evidence`, answered here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.negotiation import PAGE, chosen, is_page
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.problems import NOT_FOUND, Problem
from rskg.errors import UsageError
from rskg.evidence import Behind, Row, behind
from rskg.syntax import SOLUTION_FORMATS, TSV, Term, rows_of

MOST_ROWS = 300
#: Which rows are meant, by their numbers from 1 on.
ROW = "row"


@dataclass(frozen=True)
class Subject:
    """What evidence is wanted of: a query, its words, and the page on which its rows stand."""

    text: str
    title: str
    page: str
    bindings: tuple[tuple[str, Term], ...] = ()


async def statements(
    visit: Visit, subject: Subject, wanted: Callable[[Row], bool] | None = None
) -> Response:
    """The statements behind the rows, those that `row=` numbers, or those that are wanted.

    Raises UsageError for a number that no row has, a Problem where no row is wanted.
    """
    form = chosen(visit.request, (PAGE, *SOLUTION_FORMATS))
    rows = _numbered(visit, await _rows(visit, subject.text, subject.bindings))
    if wanted is not None:
        rows = [row for row in rows if wanted(row)]
        if not rows:
            raise Problem(NOT_FOUND, "No row of the query is of all these values at once.")
    made = await _search(visit, subject.text, rows)
    if not is_page(form):
        told = {"Solutions-Counted": f"{made.counted}", "Solutions-Shown": f"{made.shown}"}
        return await visit.document(Ask(made.query, form.media_type), form, told)
    found = await visit.rows(made.query)
    shown = found.rows[:MOST_ROWS]
    iris = {value.text for row in shown for value in row.values() if value.is_iri}
    return visit.page(
        "evidence.html",
        subject=subject,
        found=found,
        counted=made,
        rows=shown,
        labels=await visit.labels(iris),
    )


async def _rows(visit: Visit, text: str, bindings: tuple[tuple[str, Term], ...] = ()) -> list[Row]:
    """The rows of a SELECT as terms."""
    answer = await visit.answer(Ask(text, TSV.media_type, bindings=bindings))
    names, rows = rows_of(answer.body)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _numbered(visit: Visit, rows: Sequence[Row]) -> Sequence[Row]:
    """All rows, or those that `row=` names, counted from 1; raises UsageError for another."""
    wanted = visit.request.query_params.get(ROW)
    if not wanted:
        return rows
    numbers = [int(each) if each.isdecimal() else 0 for each in wanted.split(",")]
    if not all(0 < each <= len(rows) for each in numbers):
        raise UsageError(f"{ROW} takes the number of a row, 1 to {len(rows)}, not {wanted!r}")
    return [rows[each - 1] for each in dict.fromkeys(numbers)]


async def _search(visit: Visit, text: str, rows: Sequence[Row]) -> Behind:
    """What is behind rows, by as many queries as that takes."""
    search = behind(text, rows, visit.request.app.state.prefixes)
    try:
        asked = next(search)
        while True:
            asked = search.send(await _rows(visit, asked))
    except StopIteration as done:
        found: Behind = done.value
        return found
