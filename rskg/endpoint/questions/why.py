"""Why a question has no rows, with the parameters that were given: `/queries/<slug>/why`."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.pages.visit import TABLE_TYPE, Visiting
from rskg.endpoint.questions.queries import bound
from rskg.endpoint.sparql.emptiness import told

router = APIRouter()


@router.get("/queries/{slug}/why", summary="Why a question has no rows")
async def why_without_rows(request: Request, visit: Visiting, slug: str) -> Response:
    """Takes the question's parameters; the answer is JSON, as that of `/sparql/why`."""
    asked, _, bindings = await bound(request, visit, request.app.state.questions, slug)
    ask = Ask(asked.sparql, f"{TABLE_TYPE}, text/turtle", bindings=bindings)
    return await told(visit, ask)
