"""An engine that follows a store: what is accepted here is brought there, commit by commit.

The store is where changes are made and checked; the engine is a copy of its newest revision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from rskg.store.engines import Engine, Standing, publish
from rskg.store.engines.changing import NotTaken, change, settle
from rskg.store.local import Reader
from rskg.store.revisions.history import Revisions
from rskg.store.revisions.since import since

#: Told of each graph that is loaded whole: its name, its triples, and what came of it.
Progress = Callable[[str, int, str], None]


@dataclass(frozen=True)
class Followed:
    """Which revision an engine holds, how many triples had to be moved, and whether all were."""

    revision: int
    moved: int
    whole: bool


def follow(revisions: Revisions, engine: Engine, progress: Progress = lambda *_: None) -> Followed:
    """Have the engine hold the newest revision: by what differs from the one that it holds.

    Where that one isn't known here, or most of it differs, all is loaded. The engine holds one
    revision or the other at any time, and what a crash broke off is ended by the next call.
    Raises EndpointFailed, StoreError.
    """
    revisions.require("built")
    reader = revisions.open()
    newest = revisions.describe(reader.number)
    stands = _settled(engine)
    if stands.whole and stands.source and stands.source == newest.id:
        return Followed(newest.number, 0, whole=False)
    base = _held(revisions, stands) if newest.id else None
    differing = since(revisions, base, reader) if base else None
    if differing is not None:
        triples = reader.size() if newest.triples is None else newest.triples
        name = sha256(f"{stands.name} {newest.id}".encode()).hexdigest()[:16]
        after = stands.next(name, newest.note, triples, newest.id)
        try:
            return Followed(newest.number, change(engine, after, differing), whole=False)
        except NotTaken as error:
            progress("the difference", 0, f"was not taken ({error.reason}); all is loaded")
    done = publish(reader, engine, progress, newest.id)
    return Followed(newest.number, done.loaded, whole=True)


def _settled(engine: Engine) -> Standing:
    """What stands in the engine; nothing that differences begin from, where a change failed."""
    try:
        return settle(engine)
    except NotTaken:
        return Standing()


def _held(revisions: Revisions, stands: Standing) -> Reader | None:
    """The revision of which the engine holds a copy, where it is kept here."""
    if not (stands.whole and stands.source):
        return None
    for number in reversed(revisions.numbers()):
        if revisions.describe(number).id == stands.source:
            return revisions.open(number)
    return None
