"""What a server does for its store beside answering."""

from __future__ import annotations

import asyncio
import fcntl
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from rskg.errors import UsageError
from rskg.store import Revisions, scattered
from rskg.store.revisions import compaction
from rskg.store.workers import housekeeping
from rskg.store.workers.housekeeping import Housekeeper, keep_of_settings
from tests.stores import add, litter, small_store, values
from tests.writing import content

LIMIT = 120.0


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    return small_store(tmp_path / "store")


def keeping(revisions: Revisions, keep: int, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do some work while a housekeeper looks after the store."""

    async def beside() -> None:
        task = asyncio.create_task(Housekeeper(revisions, keep, pulse=0.02).run())
        try:
            await work()
            assert not task.done(), "it goes on whatever happens"
        finally:
            task.cancel()
            await asyncio.wait([task])

    asyncio.run(beside())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not condition():
            await asyncio.sleep(0.02)


def test_old_revisions_go_but_not_releases_nor_what_is_read(revisions: Revisions) -> None:
    for number in range(2, 7):
        add(revisions, str(number))
    revisions.name(2, "spring")
    reader = revisions.open(3)

    async def work() -> None:
        nonlocal reader
        await until(lambda: revisions.numbers() == [2, 3, 5, 6])
        assert reader.size() == 3
        del reader
        await until(lambda: revisions.numbers() == [2, 5, 6])
        await asyncio.to_thread(add, revisions, "7")
        await until(lambda: revisions.numbers() == [2, 6, 7])

    keeping(revisions, 2, work)
    assert not litter(revisions.root)


def test_scattered_files_are_brought_together(
    revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "SCATTERED", 30)
    turns = 0
    while not scattered(revisions):
        turns += 1
        added = content(str(turns))
        revisions.amend(lambda draft, added=added: draft.add(added), "more")  # type: ignore[misc]
    before = set(revisions.open().quads())
    number = turns + 2

    async def work() -> None:
        await until(lambda: revisions.current() == number)

    keeping(revisions, 20, work)
    assert revisions.describe(number).note == f"compacted {number - 1}"
    assert set(revisions.open().quads()) == before
    assert not scattered(revisions)


def test_nothing_is_removed_that_is_needed_to_catch_up(
    revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def slow(act: str, root: Path) -> object:
        begun.set()
        await done.wait()
        monkeypatch.undo()
        return None

    monkeypatch.setattr(housekeeping, "is_scattered", lambda revisions: True)
    monkeypatch.setattr(housekeeping, "chore", slow)

    async def work() -> None:
        await asyncio.wait_for(begun.wait(), LIMIT)
        for number in range(2, 6):
            await asyncio.to_thread(add, revisions, str(number))
        assert revisions.numbers() == [1, 2, 3, 4, 5]
        done.set()
        await until(lambda: revisions.numbers() == [4, 5])

    keeping(revisions, 2, work)


def test_what_fails_is_logged_and_tried_again(
    revisions: Revisions, caplog: pytest.LogCaptureFixture
) -> None:
    add(revisions, "two")
    add(revisions, "three")
    names = revisions.root / "releases.json"
    names.write_text("{")

    async def work() -> None:
        with caplog.at_level(logging.WARNING, "rskg.store"):
            await until(lambda: bool(caplog.records))
        assert revisions.numbers() == [1, 2, 3]
        names.write_text("{}")
        await until(lambda: revisions.numbers() == [3])

    keeping(revisions, 1, work)
    assert "releases.json can't be read" in caplog.text
    assert len(caplog.records) == 1
    assert values(revisions) == {"one", "two", "three"}


def test_a_writer_is_waited_for_without_a_word(
    revisions: Revisions, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "PATIENCE", 0.02)
    add(revisions, "two")

    async def work() -> None:
        with (revisions.root / "lock").open() as writer:
            fcntl.flock(writer, fcntl.LOCK_EX)
            await asyncio.sleep(0.2)
            assert revisions.numbers() == [1, 2]
        await until(lambda: revisions.numbers() == [2])

    with caplog.at_level(logging.WARNING, "rskg.store"):
        keeping(revisions, 1, work)
    assert not caplog.records


@pytest.mark.parametrize("text", ["0", "-3", "many", "2.5"])
def test_the_setting_takes_a_whole_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSKG_KEEP_REVISIONS", text)
    with pytest.raises(UsageError, match="RSKG_KEEP_REVISIONS takes a whole number"):
        keep_of_settings()
