"""What every answer carries, and the two methods that every address takes.

HEAD is GET without the body (RFC 9110 9.3.2). Reading is open to every origin (CORS), and no
page runs a script of its own text, or loads or asks anything from elsewhere (CSP).
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rskg.endpoint.http.compression import Packed, packing
from rskg.endpoint.http.methods import allowed
from rskg.endpoint.http.representation import RawHeaders

EXPOSED = "ETag, Link, Revision, Memento-Datetime, Retry-After, Content-Location"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
}
PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Datetime, Authorization, Content-Type, If-None-Match"
    ),
    "Access-Control-Max-Age": "86400",
}
SAFETY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


VARY = {"Vary": "Accept-Encoding"}
#: The packed answers that are kept for whoever asks again.
PACKED = Packed()
#: In the scope of a request that takes no body.
BODILESS = "rskg.bodiless"


class Headers:
    """Middleware around the whole app, problems included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS here; let HEAD through as a GET whose body is dropped."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            methods = allowed(scope)
            told = {**PREFLIGHT, "Access-Control-Allow-Methods": methods, "Allow": methods}
            await Response(status_code=204, headers=told)(scope, receive, send)
        elif scope["method"] == "HEAD":
            inner = {**scope, "method": "GET", BODILESS: True}
            await self.app(inner, receive, packing(inner, _bodiless(_dressing(send)), PACKED))
            scope["route"] = inner.get("route")
        else:
            await self.app(scope, receive, packing(scope, _dressing(send), PACKED))


_DRESS = [(name.lower().encode(), value.encode()) for name, value in (VARY | CORS | SAFETY).items()]


def dressed(headers: RawHeaders) -> RawHeaders:
    """The headers of an answer with those that every answer carries."""
    given = dict(headers)
    headers += [pair for pair in _DRESS if pair[0] not in given]
    if (varies := given.get(b"vary")) is not None and b"Encoding" not in varies:
        headers[headers.index((b"vary", varies))] = (b"vary", varies + b", Accept-Encoding")
    return headers


def _dressing(send: Send) -> Send:
    async def dressing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = dressed(message["headers"])
        await send(message)

    return dressing


def _bodiless(send: Send) -> Send:
    async def bodiless(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return bodiless
