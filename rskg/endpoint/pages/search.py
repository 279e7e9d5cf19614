"""Search by name: every label, abbreviation and code, in all languages."""

from __future__ import annotations

import asyncio
import json
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.representation import digest
from rskg.endpoint.languages import language_of
from rskg.endpoint.pages.names import LONGEST, SHORTEST, Catalogue, Found, Names
from rskg.endpoint.pages.visit import TABLE_TYPE, Visit, Visiting
from rskg.endpoint.pages.words import kind_of, local
from rskg.syntax import Literal

router = APIRouter()
SUGGESTIONS = 10


@router.get("/search", summary="Search things and terms by name")
async def search(request: Request, visit: Visiting, q: str = "") -> Response:
    """Up to 100 things whose label contains `q`; exact matches and beginnings first.

    Where there are none, those whose names are alike.
    """
    needle = " ".join(q.split())[:LONGEST]
    found, alike = None, []
    if len(needle) >= SHORTEST:
        found = await visit.table("search", needle=Literal(needle))
        if not len(found):
            alike = await _alike(visit, needle, language_of(request))
    return visit.page("search.html", needle=needle, found=found, alike=alike)


@router.get("/search/suggest", summary="Things whose names are like what is typed")
async def suggest(request: Request, visit: Visiting, q: str = "") -> Response:
    """JSON: up to ten things with label, matching name, kind and address; slips are forgiven."""
    found = await _alike(visit, " ".join(q.split())[:LONGEST], language_of(request))
    told = [
        {
            "iri": each.thing,
            "address": local(each.thing),
            "label": each.label,
            "match": each.match,
            "kind": kind_of(each.thing),
            "family": visit.environment.filters["family"](each.thing),
        }
        for each in found
    ]
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = visit.headers(digest(body)) | {"Vary": "Accept-Language"}
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def _alike(visit: Visit, needle: str, language: str) -> list[Found]:
    names = await _names(visit)
    return await asyncio.to_thread(names.find, needle, language, SUGGESTIONS)


async def _names(visit: Visit) -> Names:
    catalogue: Catalogue = visit.request.app.state.catalogue
    return await catalogue.of(visit.revision, partial(_told, visit))


async def _told(visit: Visit) -> bytes:
    return (await visit.answer(Ask(visit.queries["names"], TABLE_TYPE))).body
