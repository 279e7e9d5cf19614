"""The front: what it takes to answer queries, and to say so. The site is loaded behind it.

The site is FastAPI with the pages and everything else; loading it takes longer than starting all
that answers queries. It is loaded soon after the start, or as soon as somebody asks for it.
"""

from __future__ import annotations

import asyncio
import gc
from asyncio import Protocol
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any, cast

from starlette.datastructures import State
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from rskg.endpoint import checks, problems
from rskg.endpoint.ahead import Ahead, seconds_of_settings
from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.http.access_log import AccessLog
from rskg.endpoint.http.headers import Headers
from rskg.endpoint.http.traffic import Traffic
from rskg.endpoint.plain import quick
from rskg.endpoint.plain.connection import Connection
from rskg.endpoint.plain.desk import Desk
from rskg.endpoint.serving import Serving, of_store
from rskg.ontology import prefixes as prefixes_of
from rskg.paths import Files
from rskg.settings import MAX_REQUEST_BYTES, REQUEST_SECONDS
from rskg.store import Revisions
from rskg.store.workers.federated import supervising
from rskg.store.workers.supervisor import Supervisor

SITE = "rskg.endpoint.app"
#: When the site is loaded if nobody asks for it before, in seconds after the start.
LATER = 0.5


class Front:
    """The endpoint as an ASGI app; `state` is what its parts share, the site's among them."""

    def __init__(self, state: State, files: Files) -> None:
        self.state = state
        self._files = files
        self._quick = quick.Plain(state, int(MAX_REQUEST_BYTES.value()))
        #: The longest query string of a plain request, in bytes.
        self.longest_plain = self._quick.longest
        self._answers = ServerErrorMiddleware(Headers(self._answer), handler=problems.handled)
        self._life = Router(lifespan=self._lifespan)
        self._loading: asyncio.Task[ASGIApp] | None = None
        #: What goes on beside the site once it is there.
        self._awaiting: list[asyncio.Task[None]] = []
        #: What the site couldn't be loaded for, and whom to tell of it.
        self.failure: BaseException | None = None
        self.failed: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain query or a check of health, or hand the request to the site."""
        scope["app"] = self
        if scope["type"] == "lifespan":
            await self._life(scope, receive, send)
        else:
            await self.state.traffic.observe(self._routed, scope, receive, send)

    async def site(self) -> ASGIApp:
        """The site, as soon as it is loaded; raises what keeps it from that."""
        return await asyncio.shield(self._begun())

    async def _routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and (
            (scope["path"] == "/sparql" and self._quick.reads(scope))
            or scope["path"] in checks.CHECKS
        ):
            await self._answers(scope, receive, send)
        else:
            await (await self.site())(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            if scope["path"] in checks.CHECKS:
                response = await checks.CHECKS[scope["path"]](request)
            else:
                await self._quick(scope, receive, send)
                return
        except problems.FORESEEN as error:
            await self.site()  # which has the page for those who want one
            response = await problems.handled(request, error)
        await response(scope, receive, send)

    def _begun(self) -> asyncio.Task[ASGIApp]:
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
            self._loading.add_done_callback(self._loaded)
        return self._loading

    def _load(self) -> ASGIApp:
        # on demand, and in a thread: see the head of this module
        site: ASGIApp = import_module(SITE).create_site(self.state, self._files)
        return site

    def _loaded(self, loading: asyncio.Task[ASGIApp]) -> None:
        gc.freeze()  # what was loaded stays: nobody need look for garbage in it
        self.failure = None if loading.cancelled() else loading.exception()
        if self.failure is not None:
            self.failed()
        elif not loading.cancelled():
            beside = [self.state.reception.prepare_in_time()]
            if self.state.mode == "built":
                beside.append(self.state.ahead.run(loading.result(), {"app": self}))
            self._awaiting = [asyncio.create_task(each) for each in beside]

    @asynccontextmanager
    async def _lifespan(self, _: Any) -> AsyncIterator[None]:
        state = self.state
        state.evaluator.start()
        keeping = asyncio.create_task(state.housekeeper.run())
        soon = asyncio.get_running_loop().call_later(LATER, self._begun)
        try:
            yield
        finally:
            soon.cancel()
            keeping.cancel()
            await asyncio.wait([keeping])
            for end in state.ends:
                end()
            for awaiting in self._awaiting:
                awaiting.cancel()
            if hasattr(state, "reception"):  # which the site has, once it is loaded
                await state.machines.stop()
                state.jobs.stop()
                state.reception.stop()
            state.evaluator.stop()
            state.traffic.close()


def create_app(
    revisions: Revisions,
    files: Files,
    supervisor: Supervisor | None = None,
    *,
    log: AccessLog | None = None,
) -> Front:
    """The endpoint over a store's revisions and the files that name its questions and terms.

    Requests are logged where there is a `log`. The workers of the supervisor start and end with
    the server that runs this app (ASGI's lifespan).
    """
    prefixes = prefixes_of(files.ontology)
    supervisor = supervisor or supervising(revisions, prefixes)
    return front(of_store(revisions, supervisor, prefixes), files, log=log)


def front(serving: Serving, files: Files, *, log: AccessLog | None = None) -> Front:
    """The endpoint over what is served; see `create_app`."""
    state = State()
    state.mode = serving.history.mode
    state.traffic = Traffic(log)
    state.revisions = serving.history
    state.housekeeper = serving.keeper
    state.closed = serving.closed
    state.ends = serving.ends
    state.evaluator = Evaluator(serving.history, serving.answerer)
    state.ahead = Ahead(state.evaluator, seconds_of_settings())
    for name, part in serving.parts.items():
        setattr(state, name, part)
    return Front(state, files)


def connection(app: Front) -> type[Protocol]:
    """What makes the connections of a server that runs this app."""
    desk = Desk(app.state, app.longest_plain, REQUEST_SECONDS.number())
    return cast("type[Protocol]", partial(Connection, desk))
