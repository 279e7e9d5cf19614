"""What many commits left in many files, brought together in a revision that reads quicker."""

from __future__ import annotations

import shutil
from pathlib import Path

from rskg.errors import UsageError
from rskg.store.draft import Draft
from rskg.store.locks import HELD, shared
from rskg.store.revisions.folders import Copier, Making
from rskg.store.revisions.history import CHANGES, Revisions

#: A store is scattered when it has so many files more than its size needs at so many bytes each.
SCATTERED, TABLE = 100, 32_000_000


def scattered(revisions: Revisions) -> bool:
    """True when many commits have left the newest revision in so many files that it's slow."""
    current = revisions.current()
    return current is not None and _is_scattered(revisions.folder / str(current) / "db")


def compact(revisions: Revisions) -> int | None:
    """Publish the newest revision in few files as the next one; returns its number.

    The work is done without the lock; what was committed meanwhile is done again from its
    journal. None when somebody committed what no journal tells, or the store is empty.
    """
    base = revisions.current()
    if base is None:
        return None
    with revisions.new() as new, shared(revisions.folder / str(base) / HELD):
        Copier().database(revisions.folder / str(base) / "db", new.path / "scattered")
        draft = Draft(new.path / "scattered", base, None)
        draft.compact(new.path / "db")
        if _is_scattered(new.path / "db"):
            shutil.rmtree(new.path / "db")
            draft.write(new.path / "db")
        draft.close()
        shutil.rmtree(new.path / "scattered")
        new.sync()
        with revisions.writing():
            current = revisions.current() or base
            if not _caught_up(revisions, new, base, current):
                return None
            triples = revisions.describe(current).triples
            (new.path / CHANGES).write_text("")
            return revisions.publish(new, f"compacted {current}", triples, current)


def rewrite(revisions: Revisions, note: str) -> int:
    """Publish the newest revision again, in files that hold nothing else; returns its number.

    No file is shared with the revisions before, so that nothing stays of what they said.
    """
    with revisions.writing(), revisions.new() as new:
        base = revisions.current()
        if base is None:
            raise UsageError(f"the store {revisions.root} is empty")
        Copier().database(revisions.folder / str(base) / "db", new.path / "old")
        draft = Draft(new.path / "old", base, None)
        draft.write(new.path / "db")
        draft.close()
        shutil.rmtree(new.path / "old")
        return revisions.publish(new, note, revisions.describe(base).triples, base)


def _caught_up(revisions: Revisions, new: Making, base: int, current: int) -> bool:
    """Do again what was committed after `base`; False when that can't be told."""
    journals: list[str] = []
    for number in range(base + 1, current + 1):
        try:
            follows = revisions.describe(number).base == number - 1
            journals.append((revisions.folder / str(number) / CHANGES).read_bytes().decode())
        except (UsageError, FileNotFoundError):
            return False
        if not follows:
            return False
    if journals:
        draft = Draft(new.path / "db", base, None)
        for journal in journals:
            draft.replay(journal)
        draft.close()
    return True


def _is_scattered(database: Path) -> bool:
    tables = [path.stat().st_size for path in database.glob("*.sst")]
    return len(tables) > SCATTERED + sum(tables) // TABLE
