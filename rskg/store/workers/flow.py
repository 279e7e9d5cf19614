"""An answer on its way: pieces as the worker makes them, then the end or an error.

The worker is asked to wait while its reader has enough. Whoever reads to the end without an
error has the complete answer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from rskg.errors import RskgError
from rskg.store.answer import Form
from rskg.syntax import Format

#: With so many bytes waiting for the reader the worker has to wait, and with so few no more.
ENOUGH = 1 << 20
FEW = ENOUGH // 4


class Flow:
    """The pieces of one answer, for one reader; `dry` is called when it needs more of them."""

    def __init__(self, form: Form, format_: Format, dry: Callable[[], None]) -> None:
        self.form, self.format = form, format_
        self._dry = dry
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._full = False
        self._over = False
        self._error: RskgError | None = None
        self._news = asyncio.Event()
        self._failure = asyncio.Event()
        #: The reader wants no more.
        self.closed = False

    @property
    def media_type(self) -> str:
        """The media type of the answer."""
        return self.format.media_type

    @property
    def error(self) -> RskgError | None:
        """What broke it; None for an answer that is whole so far."""
        return self._error

    def put(self, piece: bytes) -> bool:
        """Hand over the next piece; False when the reader has enough for now."""
        self._pieces.append(piece)
        self._waiting += len(piece)
        self._news.set()
        self._full = self._waiting >= ENOUGH
        return not self._full

    def end(self, error: RskgError | None = None) -> None:
        """There is no more: the answer is complete, or broken by an error."""
        if not self._over:
            self._over, self._error = True, error
            self._news.set()
            if error is not None:
                self._failure.set()

    def close(self) -> None:
        """Leave the rest of the answer; its worker is ended soon."""
        self.closed = True

    async def piece(self) -> bytes | None:
        """The next piece, None after the last; raises the error as soon as there is one."""
        while self._error is None and not self._pieces and not self._over:
            self._news.clear()
            await self._news.wait()
        if self._error is not None:
            raise self._error
        if not self._pieces:
            return None
        piece = self._pieces.popleft()
        self._waiting -= len(piece)
        if self._full and self._waiting <= FEW:
            self._full = False
            self._dry()
        return piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces to the last one; raises the error."""
        while (piece := await self.piece()) is not None:
            yield piece

    async def broken(self) -> None:
        """Returns when the answer can't be completed any more, even while nobody reads."""
        await self._failure.wait()
