"""From the rows of a question to the statements and sources behind them, by one link."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.negotiation import PAGE, chosen, is_page
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.questions.queries import MOST_ROWS, ROW, bound
from rskg.errors import UsageError
from rskg.evidence import Behind, Row, behind
from rskg.query import Query
from rskg.syntax import SOLUTION_FORMATS, TSV, Term, rows_of

router = APIRouter()


@router.get("/queries/{slug}/evidence", summary="The statements behind a question's rows")
async def behind_question(request: Request, visit: Visiting, slug: str) -> Response:
    """Of each thing that the rows name and each fact that they count: who states it, and whence.

    `row=3` asks for the third row alone, `row=3,5` for two. The headers `Solutions-Counted` and
    `Solutions-Shown` say how many solutions were counted, and of how many the facts are told.
    """
    return await _behind(request, visit, request.app.state.questions, slug, "queries")


@router.get("/relations/{slug}/evidence", summary="The statements behind a relation's rows")
async def behind_relation(request: Request, visit: Visiting, slug: str) -> Response:
    """The same of the rows behind a number on the home page."""
    return await _behind(request, visit, request.app.state.relations, slug, "relations")


async def _behind(
    request: Request, visit: Visit, known: Mapping[str, Query], slug: str, place: str
) -> Response:
    asked, given, bindings = bound(request, known, slug)
    form = chosen(request, (PAGE, *SOLUTION_FORMATS))
    rows = await _rows(visit, asked.sparql, bindings)
    made = await _search(visit, asked.sparql, _wanted(request, rows))
    text = made.query
    if not is_page(form):
        told = {"Solutions-Counted": f"{made.counted}", "Solutions-Shown": f"{made.shown}"}
        return await visit.document(Ask(text, form.media_type), form, told)
    found = await visit.rows(text)
    shown = found.rows[:MOST_ROWS]
    iris = {value.text for row in shown for value in row.values() if value.is_iri}
    return visit.page(
        "evidence.html",
        query=asked,
        place=place,
        arguments=given,
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


def _wanted(request: Request, rows: list[Row]) -> list[Row]:
    """All rows, or those that `row=` names, counted from 1; raises UsageError for another."""
    wanted = request.query_params.get(ROW)
    if not wanted:
        return rows
    numbers = [int(each) if each.isdecimal() else 0 for each in wanted.split(",")]
    if not all(0 < each <= len(rows) for each in numbers):
        raise UsageError(f"{ROW} takes the number of a row, 1 to {len(rows)}, not {wanted!r}")
    return [rows[each - 1] for each in dict.fromkeys(numbers)]


async def _search(visit: Visit, text: str, rows: list[Row]) -> Behind:
    """What is behind rows, by as many queries as that takes."""
    search = behind(text, rows, visit.request.app.state.prefixes)
    try:
        asked = next(search)
        while True:
            asked = search.send(await _rows(visit, asked))
    except StopIteration as done:
        found: Behind = done.value
        return found
