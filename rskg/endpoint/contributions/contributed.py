"""What was contributed, to look at: the list, and who sent each when, under which licence."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.contribution.partners import now
from rskg.contribution.record import KNOWN, Contribution, described, told
from rskg.endpoint.contributions.bearer import grant_of, require_dataset
from rskg.endpoint.contributions.routes import gone, raise_problem, told_of
from rskg.endpoint.http.negotiation import PAGE, TRIPLE_FORMATS, chosen, is_page
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.problems import NOT_FOUND, Problem
from rskg.syntax import Format, GraphFormat, serialize

router = APIRouter()
JSON = Format("json", "application/json")
FORMATS: tuple[Format, ...] = (PAGE, JSON, *TRIPLE_FORMATS)


@router.get("/contributions", summary="What partners have contributed")
async def contributions(request: Request, visit: Visiting) -> Response:
    """Newest first, with those that were withdrawn; `dataset=` chooses."""
    form = chosen(request, FORMATS)
    wanted = request.query_params.get("dataset")
    found = [one for one in await known(visit) if wanted in (None, one.dataset)][::-1]
    if is_page(form):
        return visit.page("contributions.html", contributions=found)
    return _document(visit, form, found, {"contributions": [told_of(one) for one in found]})


@router.get("/contributions/{contribution_id}", summary="A contribution: who, when, what")
async def contribution(request: Request, visit: Visiting, contribution_id: str) -> Response:
    """Its sender, time, checksum, licence and shapes; 410 once it was withdrawn."""
    form = chosen(request, FORMATS)
    found = await one_of(visit, contribution_id)
    if found.withdrawn:
        raise gone(found)
    if is_page(form):
        return visit.page("contribution.html", one=found)
    return _document(visit, form, [found], told_of(found))


@router.delete("/contributions/{contribution_id}", summary="Withdraw a contribution")
async def withdraw(request: Request, visit: Visiting, contribution_id: str) -> Response:
    """What nobody else states leaves the graph, with what followed from it, as one revision."""
    grant = grant_of(request)
    found = await one_of(visit, contribution_id)
    require_dataset(grant, found.dataset)
    if found.withdrawn:
        raise gone(found)
    order = {"act": "withdraw", "id": found.id, "partner": grant.partner}
    done = await request.app.state.reception.order({**order, "when": now()})
    raise_problem(done)
    visit.evaluator.published()
    body = {**told_of(Contribution(**done["contribution"])), "revision": done["revision"]}
    headers = {"Cache-Control": "no-store", "Revision": str(done["revision"])}
    return Response(
        json.dumps(body, ensure_ascii=False), 200, headers, media_type="application/json"
    )


async def known(visit: Visit) -> list[Contribution]:
    """The contributions that the visit's revision knows, oldest first."""
    rows = await visit.rows(KNOWN)
    return [told({name: value.text for name, value in row.items()}) for row in rows]


async def one_of(visit: Visit, contribution_id: str) -> Contribution:
    """One of them; a Problem where there is none."""
    for one in await known(visit):
        if one.id == contribution_id:
            return one
    raise Problem(NOT_FOUND, f"There is no contribution {contribution_id!r}; see /contributions.")


def _document(
    visit: Visit, form: Format, found: Sequence[Contribution], as_json: object
) -> Response:
    if isinstance(form, GraphFormat):
        body = serialize(described(found), form, visit.request.app.state.prefixes)
    else:
        body = json.dumps(as_json, ensure_ascii=False).encode()
    headers = visit.headers(digest(body))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type=form.content_type)
