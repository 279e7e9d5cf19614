"""A store copied whole to another folder, and back."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from rskg.errors import StoreError, UsageError
from rskg.store import Revisions, backup, restore
from tests import writing


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    made = Revisions(tmp_path / "store", patience=0.2)
    made.begin("bare")
    for turn in range(3):
        writing.amend(made, str(turn))
    made.name(2, "second")
    (made.root / "contributions").mkdir()
    (made.root / "contributions" / "one.ttl").write_text("# as sent\n")
    return made


def same(one: Revisions, other: Revisions) -> bool:
    told = [[each.describe(number) for number in each.numbers()] for each in (one, other)]
    held = [[set(each.open(number).quads()) for number in each.numbers()] for each in (one, other)]
    beside = [(each.root / "contributions" / "one.ttl").read_text() for each in (one, other)]
    return told[0] == told[1] and held[0] == held[1] and beside[0] == beside[1]


def test_a_backup_brings_everything_back(revisions: Revisions, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "monday"
    assert backup(revisions, copy) == [1, 2, 3]
    assert not (copy / "lock").exists()
    restored = Revisions(tmp_path / "restored")
    assert restore(copy, restored) == [1, 2, 3]
    assert same(revisions, restored)
    assert (restored.mode, restored.names()) == ("bare", {"second": 2})
    writing.amend(restored, "after")
    assert restored.current() == 4
    assert not [path for path in tmp_path.rglob(".*")]


def test_on_another_filesystem_shared_data_is_copied_once(
    revisions: Revisions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Path.hardlink_to

    def across(self: Path, target: Path) -> None:
        if Path(target).is_relative_to(revisions.root):
            raise OSError(18, "Invalid cross-device link")
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", across)
    backup(revisions, tmp_path / "copy")
    monkeypatch.undo()
    tables = list((tmp_path / "copy").rglob("*.sst"))
    originals = {path.stat().st_ino for path in revisions.root.rglob("*.sst")}
    copies = {path.stat().st_ino for path in tables}
    assert len(copies) == len(originals) < len(tables)
    assert not copies & originals
    restore(tmp_path / "copy", Revisions(tmp_path / "restored"))
    assert same(revisions, Revisions(tmp_path / "restored"))


def test_commits_and_prunings_during_a_backup_do_not_change_it(
    revisions: Revisions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, done = os.fsync, []

    def meanwhile(handle: int) -> None:
        if not done:
            done.append(True)
            writing.amend(revisions, "meanwhile")
            assert revisions.prune(1) == [], "a backup holds what it copies"
        real(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    assert backup(revisions, tmp_path / "copy") == [1, 2, 3]
    assert Revisions(tmp_path / "copy").numbers() == [1, 2, 3]
    assert revisions.prune(1) == [1, 3]


def test_a_store_with_revisions_is_never_overwritten(revisions: Revisions, tmp_path: Path) -> None:
    backup(revisions, tmp_path / "copy")
    writing.amend(revisions, "later")
    with pytest.raises(UsageError, match=r"holds revisions: choose an empty one with --store"):
        restore(tmp_path / "copy", revisions)
    assert revisions.current() == 4


def test_what_is_no_backup_or_a_broken_one_is_refused(revisions: Revisions, tmp_path: Path) -> None:
    empty = Revisions(tmp_path / "restored")
    with pytest.raises(UsageError, match="no backup in"):
        restore(tmp_path / "nowhere", empty)
    backup(revisions, tmp_path / "copy")
    for table in (tmp_path / "copy" / "revisions" / "2" / "db").glob("*.sst"):
        table.unlink()
    with pytest.raises(StoreError, match="revision 2 can't be opened"):
        restore(tmp_path / "copy", empty)
    assert empty.current() is None


def test_where_a_backup_may_go(revisions: Revisions, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="inside the store"):
        backup(revisions, revisions.root / "copy")
    with pytest.raises(UsageError, match="not empty"):
        backup(revisions, tmp_path)
    with pytest.raises(UsageError, match="nothing to back up"):
        backup(Revisions(tmp_path / "empty"), tmp_path / "copy")
    (tmp_path / "copy").mkdir()
    assert backup(revisions, tmp_path / "copy") == [1, 2, 3]
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't write the backup"):
        backup(revisions, tmp_path / "file" / "copy")


def test_something_in_the_way_of_a_restore_is_told(revisions: Revisions, tmp_path: Path) -> None:
    backup(revisions, tmp_path / "copy")
    (tmp_path / "restored" / "contributions").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"contributions is in the way"):
        restore(tmp_path / "copy", Revisions(tmp_path / "restored"))
    (tmp_path / "restored" / "contributions").rmdir()
    assert restore(tmp_path / "copy", Revisions(tmp_path / "restored")) == [1, 2, 3]


def test_a_backup_waits_for_a_writer(revisions: Revisions, tmp_path: Path) -> None:
    with (revisions.root / "lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another process writes"):
            backup(revisions, tmp_path / "copy")
    assert not list(tmp_path.glob(".*"))
