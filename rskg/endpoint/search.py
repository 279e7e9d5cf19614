"""Search by name: every label, abbreviation and code, in all languages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from rskg.endpoint.pages import Visiting
from rskg.syntax import Literal

router = APIRouter()
SHORTEST, LONGEST = 2, 200


@router.get("/search", summary="Search things and terms by name")
async def search(visit: Visiting, q: str = "") -> Response:
    """Up to 100 things whose label contains `q`; exact matches and beginnings first."""
    needle = " ".join(q.split())[:LONGEST]
    found = None
    if len(needle) >= SHORTEST:
        found = await visit.table("search", needle=Literal(needle))
    return visit.page("search.html", needle=needle, found=found)
