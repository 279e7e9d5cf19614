"""The site: which route is whose, with the pages' templates and the texts of the questions."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rskg.contribution.partners import Partners
from rskg.contribution.reception import Reception, limits_of_settings
from rskg.endpoint import health, machines, metrics, openapi, problems, refusals
from rskg.endpoint.atlas import routes as atlas
from rskg.endpoint.catalogue import datasets, graphs, linksets
from rskg.endpoint.chains import routes as value_chains
from rskg.endpoint.contributions import contributed, jobs
from rskg.endpoint.contributions import routes as contributions
from rskg.endpoint.contributions.bearer import Failures
from rskg.endpoint.filling import routes as filling
from rskg.endpoint.history import feed, revisions
from rskg.endpoint.history import things as histories
from rskg.endpoint.http.headers import Headers
from rskg.endpoint.overviews import actors, instruments
from rskg.endpoint.pages import assets, home, search
from rskg.endpoint.pages import visit as pages
from rskg.endpoint.pages.kept import Pages
from rskg.endpoint.pages.names import Catalogue
from rskg.endpoint.questions import evidence, queries, why
from rskg.endpoint.reconcile import routes as reconcile
from rskg.endpoint.reconcile.indexes import Indexes
from rskg.endpoint.sparql import completions, emptiness, graph_store
from rskg.endpoint.sparql import protocol as sparql
from rskg.endpoint.things import neighbours, resources
from rskg.endpoint.validate import routes as validate
from rskg.endpoint.validate.checking import Checking
from rskg.endpoint.vocabulary import modules, ontology, shapes
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.query import load_all
from rskg.store.budget import budget_of_settings

ROUTERS = (
    home.router,
    assets.router,
    health.router,
    metrics.router,
    revisions.among,
    revisions.router,
    feed.router,
    sparql.router,
    completions.router,
    emptiness.router,
    queries.router,
    evidence.router,
    why.router,
    atlas.router,
    value_chains.router,
    datasets.router,
    ontology.router,
    shapes.router,
    contributions.router,
    jobs.router,
    contributed.router,
    filling.router,
    graph_store.router,
    graphs.router,
    linksets.router,
    search.router,
    instruments.router,
    actors.router,
    reconcile.router,
    validate.router,
    machines.router,
    neighbours.router,
    histories.router,
    resources.router,  # last: it takes every other path
)
#: Those that take earlier states of the graph.
ABOUT_HISTORY = (revisions.among, histories.router)
NO_HISTORY = problems.Refusal(
    problems.EMBEDDED_ONLY,
    "This server asks an engine, which holds one state of the graph: earlier ones, and what came "
    "and went between two, are kept by a server of the embedded store.",
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="8" cy="9" r="6" '
    'fill="#0072B2"/><circle cx="20" cy="9" r="6" fill="#007A5A"/><circle cx="14" cy="20" r="6" '
    'fill="#C24E00"/></svg>'
)
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
#: By these, `/sparql` is asked and not looked at.
METHODS = ("GET", "POST", "QUERY")


class Site(FastAPI):
    """FastAPI for every address but `/sparql`, whose function is called straight away."""

    def openapi(self) -> dict[str, Any]:
        """The routes, and each question with its own parameters."""
        if not self.openapi_schema:
            described = super().openapi()
            described["paths"] |= openapi.paths(self.state.questions, self.state.lists)
            openapi.tell_problems(described)
        return self.openapi_schema or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a SPARQL request, or hand any other to the routes."""
        if scope["type"] == "http" and scope["path"] == "/sparql" and scope["method"] in METHODS:
            scope["app"] = self
            await _short_way(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_site(state: State, files: Files) -> FastAPI:
    """The site, which shares this state; raises InputError for a file that can't be read."""
    known = load_ontology(files.ontology)
    site = Site(
        title="rskg",
        summary="The open knowledge graph of responsible sourcing of minerals",
        version=version("rskg"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    site.state = state
    state.partners = Partners(state.revisions.root)
    state.failures = Failures()
    state.jobs = jobs.Jobs()
    state.machines = machines.Machines(state)
    state.reception = Reception(state.revisions.root, files, limits_of_settings())
    state.budget = budget_of_settings()
    state.catalogue = Catalogue()
    state.labels = {}
    state.pages = Pages()
    state.bundle = assets.Bundle()
    state.environment = pages.environment(ontology.families(known), state.bundle)
    state.environment.globals["keeps"] = state.revisions.keeps
    state.page_queries = pages.page_queries()
    state.questions = load_all(files.queries)
    state.lists = openapi.code_lists(known.triples)
    state.relations = load_all(pages.HERE / "relations")
    state.modules = modules.declared(known)
    state.prefixes = known.prefixes
    state.checking = Checking(files)
    state.files = files
    state.indexes = Indexes()
    state.atlas = atlas.Atlas()
    for kind in (*problems.FORESEEN, HTTPException, Exception):
        site.add_exception_handler(kind, problems.handled)
    site.add_exception_handler(RequestValidationError, _invalid)
    site.add_middleware(Headers)
    site.add_api_route("/style.css", _style, include_in_schema=False)
    site.add_api_route("/icon.svg", _icon, include_in_schema=False)
    for router in ROUTERS:
        lacking = router in ABOUT_HISTORY and not state.revisions.keeps
        site.include_router(refusals.of(router, NO_HISTORY) if lacking else router)
    return site


async def _sparql(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    try:
        response = await sparql.sparql(request, pages.visit_of(request))
    except problems.FORESEEN as error:
        response = await problems.handled(request, error)
    await response(scope, receive, send)


_short_way: ASGIApp = ServerErrorMiddleware(Headers(_sparql), handler=problems.handled)


async def _invalid(request: Request, error: Any) -> Response:
    """The answer to a request whose parameters aren't what a route takes."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:]) or "request"
    told = f"{name}: {first['msg']}"
    return problems.answer(request, problems.Problem(problems.PARAMETER, told, {"parameter": name}))


async def _style(request: Request) -> Response:
    return Response(pages.style(), headers=FOR_EVER, media_type="text/css")


async def _icon(request: Request) -> Response:
    return Response(ICON, headers=FOR_EVER, media_type="image/svg+xml")


def _operation(route: APIRoute) -> str:
    return route.name
