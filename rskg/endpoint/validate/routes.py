"""`/validate`: the check of `rskg validate` for a document that is sent; nothing of it is kept.

It runs in a process of its own, without network, that ends at its budget or with whoever asked.
A report is an answer, whether the document conforms or not; what can't be checked is a problem.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from rskg.endpoint.http.headers import SAFETY
from rskg.endpoint.http.negotiation import accepted, wants_page
from rskg.endpoint.problems import PARAMETER, TOO_SLOW, Problem, problem_of
from rskg.endpoint.validate.checking import FAIL_ON, Checking
from rskg.endpoint.validate.described import DESCRIPTION
from rskg.endpoint.validate.sent import Sent, Upload, sent
from rskg.errors import NotAcceptable
from rskg.report import FORMATS
from rskg.report.html import STYLE
from rskg.settings import RECEIVE_SECONDS, VALIDATE_BYTES
from rskg.syntax import Format, negotiate

router = APIRouter()
#: The reports by their media types; `github` is asked for by name alone.
REPORTS = (
    Format("json", "application/json"),
    Format("turtle", "text/turtle"),
    Format("jsonld", "application/ld+json"),
    Format("sarif", "application/sarif+json"),
    Format("junit", "application/xml", ("text/xml",)),
    Format("csv", "text/csv"),
    Format("text", "text/plain"),
    Format("html", "text/html", ("application/xhtml+xml",)),
)
GITHUB = Format("github", "text/plain")
PAGE = "page"
#: What a sender has to keep up with, in bytes a second.
SLOWEST = 100_000
#: So many results and lines of text are shown on the page.
MOST_SHOWN, MOST_LINES, AROUND = 500, 1000, 2
_FRESH = {"Cache-Control": "no-store", "Vary": "Accept"}


@router.get("/validate", summary="Check a document: the page")
async def page(request: Request) -> Response:
    """A form to check a document by the shapes."""
    return _page(request, Sent())


@router.post("/validate", summary="Check a document by the shapes", openapi_extra=DESCRIPTION)
async def validate(request: Request) -> Response:
    """The report on a document, by all our shapes, some of them or yours.

    As a form or as the body; `report=` or Accept says how. Nothing is kept.
    """
    checking: Checking = request.app.state.checking
    async with checking.taken(_client(request)):
        asked = Sent()
        try:
            asked = await _received(request)
            form = _form(request, asked)
            body = await _while_waited_for(request, _checked(request, asked, form))
        except Problem as problem:
            if asked.by_form and asked.report in ("", PAGE) and wants_page(request):
                return _page(request, asked, problem=problem)
            raise
    if form.name == PAGE:
        return _page(request, asked, json.loads(body))
    headers = dict(_FRESH)
    if form.name == "html":
        headers["Content-Security-Policy"] = _policy()
    return Response(body, headers=headers, media_type=form.content_type)


async def _checked(request: Request, asked: Sent, form: Format) -> bytes:
    checking: Checking = request.app.state.checking
    name = "json" if form.name == PAGE else form.name
    return await checking.report(asked, name, _client(request))


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


async def _received(request: Request) -> Sent:
    """What is sent, by who keeps up with the slowest pace that is waited for."""
    length = request.headers.get("content-length", "")
    size = VALIDATE_BYTES.number()
    if length.isdigit():
        size = min(size, float(length))
    try:
        async with asyncio.timeout(RECEIVE_SECONDS.number() + size / SLOWEST):
            return await sent(request)
    except TimeoutError as error:
        raise Problem(
            TOO_SLOW, "The request came too slowly.", headers={"Connection": "close"}
        ) from error


async def _while_waited_for(request: Request, work: Coroutine[None, None, bytes]) -> bytes:
    """What the work gives; it ends, and ClientDisconnect is raised, when the client goes away."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        leaving.cancel()
        working.cancel()
        await asyncio.wait((working,))


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _form(request: Request, asked: Sent) -> Format:
    """The report that was asked for, by name or Accept; a page for people with a browser."""
    if asked.report == PAGE or (not asked.report and wants_page(request)):
        return Format(PAGE, "text/html")
    if asked.report:
        for form in (*REPORTS, GITHUB):
            if form.name == asked.report:
                return form
        raise Problem(
            PARAMETER, f"There is no report {asked.report!r}.", {"offered": list(FORMATS)}
        )
    form_by_accept = negotiate(accepted(request), REPORTS)
    if form_by_accept is None:
        offered = [form.media_type for form in REPORTS]
        raise problem_of(NotAcceptable(accepted(request) or "", offered))
    return form_by_accept


def _policy() -> str:
    """The usual policy, with the style that the report carries in itself, by its hash."""
    mark = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
    usual = SAFETY["Content-Security-Policy"]
    return usual.replace("style-src 'self'", f"style-src 'sha256-{mark}'")


@dataclass(frozen=True)
class Line:
    """A line of the text on the page: its number, and whether something is wrong with it."""

    number: int
    text: str
    wrong: bool
    #: Lines before it were left out.
    gap: bool


def _page(
    request: Request,
    asked: Sent,
    report: Mapping[str, Any] | None = None,
    problem: Problem | None = None,
) -> Response:
    state = request.app.state
    results = report["results"] if report else []
    text = _typed(asked)
    wrong = {_key(place) for one in results if (place := one["place"])}
    if problem and "line" in problem.extra:
        wrong = {(str(problem.extra.get("file", "")), int(str(problem.extra["line"])))}
    body = state.environment.get_template("validate.html").render(
        request=request,
        revision=state.evaluator.published(),
        names=state.checking.names,
        reports=[*FORMATS],
        asked=asked,
        typed=text,
        report=report,
        results=results[:MOST_SHOWN],
        files=[(one.name, _lines(one, wrong)) for one in asked.documents],
        problem=problem,
        thresholds=FAIL_ON,
    )
    status = problem.kind.status if problem else 200
    return HTMLResponse(body, status, {**_FRESH, **(problem.headers if problem else {})})


def _key(place: Mapping[str, Any]) -> tuple[str, int]:
    return str(place["path"]), int(place["line"])


def _typed(asked: Sent) -> str:
    """What stands in the form's text: the document that was typed, or a small text file."""
    if len(asked.documents) != 1 or len(asked.documents[0].content) > 200_000:
        return ""
    try:
        return asked.documents[0].content.decode()
    except UnicodeDecodeError:
        return ""


def _lines(one: Upload, wrong: set[tuple[str, int]]) -> list[Line]:
    """The lines to show of a document: those at fault and some around; all of a short one."""
    marked = sorted(number for name, number in wrong if name in (one.name, ""))
    try:
        texts = one.content.decode().split("\n")
    except UnicodeDecodeError:
        return []
    short = len(texts) <= MOST_LINES // 10
    near = {n + d for n in marked[:MOST_LINES] for d in range(-AROUND, AROUND + 1)}
    shown = range(1, len(texts) + 1) if short and marked else sorted(near)
    found: list[Line] = []
    for number in shown:
        if 1 <= number <= len(texts) and len(found) < MOST_LINES:
            gap = number > (found[-1].number if found else 0) + 1
            found.append(Line(number, texts[number - 1][:1000], number in marked, gap))
    return found
