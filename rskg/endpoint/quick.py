"""The app, with two short ways for queries: past routing, and for plain ones past all the rest.

A plain request is a GET whose query string is `query=` alone, for data, unconditional: nothing
but its text and its Accept header decides the answer. It costs a third of what any other does.
What is around both ways stays: the headers of every answer, and a problem for every error.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rskg.endpoint import problems
from rskg.endpoint.evaluation import Ask, Caller, Evaluator
from rskg.endpoint.headers import Headers
from rskg.endpoint.pages import visit_of
from rskg.endpoint.repeats import REPEATABLE
from rskg.endpoint.representation import identity, raw_headers, said
from rskg.endpoint.sparql import sparql
from rskg.endpoint.traffic import asks
from rskg.endpoint.transfer import transferred
from rskg.settings import MAX_REQUEST_BYTES
from rskg.store import Answer
from rskg.store.workers.flow import Flow

METHODS = ("GET", "POST", "QUERY")
#: Longer requests, in bytes, go the other way: what was read of the latest plain ones is kept.
LONGEST_PLAIN = 4_000
#: Request headers with which more than the query decides.
_CONDITIONS = (b"if-none-match", b"if-match", b"accept-datetime", b"range")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    ask = _plain(scope)
    try:
        if ask is not None:
            await _at_once(ask, scope, receive, send)
            return
        request = Request(scope, receive)
        response = await sparql(request, visit_of(request))
    except problems.FORESEEN as error:
        response = await problems.handled(Request(scope, receive), error)
    await response(scope, receive, send)


async def _at_once(ask: Ask, scope: Scope, receive: Receive, send: Send) -> None:
    """The complete answer to a plain request; a large one in pieces."""
    state = scope["app"].state
    evaluator: Evaluator = state.evaluator
    revision = evaluator.current()
    asks(scope, ask.query)
    answer: Answer | Flow | None = evaluator.cache.get(ask, revision)
    if answer is None:

        async def gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        client = scope["client"]
        caller = Caller(client[0] if client else "", None, gone)
        hold = state.holds.of(revision)
        answer = await evaluator.deliver(ask, revision, caller)
        del hold
    elif isinstance(answer, Answer):
        scope[REPEATABLE] = (revision, ask.query)
    if isinstance(answer, Answer):
        headers = raw_headers(answer, ask, revision)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
    else:
        told = said(revision, identity(ask, revision, answer.media_type))
        await transferred(Request(scope, receive), answer, told)(scope, receive, send)


def _plain(scope: Scope) -> Ask | None:
    """What a plain request asks; None for any other request."""
    sent: bytes = scope["query_string"]
    if scope["method"] != "GET" or len(sent) > scope["app"].longest_plain:
        return None
    accept = b""
    for name, value in scope["headers"]:
        if name in _CONDITIONS or (name == b"accept" and accept):
            return None
        if name == b"accept":
            accept = value
    return _read(sent, accept) if len(accept) <= LONGEST_PLAIN else None


@lru_cache(maxsize=1024)
def _read(sent: bytes, accept: bytes) -> Ask | None:
    name, _, value = sent.partition(b"=")
    if name != b"query" or not value or b"&" in value or b"html" in accept.lower():
        return None
    try:
        text = unquote_to_bytes(value.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return None
    return Ask(text, accept.decode("latin-1") or None)


class QuickApp(FastAPI):
    """FastAPI for every address but `/sparql`, whose function is called straight away."""

    _short_way: ASGIApp = ServerErrorMiddleware(Headers(_answer), handler=problems.handled)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.longest_plain = min(LONGEST_PLAIN, int(MAX_REQUEST_BYTES.value()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a SPARQL request, or hand any other to the routes."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif scope["path"] == "/sparql" and scope["method"] in METHODS:
            scope["app"] = self
            await self.state.traffic.observe(self._short_way, scope, receive, send)
        else:
            await self.state.traffic.observe(super().__call__, scope, receive, send)
