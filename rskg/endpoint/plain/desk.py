"""Plain queries answered at the connection: no task, no scope, no layer between bytes and worker.

Most requests of a client differ in their address alone. When the whole way has taken a request as
a plain one, what follows its address is known: the next one that ends in the same bytes is read
without being parsed. What is no answer that goes out whole takes the whole way all the same.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import State

from rskg.endpoint.asking.evaluation import Ask, Evaluator
from rskg.endpoint.http.compression import SMALLEST, chosen
from rskg.endpoint.http.headers import dressed
from rskg.endpoint.http.representation import FIXED, RawHeaders, own_headers
from rskg.endpoint.http.traffic import Traffic
from rskg.endpoint.plain.quick import read
from rskg.endpoint.plain.repeats import Repeats
from rskg.errors import RskgError
from rskg.store import Answer
from rskg.store.workers.flow import Flow

_START = b"GET /sparql?"
#: What an address may hold for its bytes to mean the same to every reader (RFC 3986 3.4).
_PLAIN = re.compile(rb"[A-Za-z0-9._~!$'()*+,;=:@/?%-]+")
#: Headers with which a request is more than its head, or another one to each reader.
_MORE = frozenset(
    (b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"te")
)
#: How many endings are known.
MOST = 1024


@dataclass(frozen=True, slots=True)
class Ending:
    """What follows the address of a request says: what is accepted, how packed, who asks."""

    accept: bytes
    coding: str
    must: bool
    client: str


@dataclass(slots=True)
class Request:
    """A plain request on its way: its bytes, what it asks, and since when."""

    sent: bytes
    ask: Ask
    ending: Ending
    revision: int
    hold: object
    begun: float
    future: asyncio.Future[Answer | Flow] | None = None


class Desk:
    """Where the connections of a server have their plain requests answered.

    `longest` bounds the query strings that it reads, `patience` how long any request may take to
    arrive.
    """

    def __init__(self, state: State, longest: int, patience: float) -> None:
        self.patience = patience
        self._state = state
        self._evaluator: Evaluator = state.evaluator
        self._traffic: Traffic = state.traffic
        self._longest = longest
        self._endings: OrderedDict[tuple[str, bytes], Ending] = OrderedDict()
        self._headers: list[tuple[bytes, bytes]] = []
        self._first = b""
        self.repeats = Repeats(state.evaluator, state.traffic)

    def learn(self, peer: str, sent: bytes, ask: Ask, scope_headers: RawHeaders, who: str) -> None:
        """Remember the ending of a whole request that was answered as a plain one."""
        key = peer, sent[sent.find(b" ", len(_START)) :]
        if key in self._endings or not sent.startswith(_START):
            return
        if any(name in _MORE for name, _ in scope_headers):
            return
        taken = b",".join(value for name, value in scope_headers if name == b"accept-encoding")
        coding, must = chosen(taken.decode("latin-1")) if taken else ("", False)
        accept = (ask.accept or "").encode("latin-1")
        self._endings[key] = Ending(accept, coding, must, who)
        if len(self._endings) > MOST:
            self._endings.popitem(last=False)

    def read(self, peer: str, sent: bytes) -> Request | None:
        """A plain request whose ending is known; None for any other, and for one that fails."""
        end = sent.find(b" ", len(_START))
        ending = self._endings.get((peer, sent[end:]))
        if ending is None or not sent.startswith(_START) or end - len(_START) > self._longest:
            return None
        asked = sent[len(_START) : end]
        ask = read(asked, ending.accept) if _PLAIN.fullmatch(asked) else None
        if ask is None:
            return None
        begun = time.perf_counter()
        try:
            revision = self._evaluator.current()
            return Request(sent, ask, ending, revision, self._state.revisions.of(revision), begun)
        except RskgError:
            return None

    def answer(self, request: Request) -> Answer | asyncio.Future[Answer | Flow] | None:
        """The answer from memory, or the one to come; None for what takes the whole way."""
        try:
            kept = self._evaluator.cache.get(request.ask, request.revision)
            if kept is not None:
                return kept
            return self._evaluator.hand_in(request.ask, request.revision, request.ending.client)
        except RskgError:
            return None

    def whole(self, request: Request, future: asyncio.Future[Answer | Flow]) -> Answer | None:
        """The answer that came, if it goes out whole and as it is; it is kept then."""
        if future.cancelled() or future.exception() is not None:
            return None
        answer = future.result()
        if not isinstance(answer, Answer):
            return None
        self._evaluator.cache.keep(request.ask, request.revision, answer)
        return answer

    def packs(self, request: Request, answer: Answer) -> bool:
        """True for an answer that its client takes packed."""
        ending, size = request.ending, len(answer.body)
        return bool(ending.coding) and (size >= SMALLEST or (ending.must and size > 0))

    def head(self, request: Request, answer: Answer, defaults: list[tuple[bytes, bytes]]) -> bytes:
        """The head of an answer, `defaults` first, as the whole way would write it."""
        if defaults is not self._headers:
            self._headers = defaults
            self._first = b"HTTP/1.1 200 OK\r\n" + lines(defaults)
        told = own_headers(answer, request.ask, request.revision)
        return b"%b%b%b\r\n" % (self._first, lines(told), _LAST)

    def sent(self, request: Request, answer: Answer) -> None:
        """An answer was sent."""
        size, revision, query = len(answer.body), request.revision, request.ask.query
        self._traffic.answered(request.begun, size, revision, query, request.ending.client)


def lines(headers: RawHeaders) -> bytes:
    """Headers as they are written."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


#: What follows the headers of its own in the head of every answer.
_LAST = lines(dressed(list(FIXED)))
