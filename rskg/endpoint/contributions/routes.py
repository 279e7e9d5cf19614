"""Contributions over HTTP: offered, replaced, listed, looked at and withdrawn.

`POST` adds a document to the dataset of the token, `PUT` has it take the place of all that the
dataset holds, `DELETE /contributions/<id>` withdraws. A document that came before changes nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.contribution.partners import Grant, now
from rskg.contribution.reception import Reception
from rskg.contribution.record import Contribution
from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.contributions import described
from rskg.endpoint.contributions.bearer import grant_of, require_dataset
from rskg.endpoint.contributions.jobs import Jobs, Progress
from rskg.endpoint.contributions.uploads import Upload, received
from rskg.endpoint.http.negotiation import accepted
from rskg.endpoint.problems import (
    KEY_USED,
    NOT_ACCEPTED,
    NOT_FOUND,
    PARAMETER,
    TOO_LARGE,
    TOO_MUCH,
    UNWRITABLE,
    WITHDRAWN,
    WORKER_LOST,
    Kind,
    Problem,
)
from rskg.errors import NotAcceptable
from rskg.syntax import Format, format_named, negotiate

LOG = logging.getLogger("rskg.endpoint")
router = APIRouter()
#: The report within what is told of the contribution.
WITHIN = Format("problem", "application/problem+json", ("application/json",))
#: The report by itself.
REPORTS = (
    Format("turtle", "text/turtle"),
    Format("jsonld", "application/ld+json"),
    Format("csv", "text/csv"),
    Format("html", "text/html"),
    Format("sarif", "application/sarif+json"),
    Format("junit", "application/xml", ("text/xml",)),
    Format("text", "text/plain"),
)
_NAMED = (*REPORTS, Format("json", "application/json"), Format("github", "text/plain"))
_LONGEST_KEY = 255
#: Larger documents, in bytes, are dealt with while their sender goes on.
LARGE = 8_000_000
_KINDS: dict[str, Kind] = {
    "too-large": TOO_LARGE,
    "key-used": KEY_USED,
    "gone": WITHDRAWN,
    "budget": TOO_MUCH,
    "unknown": NOT_FOUND,
    "store": UNWRITABLE,
    "lost": WORKER_LOST,
}


@router.post(
    "/contributions",
    summary="Offer a document to a dataset",
    status_code=201,
    openapi_extra=described.OFFER,
)
async def contribute(request: Request) -> Response:
    """201 when it is in the graph, 422 with the report when it isn't accepted.

    `dry-run` judges and stores nothing; `report=` chooses the report's format. 202 with the
    address of a status for a large one, or where `Prefer: respond-async` asks for it.
    """
    return await _offered(request, replaces=False)


@router.put(
    "/contributions",
    summary="Replace what a dataset holds",
    status_code=201,
    openapi_extra=described.OFFER,
)
async def replace(request: Request) -> Response:
    """The same; all that the dataset held is withdrawn in the same revision."""
    return await _offered(request, replaces=True)


async def _offered(request: Request, *, replaces: bool) -> Response:
    grant = grant_of(request)
    require_dataset(grant, request.query_params.get("dataset", grant.dataset))
    form = report_format(request)
    dry = _is_dry(request)
    key = _key(request)
    upload = await received(request, request.app.state.revisions.root)
    order = _order(grant, upload, form, replaces=replaces, dry=dry, key=key)
    reception: Reception = request.app.state.reception
    evaluator: Evaluator = request.app.state.evaluator

    async def work(progress: Progress) -> Response:
        try:
            done = await reception.order(order, progress)
        finally:
            upload.discard()
        evaluator.published()
        return answer(done, form)

    if upload.size > LARGE or "respond-async" in request.headers.get("prefer", "").lower():
        jobs: Jobs = request.app.state.jobs
        return jobs.begin(request, work)
    return await work(lambda *_: None)


def _order(
    grant: Grant, upload: Upload, form: Format, *, replaces: bool, dry: bool, key: str
) -> dict[str, object]:
    offer = {
        "dataset": grant.dataset,
        "title": grant.title,
        "licence": grant.licence,
        "partner": grant.partner,
        "name": grant.name,
        "path": str(upload.path.absolute()),
        "form": upload.form,
        "packed": upload.packed,
        "received": now(),
        "replaces": replaces,
        "dry": dry,
        "key": key,
    }
    return {"act": "offer", "offer": offer, "report": form.name}


def answer(done: Mapping[str, Any], form: Format) -> Response:
    """What came of an offer, in the format that its sender wants."""
    raise_problem(done)
    state = done["state"]
    if state == "refused":
        return _refusal(done, form)
    headers = {"Cache-Control": "no-store"}
    contribution = Contribution(**done["contribution"])
    if state != "judged":
        headers["Location"] = contribution.path
    if done["revision"] is not None:
        headers["Revision"] = str(done["revision"])
    status = 201 if state == "accepted" else 200
    if form is not WITHIN and "report" in done:
        return Response(done["report"], status, headers, media_type=form.content_type)
    body = {
        **told_of(contribution),
        "state": state,
        "revision": done["revision"],
        "replaced": done["withdrawn"],
        "warnings": done["warnings"],
        "report": json.loads(done["json"]),
    }
    return _json(body, status, headers)


def told_of(one: Contribution) -> dict[str, object]:
    """A contribution as JSON has it."""
    known = {name: value for name, value in asdict(one).items() if value not in (None, "")}
    return {**known, "graph": one.graph, "address": one.path}


def report_format(request: Request) -> Format:
    """The format of the report by `report=` or by Accept; a Problem where it isn't offered."""
    name = request.query_params.get("report", "").strip()
    if name:
        found = format_named(name, _NAMED)
        if found is None:
            known = ", ".join(one.name for one in _NAMED)
            raise Problem(PARAMETER, f"report takes one of {known}.", {"parameter": "report"})
        return found
    accept = accepted(request)
    chosen = negotiate(accept, (WITHIN, *REPORTS))
    if chosen is None:
        raise NotAcceptable(accept or "", [one.media_type for one in (WITHIN, *REPORTS)])
    return chosen


def _refusal(done: Mapping[str, Any], form: Format) -> Response:
    violations = done["violations"]
    detail = f"{violations} violation{'s' if violations != 1 else ''}; the first: {done['first']}"
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if form is not WITHIN:
        return Response(done["report"], 422, headers, media_type=form.content_type)
    problem = Problem(NOT_ACCEPTED, detail, {"report": json.loads(done["json"])})
    body = json.dumps(problem.document("/contributions"), ensure_ascii=False)
    return Response(body, 422, headers, media_type=WITHIN.media_type)


def raise_problem(done: Mapping[str, Any]) -> None:
    """Raise the Problem of what the desk could not do."""
    kind = _KINDS.get(done.get("error", ""))
    if kind is None:
        return
    detail = f"{done.get('detail', '')}."
    extra = {name: done[name] for name in ("budget", "limit", "used") if name in done}
    if kind is WITHDRAWN:
        raise gone(Contribution(**done["contribution"]))
    if kind in (UNWRITABLE, WORKER_LOST):
        LOG.warning("a contribution wasn't dealt with: %s", done.get("detail"))
        raise Problem(kind, detail, extra, {"Retry-After": "5"})
    raise Problem(kind, detail, extra)


def gone(one: Contribution) -> Problem:
    """That a contribution was withdrawn, by whom and when."""
    who = {"withdrawn": one.withdrawn, "withdrawnBy": one.withdrawn_by}
    return Problem(
        WITHDRAWN, f"{one.id} was withdrawn by <{one.withdrawn_by}> at {one.withdrawn}.", who
    )


def _is_dry(request: Request) -> bool:
    value = request.query_params.get("dry-run")
    if value not in (None, "", "true", "false", "1", "0"):
        raise Problem(PARAMETER, "dry-run takes true or false.", {"parameter": "dry-run"})
    return value in ("", "true", "1")


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > _LONGEST_KEY:
        raise Problem(PARAMETER, f"An Idempotency-Key has at most {_LONGEST_KEY} characters.")
    return key


def _json(body: object, status: int, headers: Mapping[str, str]) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, headers, media_type="application/json")
