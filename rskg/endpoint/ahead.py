"""The pages that show everything at a glance, asked for once a revision before any reader does.

Their queries take seconds over the whole graph. What they find is kept, by the answers' cache and
the atlas, so that the first reader of a new revision waits no longer than the next one.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterator

from starlette.types import ASGIApp, Message, Scope

from rskg.endpoint.asking.evaluation import Evaluator
from rskg.errors import UsageError
from rskg.settings import AHEAD_SECONDS, duration

LOG = logging.getLogger("rskg.endpoint")
#: How often is looked for a new revision, in seconds.
PULSE = 0.5
OFF = "off"
#: The map first: it takes longest. It is asked without its picture, the search with a word.
PAGES = (
    "/map?picture=no",
    "/",
    "/instruments",
    "/actors",
    "/value-chains",
    "/search/suggest?q=acteur&lang=fr",
    "/?lang=fr",
    "/queries",
    "/datasets",
    "/ontology",
)


def seconds_of_settings() -> float:
    """How long a revision is the newest before it is prepared; raises UsageError."""
    text = AHEAD_SECONDS.value()
    try:
        return math.inf if text == OFF else duration(text)
    except UsageError as error:
        raise UsageError(f"{AHEAD_SECONDS.variable} takes seconds or off, not {text!r}") from error


class Ahead:
    """Asks a site's overviews of each revision that stays the newest for `after` seconds."""

    def __init__(self, evaluator: Evaluator, after: float, *, pulse: float = PULSE) -> None:
        self._evaluator, self._after, self._pulse = evaluator, after, pulse
        #: The last revision that was prepared.
        self.done: int | None = None

    async def run(self, site: ASGIApp, scope: Scope) -> None:
        """Prepare until this task is cancelled; `scope` has what the site's requests share."""
        if self._after == math.inf:
            return
        seen, since = None, 0.0
        clock = asyncio.get_running_loop().time
        while True:
            newest = self._evaluator.published()
            if newest != seen:
                seen, since = newest, clock()
            elif newest is not None and newest != self.done and clock() - since >= self._after:
                await self._prepare(site, scope, newest)
            await asyncio.sleep(self._pulse)

    async def _prepare(self, site: ASGIApp, scope: Scope, revision: int) -> None:
        """One page after the other, so that readers' queries find free workers meanwhile."""
        for address in PAGES:
            if self._evaluator.published() != revision:
                return
            try:
                await _asked(site, scope, address)
            except Exception:  # the reader who asks for this page is told what is wrong with it
                LOG.exception("the page %s can't be prepared", address)
        self.done = revision


async def _asked(site: ASGIApp, shared: Scope, address: str) -> None:
    """A GET of a page, whose answer nobody reads."""
    path, _, query = address.partition("?")
    scope: Scope = {
        **shared,
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html, */*;q=0.1")],
        "client": None,
        "server": ("localhost", 80),
    }
    await site(scope, _nothing_more(), _unread)


def _nothing_more() -> Callable[[], Awaitable[Message]]:
    """What a request without a body receives: its end, and then nothing."""
    told: Iterator[Message] = iter(({"type": "http.request", "body": b"", "more_body": False},))

    async def receive() -> Message:
        for message in told:
            return message
        await asyncio.Event().wait()
        raise AssertionError  # nobody sets that event

    return receive


async def _unread(message: Message) -> None:
    pass
