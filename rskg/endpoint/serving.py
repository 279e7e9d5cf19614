"""What a server serves: a store on this machine here, the graph in an engine in `on_engine`.

The two differ in who answers, in which states of the graph there are, in what looks after them and
in what they take; the rest of the endpoint knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rskg.endpoint.asking.history import History, Kept
from rskg.endpoint.history.comparison import Comparisons
from rskg.endpoint.problems import NO_WRITES, Refusal
from rskg.settings import MAX_WRITE_BYTES
from rskg.store import Revisions
from rskg.store.workers.answerer import Answerer
from rskg.store.workers.housekeeping import Housekeeper, keep_of_settings
from rskg.store.writes.writer import Writer

_BARE = Refusal(NO_WRITES, "This store is bare: it takes graphs, and no contributions.")


class Keeper(Protocol):
    """Looks after what is served, beside answering."""

    async def run(self) -> None:
        """Until this task is cancelled."""
        ...


@dataclass(frozen=True)
class Serving:
    """Where the graph is (`name`, for people), its states, who answers and who looks after it.

    `parts` are what the state of the endpoint holds for it alone, `ends` end what it started;
    `closed` is why no contributions are taken, None where they are.
    """

    name: str
    history: History
    answerer: Answerer
    keeper: Keeper
    closed: Refusal | None
    parts: Mapping[str, object] = field(default_factory=dict)
    ends: tuple[Callable[[], None], ...] = ()


def of_store(revisions: Revisions, supervisor: Answerer, prefixes: Mapping[str, str]) -> Serving:
    """The revisions under a folder; the prefixes are known to updates of a built store."""
    built, budget = revisions.mode == "built", supervisor.budget
    known = prefixes if built else {}
    writer = Writer(revisions.root, known, budget, int(MAX_WRITE_BYTES.value()))
    return Serving(
        str(revisions.root),
        Kept(revisions),
        supervisor,
        Housekeeper(revisions, keep_of_settings()),
        None if built else _BARE,
        {"writer": writer, "comparisons": Comparisons(revisions, budget.seconds)},
        (writer.stop,),
    )
