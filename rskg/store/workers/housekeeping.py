"""What a server does for its store beside answering: removes old revisions, brings files together.

Nothing of it happens in the event loop, none of it keeps a reader or a writer waiting for long,
and what fails is logged and tried again later.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from rskg.errors import RskgError, StoreBusy, UsageError
from rskg.settings import KEEP_REVISIONS
from rskg.store.revisions.compaction import scattered as is_scattered
from rskg.store.revisions.history import Revisions
from rskg.store.workers.chore import chore

LOG = logging.getLogger("rskg.store")
#: How often the store is looked at, in seconds.
PULSE = 1.0
#: How long to wait after files could not be brought together, and at most, in seconds.
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 600.0
#: How long another writer is waited for, in seconds.
PATIENCE = 5.0


def keep_of_settings() -> int:
    """How many unnamed revisions the operator keeps; raises UsageError."""
    text = KEEP_REVISIONS.value()
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageError(f"{KEEP_REVISIONS.variable} takes a whole number above 0, not {text!r}")
    return int(text)


class Housekeeper:
    """Keeps the store of a server tidy; `keep` is how many unnamed revisions stay."""

    def __init__(self, revisions: Revisions, keep: int, *, pulse: float = PULSE) -> None:
        self._revisions = Revisions(revisions.root, patience=PATIENCE)
        self._keep = keep
        self._pulse = pulse
        self._compacting: asyncio.Task[None] | None = None
        self._pause = FIRST_PAUSE
        self._not_before = 0.0
        self._told = ""

    async def run(self) -> None:
        """Look after the store until this task is cancelled."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._pulse)
        finally:
            if self._compacting is not None:
                self._compacting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._compacting

    async def _look(self) -> None:
        if self._compacting is not None and not self._compacting.done():
            return  # what is committed meanwhile is needed to catch up with
        try:
            await asyncio.to_thread(self._prune)
            scattered = await asyncio.to_thread(is_scattered, self._revisions)
        except StoreBusy:
            return
        except (RskgError, OSError) as error:
            self._tell(f"old revisions of {self._revisions.root} stay for now: {error}")
            return
        if scattered and time.monotonic() >= self._not_before:
            self._compacting = asyncio.create_task(self._compact())

    def _prune(self) -> None:
        if self._revisions.surplus(self._keep):
            self._revisions.prune(self._keep)

    async def _compact(self) -> None:
        """In a process of its own at low priority; a commit may make it vain."""
        try:
            number = await chore("compact", self._revisions.root)
        except (RskgError, OSError, ValueError) as error:
            number = None
            self._tell(f"the files of {self._revisions.root} stay scattered for now: {error}")
        if number is None:
            self._not_before = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        else:
            self._pause = FIRST_PAUSE

    def _tell(self, sentence: str) -> None:
        """Log what failed, once for as long as it stays the same."""
        if sentence != self._told:
            LOG.warning("%s", sentence)
            self._told = sentence
