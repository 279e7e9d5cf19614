"""The MCP server over HTTP ("streamable HTTP"): each request by itself, no sessions.

It belongs to the site, at `/mcp`: https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import asyncio
import contextlib

from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import State
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from rskg.endpoint.problems import HOST, ORIGIN, PARAMETER, Problem
from rskg.mcp.graph import ServedGraph
from rskg.mcp.server import server
from rskg.mcp.tools import Tools
from rskg.settings import MCP_HOSTS

#: How a browser's page is refused by the SDK.
_REFUSALS = {
    421: (HOST, f"The header Host names none of the hosts in {MCP_HOSTS.variable}."),
    403: (ORIGIN, f"The header Origin names none of the hosts in {MCP_HOSTS.variable}."),
    400: (PARAMETER, "A request is JSON, of Content-Type application/json."),
}


class Web:
    """The server as an ASGI app; `state` is the site's."""

    def __init__(self, state: State) -> None:
        graph = ServedGraph(state.revisions, state.evaluator, state.catalogue)
        made = server(Tools(graph, state.questions, state.checking), state.files)
        self._guard = TransportSecurityMiddleware(guarded(MCP_HOSTS.value().split()))
        made.streamable_http_app(
            stateless_http=True,
            json_response=True,
            transport_security=self._guard.settings,
        )
        self._manager = made.session_manager
        self._ready, self._over = asyncio.Event(), asyncio.Event()
        self._running = asyncio.create_task(self._run())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; raises a Problem for a host or an origin that isn't allowed."""
        refusal = await self._guard.validate_request(Request(scope), is_post=True)
        if refusal is not None:
            kind, detail = _REFUSALS[refusal.status_code]
            raise Problem(kind, detail)
        await self._ready.wait()
        await self._manager.handle_request(scope, receive, send)

    async def stop(self) -> None:
        """End what is still asked."""
        self._over.set()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running

    async def _run(self) -> None:
        async with self._manager.run():
            self._ready.set()
            await self._over.wait()


def guarded(hosts: list[str]) -> TransportSecuritySettings:
    """The Host and Origin headers of these hosts, at any port.

    So a page elsewhere can't have a browser ask a server of this machine (DNS rebinding).
    """
    origins = [f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[each for host in hosts for each in (host, f"{host}:*")],
        allowed_origins=[each for origin in origins for each in (origin, f"{origin}:*")],
    )
