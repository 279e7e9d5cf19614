"""Revisions held by a process for its readers, each once however many read it."""

from __future__ import annotations

from pathlib import Path
from weakref import WeakValueDictionary

from rskg.errors import UsageError
from rskg.store.locks import HELD, Hold, shared


class Holds:
    """What keeps the revisions under `root` from being removed; the newest asked for stays held."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "revisions"
        self._kept: WeakValueDictionary[int, Hold] = WeakValueDictionary()
        self._newest: tuple[int, Hold | None] = (0, None)

    def of(self, number: int) -> Hold:
        """The hold on a revision, for as long as the caller keeps it; never waits.

        Raises UsageError for a revision that isn't there or is being removed.
        """
        newest, held = self._newest
        if number == newest and held is not None:
            return held
        hold = self._kept.get(number)
        if hold is not None:
            return hold
        try:
            hold = shared(self._folder / str(number) / HELD, wait=False)
        except (FileNotFoundError, BlockingIOError) as error:
            raise UsageError(f"there is no revision {number}") from error
        self._kept[number] = hold
        if number >= self._newest[0]:
            self._newest = number, hold
        return hold
