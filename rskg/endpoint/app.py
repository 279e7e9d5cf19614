"""The HTTP face as one ASGI app: which route is whose, and what every answer carries."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio import Protocol
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from types import FrameType
from typing import cast

import uvicorn
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint import (
    datasets,
    emptiness,
    graph_store,
    graphs,
    health,
    home,
    metrics,
    pages,
    problems,
    queries,
    resources,
    search,
    shapes,
    sparql,
    terms,
)
from rskg.endpoint.access_log import AccessLog, log_of_settings
from rskg.endpoint.comparison import Comparisons
from rskg.endpoint.connection import Connection
from rskg.endpoint.evaluation import Evaluator
from rskg.endpoint.headers import Headers
from rskg.endpoint.quick import QuickApp
from rskg.endpoint.repeats import Repeats
from rskg.endpoint.revisions import router as revision_routes
from rskg.endpoint.traffic import Traffic
from rskg.errors import AddressTaken
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.query import load_all
from rskg.settings import MAX_WRITE_BYTES
from rskg.store import Revisions
from rskg.store.budget import budget_of_settings
from rskg.store.federation.hosts import NOBODY, Listed
from rskg.store.revisions.holds import Holds
from rskg.store.workers.federated import federating
from rskg.store.workers.housekeeping import Housekeeper, keep_of_settings
from rskg.store.writes.writer import Writer

ROUTERS = (
    home.router,
    health.router,
    metrics.router,
    revision_routes,
    sparql.router,
    emptiness.router,
    queries.router,
    datasets.router,
    terms.router,
    shapes.router,
    graph_store.router,
    graphs.router,
    search.router,
    resources.router,  # last: it takes every other path
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="8" cy="9" r="6" '
    'fill="#0072B2"/><circle cx="20" cy="9" r="6" fill="#007A5A"/><circle cx="14" cy="20" r="6" '
    'fill="#C24E00"/></svg>'
)
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def create_app(
    revisions: Revisions,
    files: Files,
    *,
    workers: int | None = None,
    services: Listed = NOBODY,
    log: AccessLog | None = None,
) -> FastAPI:
    """The endpoint over a store's revisions and the files that name its questions and terms.

    Queries may ask the listed services by SERVICE. Requests are logged where there is a `log`.

    Its workers start and end with the server that runs it (ASGI's lifespan).
    """
    ontology = load_ontology(files.ontology)
    budget = budget_of_settings()
    mode = revisions.mode
    prefixes = ontology.prefixes if mode == "built" else {}
    supervisor = federating(services, revisions.root, prefixes, budget=budget, lanes=workers)
    app = QuickApp(
        title="rskg",
        summary="The open knowledge graph of responsible sourcing of minerals",
        version=version("rskg"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
        lifespan=_lifespan,
    )
    state = app.state
    state.traffic = Traffic(log)
    state.revisions = revisions
    state.holds = Holds(revisions.root)
    state.housekeeper = Housekeeper(revisions, keep_of_settings())
    state.comparisons = Comparisons(revisions, budget.seconds)
    state.mode = mode
    state.evaluator = Evaluator(revisions, supervisor)
    state.writer = Writer(revisions.root, prefixes, budget, int(MAX_WRITE_BYTES.value()))
    state.environment = pages.environment(terms.families(ontology))
    state.page_queries = pages.page_queries()
    state.questions = load_all(files.queries)
    state.relations = load_all(pages.HERE / "relations")
    state.modules = terms.modules(ontology)
    state.prefixes = ontology.prefixes
    problems.install(app)
    app.add_middleware(Headers)
    app.add_api_route("/style.css", _style, include_in_schema=False)
    app.add_api_route("/icon.svg", _icon, include_in_schema=False)
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    evaluator: Evaluator = app.state.evaluator
    housekeeper: Housekeeper = app.state.housekeeper
    evaluator.start()
    keeping = asyncio.create_task(housekeeper.run())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        app.state.writer.stop()
        evaluator.stop()
        app.state.traffic.close()


def serve(
    revisions: Revisions,
    files: Files,
    *,
    host: str,
    port: int,
    workers: int | None = None,
    services: Listed = NOBODY,
) -> None:
    """Serve in the foreground until SIGTERM or SIGINT; raises AddressTaken for a taken port."""
    with _listening(host, port) as listener:
        app = create_app(
            revisions, files, workers=workers, services=services, log=log_of_settings()
        )
        config = uvicorn.Config(
            app,
            http=connection(app),
            ws="none",
            log_level="info",
            server_header=False,
            access_log=False,
        )
        print(f"rskg serves {revisions.root} on http://{host}:{port}/", file=sys.stderr)  # noqa: T201
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        uvicorn.Server(config).run(sockets=[listener])


def connection(app: FastAPI) -> type[Protocol]:
    """What makes the connections of a server that runs this app."""
    repeats = Repeats(app.state.evaluator, app.state.traffic)
    return cast("type[Protocol]", partial(Connection, repeats))


def _leave(number: int, frame: FrameType | None) -> None:
    """What uvicorn hands the signal on to once it has shut down: a stop that was asked for."""
    raise SystemExit(0)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise AddressTaken(
            f"can't listen on {host} port {port} ({error.strerror}): choose another with --port"
        ) from error


async def _style(request: Request) -> Response:
    return Response(pages.style(), headers=FOR_EVER, media_type="text/css")


async def _icon(request: Request) -> Response:
    return Response(ICON, headers=FOR_EVER, media_type="image/svg+xml")


def _operation(route: APIRoute) -> str:
    return route.name
