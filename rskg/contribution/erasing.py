"""A withdrawn contribution erased from what is kept: its document and the revisions that hold it.

Revisions never change: those that hold it are removed, and the newest one is written anew, since
the engine's files, which revisions share, still hold what was withdrawn. A release stays, and is
told.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rskg.contribution import documents
from rskg.contribution.acts import KEYS
from rskg.contribution.record import Contribution, known
from rskg.errors import UsageError
from rskg.store import Revision, Revisions
from rskg.store.revisions.compaction import rewrite


@dataclass(frozen=True)
class Erased:
    """What was removed, which releases still hold the contribution, and the revision made anew."""

    removed: tuple[int, ...]
    releases: tuple[str, ...]
    read: tuple[int, ...]
    revision: int


def erase(revisions: Revisions, contribution_id: str) -> Erased:
    """Erase a withdrawn contribution from all revisions but releases, and its document.

    `read` are revisions that somebody reads right now: they go when this is done again. Raises
    UsageError for one that is unknown or not withdrawn.
    """
    if revisions.current() is None:
        raise UsageError(f"the store {revisions.root} is empty")
    now = known(revisions.open().select)
    one = now.get(contribution_id)
    if one is None:
        raise UsageError(f"there is no contribution {contribution_id}")
    if one.withdrawn is None:
        raise UsageError(f"{contribution_id} isn't withdrawn: withdraw it first, then erase it")
    number = rewrite(revisions, f"erased {contribution_id}")
    holding = [
        each for each in map(revisions.describe, revisions.numbers()) if each.number < number
    ]
    holding = [each for each in holding if _may_hold(revisions, each, one)]
    releases = [each for each in holding if each.names]
    unnamed = [each.number for each in holding if not each.names]
    removed = revisions.remove(unnamed)
    same = [o for o in now.values() if o.sha256 == one.sha256 and not o.withdrawn]
    if not any(other.dataset == one.dataset for other in same):
        documents.remove(revisions.root, one, shared=bool(same))
    if not same:
        _forget_keys(revisions.root / KEYS, contribution_id)
    return Erased(
        tuple(removed),
        tuple(name for each in releases for name in each.names),
        tuple(each for each in unnamed if each not in removed),
        number,
    )


def _may_hold(revisions: Revisions, each: Revision, one: Contribution) -> bool:
    """True for a revision that knows the contribution, withdrawn or not.

    After a withdrawal its files still hold what they say no more.
    """
    reader = revisions.open(each.number)
    if each.names:
        return one.graph in reader.graph_names()
    return one.id in known(reader.select)


def _forget_keys(folder: Path, contribution_id: str) -> None:
    for path in folder.glob("*.json"):
        with suppress(OSError, ValueError):
            if json.loads(path.read_text(encoding="utf-8"))["id"] == contribution_id:
                path.unlink()
