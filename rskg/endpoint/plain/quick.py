"""The short way for plain queries, past all that other requests need.

A plain request is a GET whose query string is `query=` alone, for data, unconditional: nothing
but its text and its Accept header decides the answer. It costs a third of what any other does.
"""

from __future__ import annotations

import asyncio
import re
from binascii import a2b_qp
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.datastructures import State
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from rskg.endpoint.asking.evaluation import Ask, Caller, Evaluator
from rskg.endpoint.exchange.transfer import transferred
from rskg.endpoint.http.representation import identity, raw_headers, said
from rskg.endpoint.http.traffic import asks, began
from rskg.endpoint.plain.repeats import REPEATABLE
from rskg.store import Answer
from rskg.store.workers.flow import Flow

#: In the scope of a plain request: what it asks.
ASK = "rskg.ask"
#: In the scope of one that is answered already: what is given.
GIVEN = "rskg.given"
#: Longer requests, in bytes, go the other way: what was read of the latest plain ones is kept.
LONGEST_PLAIN = 4_000
#: A value whose every percent sign begins an escape, on one line.
_ESCAPED = re.compile(rb"[!-$&-~ ]*(?:%[0-9A-Fa-f]{2}[!-$&-~ ]*)*")
#: Request headers with which more than the query decides.
_CONDITIONS = (b"if-none-match", b"if-match", b"accept-datetime", b"range")


def may_name_graph(query: str) -> bool:
    """False for most queries, at the cost of a look: they name no graph of ours."""
    return "/graph/" in query or "graph:" in query


class Given(NamedTuple):
    """The answer to a plain request, the revision that it is of, and when the request began."""

    revision: int
    future: asyncio.Future[Answer | Flow]
    begun: float


class Plain:
    """Answers plain requests; `state` is the endpoint's."""

    def __init__(self, state: State, largest: int) -> None:
        self._state = state
        #: The longest query string that is looked at, in bytes.
        self.longest = min(LONGEST_PLAIN, largest)

    def reads(self, scope: Scope) -> bool:
        """True for a plain request; what it asks is then in its scope."""
        sent: bytes = scope["query_string"]
        if len(sent) > self.longest:
            return False
        accept = b""
        for name, value in scope["headers"]:
            if name in _CONDITIONS or (name == b"accept" and accept):
                return False
            if name == b"accept":
                accept = value
        ask = read(sent, accept) if len(accept) <= LONGEST_PLAIN else None
        scope[ASK] = ask
        return ask is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the complete answer to a plain request; a large one in pieces."""
        ask: Ask = scope[ASK]
        asks(scope, ask.query)
        given: Given | None = scope.get(GIVEN)
        if given is not None:
            began(scope, given.begun)
            revision, answer = given.revision, await given.future
        else:
            revision, answer = await self._found(ask, scope, receive)
        if isinstance(answer, Answer):
            headers = raw_headers(answer, ask, revision)
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": answer.body})
        else:
            told = said(revision, identity(ask, revision, answer.media_type))
            await transferred(Request(scope, receive), answer, told)(scope, receive, send)

    async def _found(self, ask: Ask, scope: Scope, receive: Receive) -> tuple[int, Answer | Flow]:
        """The answer from memory or from a worker, and the revision that it is of."""
        evaluator: Evaluator = self._state.evaluator
        revision = evaluator.current()
        kept = evaluator.cache.get(ask, revision)
        if kept is not None:
            scope[REPEATABLE] = (revision, ask.query)
            return revision, kept

        async def gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        client = scope["client"]
        caller = Caller(client[0] if client else "", None, gone)
        hold = self._state.revisions.of(revision)
        answer = await evaluator.deliver(ask, revision, caller)
        del hold
        return revision, answer


@lru_cache(maxsize=1024)
def read(sent: bytes, accept: bytes) -> Ask | None:
    """What a query string and an Accept header ask, when they are plain."""
    name, _, value = sent.partition(b"=")
    if name != b"query" or not value or b"&" in value or b"html" in accept.lower():
        return None
    try:
        text = unescaped(value).decode()
    except UnicodeDecodeError:
        return None
    if may_name_graph(text):
        return None  # its answer tells under which licences it is
    return Ask(text, accept.decode("latin-1") or None)


def unescaped(value: bytes) -> bytes:
    """A value of a query string as the bytes that it stands for.

    Quoted-printable (RFC 2045 6.7) writes bytes in the same two digits behind another sign, and is
    read by C: a tenth of the time. What isn't an escape there is left to what knows it.
    """
    value = value.replace(b"+", b" ")
    if _ESCAPED.fullmatch(value):
        return a2b_qp(value.replace(b"=", b"%3D").replace(b"%", b"="))
    return unquote_to_bytes(value)
