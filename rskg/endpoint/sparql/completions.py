"""What an editor of queries may offer: prefixes, classes, properties, and which fits which.

All from the VoID that each build counts (`…/graph/statistics`) and the labels of the terms.
"""

from __future__ import annotations

import json
from collections import defaultdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.http.representation import digest
from rskg.endpoint.languages import language_of
from rskg.endpoint.pages.solutions import Table, number_of, text_of
from rskg.endpoint.pages.visit import Visiting
from rskg.syntax import Literal

router = APIRouter()


@router.get("/completions", summary="Prefixes, classes and properties for editors of queries")
async def completions(request: Request, visit: Visiting) -> Response:
    """JSON: `prefixes`; `classes` and `properties` as [IRI, label, number], the most used first.

    `fits`: by the place of a class, [place, number] of each property that its things have.
    """
    language = Literal(language_of(request))
    classes = await visit.table("completion-classes", language=language)
    properties = await visit.table("completion-properties", language=language)
    body = json.dumps(
        {
            "prefixes": request.app.state.prefixes,
            "classes": _terms(classes),
            "properties": _terms(properties),
            "fits": _fits(classes, properties, await visit.table("completion-fits")),
        },
        ensure_ascii=False,
    ).encode()
    headers = visit.headers(digest(body))
    headers["Vary"] = "Accept-Language"
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _terms(found: Table) -> list[tuple[str, str, int]]:
    return [
        (row["term"].text, text_of(row, "label") or text_of(row, "other"), number_of(row, "number"))
        for row in found
        if "term" in row
    ]


def _fits(classes: Table, properties: Table, found: Table) -> dict[int, list[tuple[int, int]]]:
    class_at = {row["term"].text: place for place, row in enumerate(classes) if "term" in row}
    property_at = {row["term"].text: place for place, row in enumerate(properties) if "term" in row}
    fits: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in found:
        known, used = class_at.get(row["class"].text), property_at.get(row["property"].text)
        if known is not None and used is not None:
            fits[known].append((used, number_of(row, "number")))
    return fits
