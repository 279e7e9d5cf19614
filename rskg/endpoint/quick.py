"""The app, with a short way for queries: past routing and injection, which cost more than one."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rskg.endpoint import problems
from rskg.endpoint.headers import Headers
from rskg.endpoint.pages import visit_of
from rskg.endpoint.problems import Problem
from rskg.endpoint.sparql import sparql
from rskg.errors import RskgError

METHODS = ("GET", "POST", "QUERY")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    try:
        response = await sparql(request, visit_of(request))
    except (Problem, RskgError) as error:
        response = await problems.handled(request, error)
    await response(scope, receive, send)


class QuickApp(FastAPI):
    """FastAPI for every address but `/sparql`, whose function is called straight away.

    What is around it stays: the headers of every answer, and a problem for every error.
    """

    _short_way: ASGIApp = ServerErrorMiddleware(Headers(_answer), handler=problems.handled)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a SPARQL request, or hand any other to the routes."""
        if scope["type"] == "http" and scope["path"] == "/sparql" and scope["method"] in METHODS:
            scope["app"] = self
            await self._short_way(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
