"""The server's side of the desk: contributions one after the other, as they came."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rskg.check import Limits
from rskg.contribution.partners import FILE as TOKENS
from rskg.errors import Overloaded
from rskg.paths import Files
from rskg.settings import (
    CHECK_MEMORY,
    CONTRIBUTION_BYTES,
    CONTRIBUTION_SECONDS,
    CONTRIBUTION_TRIPLES,
    inherited,
)
from rskg.store.workers.frames import Head, Inbox, frame

#: How many may wait for their turn.
MOST_WAITING = 64
#: How much longer than its budget the desk is waited for: it ends what takes longer by itself.
_GRACE = 60.0
_PIECE = 1 << 16
#: How often is looked whether somebody may contribute, in seconds.
_LOOKS = 1.0
LOST: Head = {
    "error": "lost",
    "detail": "the process that dealt with it ended; send it again, it is never taken twice",
}
Progress = Callable[[str, str], None]


def limits_of_settings() -> Limits:
    """What a contribution may use; raises UsageError."""
    return Limits(
        CONTRIBUTION_SECONDS.number(),
        int(CHECK_MEMORY.number()),
        int(CONTRIBUTION_BYTES.number()),
        int(CONTRIBUTION_TRIPLES.number()),
    )


class Reception:
    """Hands orders to the desk, a process that is started with the first of them."""

    def __init__(self, root: Path, files: Files, limits: Limits) -> None:
        self._root, self._files, self.limits = root, files, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None
        self._inbox = Inbox(0)
        self._turn = asyncio.Lock()
        self._waiting = 0

    def prepare(self) -> None:
        """Start the desk before there is something to do."""
        if self._end is None:
            self._started()

    async def prepare_in_time(self) -> None:
        """Start it as soon as there is a file of tokens: nobody can send anything before."""
        while self._end is None and not (self._root / TOKENS).exists():
            await asyncio.sleep(_LOOKS)
        self.prepare()

    async def order(
        self, order: Mapping[str, object], progress: Progress = lambda *_: None
    ) -> Head:
        """What the desk says came of it; raises Overloaded when too many wait."""
        if self._waiting >= MOST_WAITING:
            raise Overloaded(max(1, round(self.limits.seconds)))
        self._waiting += 1
        try:
            async with self._turn:
                return await self._dealt_with(order, progress)
        except asyncio.CancelledError:
            self.stop()
            raise
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """End the desk, and with it what it is doing."""
        process, self._process = self._process, None
        if self._end is not None:
            self._end.close()
            self._end = None
        if process is not None:
            process.kill()
            process.wait()

    async def _dealt_with(self, order: Mapping[str, object], progress: Progress) -> Head:
        end = self._end or self._started()
        try:
            async with asyncio.timeout(self.limits.seconds + _GRACE):
                await asyncio.get_running_loop().sock_sendall(end, frame(order))
                while True:
                    told = await self._heard(end)
                    if "done" in told:
                        done: Head = told["done"]
                        return done
                    progress(told["step"], told["said"])
        except (OSError, TimeoutError):
            self.stop()
            return LOST

    async def _heard(self, end: socket.socket) -> Head:
        """The next thing that it tells; raises OSError when it ended."""
        piece = b""
        while True:
            for head, _ in self._inbox.feed(piece):
                return head
            piece = await asyncio.get_running_loop().sock_recv(end, _PIECE)
            if not piece:
                raise ConnectionResetError

    def _started(self) -> socket.socket:
        self._inbox = Inbox(0)
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        bounds = self.limits
        with theirs:
            handle = theirs.fileno()
            arguments = (
                *(handle, os.getpid(), self._root, self._files.root),
                *(bounds.seconds, bounds.memory, bounds.document, bounds.triples),
            )
            self._process = subprocess.Popen(  # noqa: S603  (our own module, our own arguments)
                [sys.executable, "-P", "-m", "rskg.contribution.desk", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                pass_fds=[handle],
                start_new_session=True,
                env=inherited(RUST_BACKTRACE="0"),
            )
        self._end = ours
        return ours
