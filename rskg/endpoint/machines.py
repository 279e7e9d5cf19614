"""`/mcp`: the graph for machines that reason. Its room, and the SDK, are loaded when first asked.

A plain install has no SDK: then it says what to install.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import ModuleType
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rskg.endpoint.problems import METHOD, NOT_INSTALLED, Problem

router = APIRouter()
WEB = "rskg.mcp.web"


class Machines:
    """The MCP server of a site, once somebody has asked it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._web: Any = None
        self._alone = asyncio.Lock()

    async def web(self) -> ASGIApp:
        """The server as an ASGI app; raises a Problem where the SDK isn't installed."""
        async with self._alone:
            if self._web is None:
                self._web = (await asyncio.to_thread(_loaded)).Web(self._state)
            app: ASGIApp = self._web
            return app

    async def stop(self) -> None:
        """End what is still asked."""
        if self._web is not None:
            await self._web.stop()


@router.api_route("/mcp", methods=["GET", "POST", "DELETE"], include_in_schema=False)
async def mcp(request: Request) -> Response:
    """A message of the Model Context Protocol, by POST; there are no sessions and no streams."""
    machines: Machines = request.app.state.machines
    web = await machines.web()
    if request.method != "POST":
        told = "Send messages of the Model Context Protocol by POST; see docs/mcp.md."
        raise Problem(METHOD, told, headers={"Allow": "POST"})
    return _Handed(web)


class _Handed(Response):
    """A response that another app gives."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def _loaded() -> ModuleType:
    try:
        return import_module(WEB)
    except ModuleNotFoundError as error:
        raise Problem(
            NOT_INSTALLED,
            f"{error.name} isn't installed: pip install 'rskg[mcp]' brings what /mcp needs.",
        ) from error
