"""Routes that are there and refuse: each says why, instead of being nothing at all."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.problems import Refusal


def of(router: APIRouter, refusal: Refusal) -> APIRouter:
    """The routes of a router, each of which refuses."""

    async def refuse(request: Request) -> Response:
        raise refusal.problem()

    made = APIRouter()
    for route in router.routes:
        if isinstance(route, APIRoute):
            made.add_api_route(
                route.path,
                refuse,
                methods=sorted(route.methods or ()),
                name=route.name,
                summary=route.summary,
                include_in_schema=route.include_in_schema,
            )
    return made
