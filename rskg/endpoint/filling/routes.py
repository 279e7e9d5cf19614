"""Templates over HTTP, and `/contribute`: a form for each class, made from the shapes.

The form makes one row of the class's template. It is checked as any document is, shown as Turtle,
and can be taken away or, with a token that the browser sends, contributed. Nothing is kept here.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.exchange.requests import bytes_of
from rskg.endpoint.filling.form import Form, references
from rskg.endpoint.http.negotiation import wants_page
from rskg.endpoint.languages import language_of
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.problems import NOT_FOUND, PARAMETER, Problem
from rskg.endpoint.validate.checking import Checking
from rskg.endpoint.validate.sent import Sent, Upload
from rskg.errors import UsageError
from rskg.settings import VALIDATE_BYTES
from rskg.templates import Template, Templates, load, said, to_csv, to_workbook

router = APIRouter()
_WRITERS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
#: What a form without a dataset's token names its things by, until it is sent.
DRAFT = "draft"
_SHOWN = {"Cache-Control": "no-store"}


@router.get("/templates", summary="The tables to fill in, one a class")
async def templates(request: Request) -> Response:
    """Each class with its name in words, and where its CSV and its workbook are (JSON).

    Browsers are led to the page that lists them.
    """
    if wants_page(request):
        return RedirectResponse("/contribute", 303, {"Vary": "Accept"})
    known = await _known(request)
    listed = [
        {
            "class": name,
            "iri": iri,
            "label": said(known.of(iri).labels),
            "csv": f"/templates/{name}.csv",
            "xlsx": f"/templates/{name}.xlsx",
        }
        for name, iri in known.classes.items()
    ]
    return Response(json.dumps({"templates": listed}), media_type="application/json")


@router.get("/templates/{file}", summary="A table to fill in: CSV or XLSX")
async def template(request: Request, file: str) -> Response:
    """The template of a class by its name, `Site.csv`, `Site.xlsx`; headings by `lang=`."""
    name, _, ending = file.rpartition(".")
    if ending not in _WRITERS:
        raise Problem(NOT_FOUND, f"A template is {name or file}.csv or {name or file}.xlsx.")
    one = _template(await _known(request), name)
    writer, media_type = _WRITERS[ending]
    body = await asyncio.to_thread(writer, one, language_of(request))
    return Response(body, headers=_away(f"{one.name}.{ending}"), media_type=media_type)


@router.get("/contribute", summary="Contribute without writing RDF: the page", name="forms")
async def page(request: Request, visit: Visiting) -> Response:
    """The classes with their templates; `class=` has a form for one of them."""
    known = await _known(request)
    name = request.query_params.get("class", "").strip()
    if not name:
        listed = [known.of(iri) for iri in known.classes.values()]
        return visit.page("contribute.html", form=None, templates=listed)
    form = Form(known, _template(known, name), language_of(request))
    return visit.page("contribute.html", form=form, report=None)


@router.post("/contribute", summary="What was filled in, checked and as Turtle")
async def filled(request: Request, visit: Visiting) -> Response:
    """The form with what is wrong at its fields and what it says; `as=csv`, `as=ttl` give files."""
    known = await _known(request)
    body = await bytes_of(request, VALIDATE_BYTES)
    fields: Mapping[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(body.decode("utf-8", "replace"), max_num_fields=2000):
        fields[name].append(value.strip())
    kind = "".join(fields["class"][:1])
    form = Form(known, _template(known, kind), language_of(request), fields)
    wanted = "".join(fields["as"][:1])
    if wanted == "csv":
        return Response(form.csv, headers=_away(f"{form.name}.csv"), media_type="text/csv")
    if wanted == "ttl" and (turtle := await asyncio.to_thread(form.turtle)):
        return Response(turtle, headers=_away(f"{form.name}.ttl"), media_type="text/turtle")
    report = await _report(request, form)
    form.told(report["results"], await _described(visit, references(report["results"])))
    said_as = await asyncio.to_thread(form.turtle)
    answer = visit.page("contribute.html", form=form, report=report, turtle=said_as.decode())
    answer.headers.update(_SHOWN)
    return answer


async def _report(request: Request, form: Form) -> dict[str, Any]:
    checking: Checking = request.app.state.checking
    client = request.client.host if request.client else ""
    async with checking.taken(client):
        sent = Sent([Upload(f"{DRAFT}.csv", form.csv)])
        found: dict[str, Any] = json.loads(await checking.report(sent, "json", client))
    return found


async def _described(visit: Visit, things: list[str]) -> set[str]:
    """Those of the things that the graph says something of."""
    if not things:
        return set()
    values = " ".join(f"<{thing}>" for thing in things)
    rows = await visit.rows(
        f"SELECT DISTINCT ?thing {{ VALUES ?thing {{ {values} }} ?thing a ?class }}"
    )
    return {row["thing"].text for row in rows}


async def _known(request: Request) -> Templates:
    """The templates, made when somebody first asks."""
    state = request.app.state
    if not hasattr(state, "templates"):
        state.templates = asyncio.create_task(asyncio.to_thread(load, state.files))
    made: Templates = await asyncio.shield(state.templates)
    return made


def _template(known: Templates, name: str) -> Template:
    if not name:
        raise Problem(PARAMETER, "Say which class.", {"parameter": "class"})
    try:
        return known.template(name)
    except UsageError as error:
        raise Problem(NOT_FOUND, f"{error}; see /templates.") from error


def _away(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
