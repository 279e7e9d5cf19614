"""How an answer goes out: whole, under its length, or in chunks that break off with it.

Its status is sent when the answer is complete, or larger than is held until then. What fails
after that leaves the body without its last chunk (RFC 9112 8), which every client reports.
HTTP/1.0 has no chunks: there nothing goes out in pieces.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rskg.endpoint.http.headers import BODILESS
from rskg.endpoint.problems import OLD_HTTP, Problem
from rskg.store import Answer
from rskg.store.workers.flow import Flow

LOG = logging.getLogger("rskg.endpoint")


def transferred(request: Request, answer: Answer | Flow, headers: Mapping[str, str]) -> Response:
    """The response that carries an answer, whole or in pieces.

    Raises Problem (505) when it would have to go in pieces over HTTP/1.0.
    """
    if isinstance(answer, Answer):
        return Response(answer.body, 200, headers, media_type=answer.format.content_type)
    if request.scope["http_version"] == "1.0":
        answer.close()
        raise Problem(OLD_HTTP, "The answer is too large to be sent whole, as HTTP/1.0 needs it.")
    return Transfer(answer, headers)


class Transfer(Response):
    """A response in pieces; it doesn't end when the answer doesn't."""

    def __init__(self, flow: Flow, headers: Mapping[str, str]) -> None:
        super().__init__(None, 200, headers, media_type=flow.format.content_type)
        del self.headers["content-length"]
        self._start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        self._flow = flow
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces as they come, until all are sent, none can come or nobody reads.

        Returning before the last one has the server break the connection. What fails before the
        first one is raised: its status can still tell.
        """
        if BODILESS in scope:
            self._flow.close()
            await send(self._start)
            await send({"type": "http.response.body", "body": b"", "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            return
        tasks = [
            asyncio.ensure_future(work)
            for work in (self._sent(send), self._flow.broken(), _left(receive))
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._flow.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._flow.error is not None:
            if not self._begun:
                raise self._flow.error
            LOG.warning("an answer broke off while it was sent: %s", self._flow.error)

    async def _sent(self, send: Send) -> None:
        async for piece in self._flow:
            await self._begin(send)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await self._begin(send)
        await send({"type": "http.response.body", "body": b""})

    async def _begin(self, send: Send) -> None:
        if not self._begun:
            self._begun = True
            await send(self._start)


async def _left(receive: Receive) -> None:
    """Returns when the client closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
