"""The index of names of a revision: made when it is first asked for, in a thread, and shared."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from rskg.endpoint.asking.admission import Admission
from rskg.endpoint.pages.visit import Visit
from rskg.reconciliation import Candidate, Index, Wanted, match, read
from rskg.store.ask import Ask

#: So many indexes are kept: of the newest revision and of one that somebody asked for.
KEPT = 2
#: So many queries are matched before others have their turn.
AT_A_TIME = 25
TABLES = ("names", "types", "classes", "places")


class Indexes:
    """The indexes of few revisions; to be used in one event loop."""

    def __init__(self) -> None:
        self._made: OrderedDict[int, asyncio.Task[Index]] = OrderedDict()
        self._matching = Admission(1, 40, retry_after=2)

    async def of(self, visit: Visit) -> Index:
        """The index of a visit's revision. Raises what keeps the tables from being read."""
        making = self._made.get(visit.revision)
        if making is None or (making.done() and (making.cancelled() or making.exception())):
            making = self._made[visit.revision] = asyncio.create_task(_made(visit))
        self._made.move_to_end(visit.revision)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return await asyncio.shield(making)

    async def matches(
        self, index: Index, wanted: Sequence[Wanted], client: str
    ) -> list[list[Candidate]]:
        """The candidates of each query; one batch at a time is matched, in a thread.

        Raises Overloaded.
        """
        found: list[list[Candidate]] = []
        for at in range(0, len(wanted), AT_A_TIME):
            async with self._matching.place(client):
                found += await asyncio.to_thread(_matched, index, wanted[at : at + AT_A_TIME])
        return found


def _matched(index: Index, wanted: Sequence[Wanted]) -> list[list[Candidate]]:
    return [match(index, each) for each in wanted]


async def _made(visit: Visit) -> Index:
    # in the name of nobody: who asked first may leave, others wait for the same index
    answers = [
        await visit.evaluator.answer(
            Ask(visit.queries[f"reconciliation-{name}"], "text/csv"), visit.revision
        )
        for name in TABLES
    ]
    return await asyncio.to_thread(read, *(answer.body for answer in answers))
