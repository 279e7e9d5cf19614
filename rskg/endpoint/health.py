"""Whether the server is there and whether it can answer, and the list of its addresses."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rskg.endpoint import checks
from rskg.endpoint.problems import KINDS, NOT_FOUND, Problem

router = APIRouter()


router.add_api_route("/health/live", checks.live, summary="The process runs")
router.add_api_route("/health/ready", checks.ready, summary="A revision is published and answers")


@router.get("/docs", summary="This list of addresses")
async def docs(request: Request) -> Response:
    """The routes in plain HTML; `/openapi.json` has the same for programs."""
    described = request.app.openapi()["paths"]
    routes = [
        (path, sorted(method.upper() for method in methods), next(iter(methods.values())))
        for path, methods in sorted(described.items())
    ]
    page = request.app.state.environment.get_template("docs.html").render(
        request=request, revision=None, routes=routes, kinds=KINDS
    )
    return HTMLResponse(page)


@router.get("/problem/{slug}", summary="What a problem means and what to do")
async def problem(request: Request, slug: str) -> Response:
    """The page that a problem document's `type` opens."""
    kind = next((kind for kind in KINDS if kind.slug == slug), None)
    if kind is None:
        raise Problem(NOT_FOUND, f"There is no kind of problem called {slug}.")
    page = request.app.state.environment.get_template("problem.html").render(
        request=request, revision=None, problem=None, kind=kind
    )
    return HTMLResponse(page)
