"""Which state of the graph stands in an engine, as a server of it last saw."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from rskg.errors import RskgError, UsageError
from rskg.store.budget import Budget
from rskg.store.engines import Engine, Standing, require_published, standing
from rskg.store.revisions.history import Mode, Revision

LOG = logging.getLogger("rskg.store")
#: How often the engine is asked, and how long it is waited for, in seconds.
PULSE, PATIENCE = 1.0, 5.0


class Watch:
    """The one state that an engine holds, in the place of a store's revisions.

    `root` is the folder on this machine of what a server keeps beside the graph. Raises
    EndpointFailed where nothing was published, or the engine doesn't answer.
    """

    mode: Mode = "built"
    #: Earlier states aren't kept.
    keeps = False

    def __init__(self, engine: Engine, root: Path) -> None:
        self._engine, self.root = engine, root
        self._seen = require_published(engine)
        self._numbers = [self._seen.number]
        self._told = ""

    def numbers(self) -> list[int]:
        """The number of the state that stands there."""
        return self._numbers

    def current(self) -> int | None:
        """The same."""
        return self._seen.number

    def names(self) -> dict[str, int]:
        """An engine has no releases."""
        return {}

    def describe(self, number: int) -> Revision:
        """What is told of the state; raises UsageError for another number."""
        self.of(number)
        seen = self._seen
        return Revision(seen.number, seen.made, seen.note, seen.triples)

    def of(self, number: int) -> None:
        """Nothing has to be held; raises UsageError for a state that isn't there."""
        if number != self._seen.number:
            raise UsageError(f"{self._engine.name} holds state {self._seen.number}, not {number}")

    async def run(self) -> None:
        """Look from time to time, until this task is cancelled."""
        while True:
            await asyncio.to_thread(self._look)
            await asyncio.sleep(PULSE)

    def _look(self) -> None:
        try:
            self._see(standing(self._engine, Budget(seconds=PATIENCE)))
        except RskgError as error:
            self._tell(f"what stands in the engine can't be seen for now: {error}")

    def _see(self, found: Standing) -> None:
        if not found.whole:
            self._tell("the graph in the engine is being replaced, or isn't there any more")
            return
        self._tell("")
        if found != self._seen:
            LOG.info("the engine holds state %d: %s", found.number, found.note)
            self._seen, self._numbers = found, [found.number]

    def _tell(self, sentence: str) -> None:
        """Log what is wrong, once for as long as it stays the same."""
        if sentence and sentence != self._told:
            LOG.warning("%s", sentence)
        self._told = sentence
