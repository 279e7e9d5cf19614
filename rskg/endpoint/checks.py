"""Whether the server is there, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rskg.endpoint.asking.evaluation import Ask, Evaluator

_FRESH = {"Cache-Control": "no-store"}


async def live(request: Request) -> Response:
    """Always 200 while the process can answer at all."""
    return JSONResponse({"status": "live"}, headers=_FRESH)


async def ready(request: Request) -> Response:
    """200 with the revision once a query succeeds; else the 503 of an empty store."""
    state = request.app.state
    evaluator: Evaluator = state.evaluator
    revision = evaluator.current()
    hold = state.holds.of(revision)
    await evaluator.answer(Ask("ASK {}"), revision)
    del hold
    told = {"status": "ready", "revision": revision}
    return JSONResponse(told, headers=_FRESH)


#: What answers at an address, by GET.
CHECKS: dict[str, Callable[[Request], Awaitable[Response]]] = {
    "/health/live": live,
    "/health/ready": ready,
}
