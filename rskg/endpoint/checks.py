"""Whether the server is there, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rskg.endpoint.asking.evaluation import Evaluator

_FRESH = {"Cache-Control": "no-store"}


async def live(request: Request) -> Response:
    """Always 200 while the process can answer at all."""
    return JSONResponse({"status": "live"}, headers=_FRESH)


async def ready(request: Request) -> Response:
    """200 with the revision when a query is answered now; else what keeps it from that."""
    evaluator: Evaluator = request.app.state.evaluator
    revision = await evaluator.require_ready()
    told = {"status": "ready", "revision": revision}
    return JSONResponse(told, headers=_FRESH)


#: What answers at an address, by GET.
CHECKS: dict[str, Callable[[Request], Awaitable[Response]]] = {
    "/health/live": live,
    "/health/ready": ready,
}
