"""From the rows of a question to the statements and sources behind them, by one link."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.negotiation import PAGE, chosen, is_page
from rskg.endpoint.pages.solutions import table
from rskg.endpoint.pages.visit import TABLE_TYPE, Visit, Visiting
from rskg.endpoint.questions.queries import MOST_ROWS, bound
from rskg.evidence import evidence
from rskg.query import Query
from rskg.syntax import SOLUTION_FORMATS

router = APIRouter()


@router.get("/queries/{slug}/evidence", summary="The statements behind a question's rows")
async def behind(request: Request, visit: Visiting, slug: str) -> Response:
    """Of each thing that the rows name: the statements about it, with source and confidence."""
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
    rows = table((await visit.answer(Ask(asked.sparql, TABLE_TYPE, bindings=bindings))).body)
    named = {value.text for row in rows for value in row.values() if value.is_iri}
    text = evidence(named)
    if not is_page(form):
        return await visit.document(Ask(text, form.media_type), form)
    found = await visit.rows(text)
    shown = found.rows[:MOST_ROWS]
    iris = {value.text for row in shown for value in row.values() if value.is_iri}
    return visit.page(
        "evidence.html",
        query=asked,
        place=place,
        arguments=given,
        found=found,
        rows=shown,
        labels=await visit.labels(iris),
    )
