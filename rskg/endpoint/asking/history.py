"""What the endpoint knows of the states of the graph, wherever it is.

The revisions of a store on this machine are one such history, what stands in an engine another.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rskg.store import Mode, Revision, Revisions
from rskg.store.revisions.holds import Holds

#: A folder that changed less than this ago may change again without looking changed.
UNSETTLED_NS = 50_000_000


class History(Protocol):
    """The states of the graph that can be asked, by number."""

    @property
    def mode(self) -> Mode:
        """Built from files, or bare."""
        ...

    @property
    def root(self) -> Path:
        """The folder on this machine of what is kept beside the graph."""
        ...

    @property
    def keeps(self) -> bool:
        """True where earlier states stay, and can be told apart."""
        ...

    def numbers(self) -> Sequence[int]:
        """The states that are there, oldest first; quick, since every request asks for them."""
        ...

    def current(self) -> int | None:
        """The newest, looked for anew."""
        ...

    def names(self) -> dict[str, int]:
        """The releases: each name with the state that it names."""
        ...

    def describe(self, number: int) -> Revision:
        """What is recorded about one; raises UsageError for an unknown number."""
        ...

    def of(self, number: int) -> object:
        """What keeps one there for as long as the caller keeps it; raises UsageError."""
        ...


class Kept:
    """The revisions under a folder, which is read again only when it changed."""

    keeps = True

    def __init__(self, revisions: Revisions) -> None:
        self.mode, self.root = revisions.mode, revisions.root
        self.names, self.describe = revisions.names, revisions.describe
        self.current = revisions.current
        self.of = Holds(revisions.root).of
        self._revisions = revisions
        self._folder = str(revisions.folder)
        self._numbers: Sequence[int] = ()
        self._read_at = 0

    def numbers(self) -> Sequence[int]:
        """The published revisions, oldest first."""
        try:
            changed = os.stat(self._folder).st_mtime_ns
        except FileNotFoundError:
            return ()
        if changed != self._read_at:
            self._numbers = self._revisions.numbers()
            settled = time.time_ns() - changed > UNSETTLED_NS
            self._read_at = changed if settled else 0
        return self._numbers
