"""The graph that a command asks: a revision of a store's folder, what an engine holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rskg.errors import StoreError, UsageError
from rskg.store import Answer, Revisions
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.engines import (
    asked_only,
    connected,
    is_endpoint,
    is_engine,
    require_published,
    require_same,
)
from rskg.store.federation.hosts import Listed
from rskg.store.workers import alone


@dataclass(frozen=True)
class Graph:
    """What answers within a budget, and its name for people: `revision 3`, `build 1f…`."""

    name: str
    answer: Callable[[Ask, Budget], Answer]


@contextmanager
def opened(
    place: str, revision: str | None, prefixes: Mapping[str, str], services: Sequence[str] = ()
) -> Iterator[Graph]:
    """The graph at a folder, or at an engine's or an endpoint's address.

    Raises UsageError for a revision that isn't there or that an engine doesn't have, StoreError
    for an empty store, EndpointFailed for an engine without a graph of ours.
    """
    if is_engine(place):
        if revision or services:
            raise UsageError(
                "--revision and --allow-service are the embedded store's; an engine has one state "
                "of the graph, and lists services itself"
            )
        with connected(place, prefixes) as engine:
            stands = require_published(engine)
            whole = partial(engine.answer, settled=partial(require_same, engine, stands))
            yield Graph(f"build {stands.name}", whole)
        return
    if is_endpoint(place):
        if revision or services:
            raise UsageError(
                f"--revision and --allow-service are of a store's folder; {place} is somebody's "
                "endpoint, which is asked as it is"
            )
        with asked_only(place, prefixes) as engine:
            yield Graph(place, engine.answer)
        return
    revisions = Revisions(Path(place), prefixes)
    number = revisions.find(revision) if revision else revisions.current()
    if number is None:
        raise StoreError(f"the store {place} is empty: run `rskg build` first")
    listed = Listed.of(services)
    yield Graph(
        f"revision {number}",
        lambda ask, budget: alone.answer(revisions, ask, number, budget, listed),
    )
