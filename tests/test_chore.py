"""Long work on revisions in a process of its own: what it gives, and how it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rskg.endpoint.history import comparison
from rskg.endpoint.history.comparison import Comparisons
from rskg.errors import BudgetExceeded, Overloaded, StoreError
from rskg.store import Revisions
from rskg.store.workers.chore import chore
from tests.stores import add, litter, small_store


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    made = small_store(tmp_path / "store")
    add(made, "two")
    return made


def test_it_compares_and_compacts(revisions: Revisions) -> None:
    found: Any = asyncio.run(chore("compare", revisions.root, 1, 2))
    assert found["graphs"] == [{"graph": "default", "added": 1, "removed": 0}]
    assert asyncio.run(chore("compact", revisions.root)) == 3
    assert revisions.describe(3).note == "compacted 2"


def test_it_ends_at_its_time(revisions: Revisions) -> None:
    with pytest.raises(BudgetExceeded) as caught:
        asyncio.run(chore("compact", revisions.root, seconds=0.001))
    assert (caught.value.budget, caught.value.limit) == ("time", 0.001)
    revisions.sweep()
    assert (revisions.numbers(), litter(revisions.root)) == ([1, 2], [])


def test_it_ends_with_who_waits(revisions: Revisions) -> None:
    async def leave() -> None:
        task = asyncio.create_task(chore("compact", revisions.root))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(leave())
    assert revisions.numbers() == [1, 2]


def test_what_goes_wrong_is_told(revisions: Revisions) -> None:
    with pytest.raises(StoreError, match="there is no revision 7"):
        asyncio.run(chore("compare", revisions.root, 1, 7))


def test_comparisons_are_kept_and_no_more_wait_than_may(
    revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, ...]] = []
    go = asyncio.Event()

    async def counted(act: str, root: Path, *pair: int, seconds: float) -> object:
        asked.append(pair)
        await go.wait()
        return await chore(act, root, *pair, seconds=seconds)

    monkeypatch.setattr(comparison, "chore", counted)

    async def many() -> None:
        comparisons = Comparisons(revisions, 60)
        waiting = [asyncio.create_task(comparisons.of(1, 2)) for _ in range(8)]
        while not asked:
            await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await comparisons.of(1, 2)
        go.set()
        found = await asyncio.gather(*waiting)
        assert all(each == found[0] for each in found)

    asyncio.run(many())
    assert asked == [(1, 2)]
