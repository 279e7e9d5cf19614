"""Which revisions have a name, which are pruned, and that nobody prunes what somebody reads."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rskg.errors import UsageError
from rskg.store import Revisions
from tests.stores import add, litter, small_store, values


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    return small_store(tmp_path / "store")


def test_a_release_has_a_name_that_never_moves(revisions: Revisions) -> None:
    add(revisions, "two")
    revisions.name(1, "2026.1")
    revisions.name(1, "2026.1")
    revisions.name(1, "first")
    assert revisions.names() == {"2026.1": 1, "first": 1}
    assert revisions.describe(1).names == ("2026.1", "first")
    assert (revisions.find("2026.1"), revisions.find("2")) == (1, 2)
    with pytest.raises(UsageError, match="names revision 1"):
        revisions.name(2, "first")
    with pytest.raises(UsageError, match="no revision 7"):
        revisions.name(7, "seventh")
    with pytest.raises(UsageError, match="no release second"):
        revisions.find("second")


@pytest.mark.parametrize("label", ["2026", "", "a/b", "-x", "diff", "latest", "é", "a b", "x" * 65])
def test_a_name_that_an_address_can_not_hold_is_refused(revisions: Revisions, label: str) -> None:
    with pytest.raises(UsageError, match="can't name a release"):
        revisions.name(1, label)


def test_pruning_keeps_the_newest_the_named_and_the_read(revisions: Revisions) -> None:
    for number in range(2, 9):
        add(revisions, str(number))
    revisions.name(2, "kept")
    reader = revisions.open(4)
    assert revisions.prune(2) == [1, 3, 5, 6]
    assert revisions.numbers() == [2, 4, 7, 8]
    assert reader.size() == 4
    with pytest.raises(UsageError, match=r"revision 5 of .* was removed"):
        revisions.open(5)
    del reader
    assert revisions.prune(1) == [4, 7]
    assert revisions.prune(0) == []
    assert values(revisions, 2) == {"one", "2"}
    assert not litter(revisions.root)
    assert add(revisions, "more") == 9


def test_a_named_newest_revision_does_not_count_as_unnamed(revisions: Revisions) -> None:
    add(revisions, "two")
    add(revisions, "three")
    revisions.name(3, "newest")
    assert revisions.prune(1) == [1]


def test_a_revision_read_by_another_process_stays(revisions: Revisions) -> None:
    add(revisions, "two")
    code = (
        "import sys; from pathlib import Path; from rskg.store import Revisions\n"
        "reader = Revisions(Path(sys.argv[1])).open(1)\n"
        "print('open', flush=True); sys.stdin.read(); print(reader.size())"
    )
    command = [sys.executable, "-c", code, str(revisions.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        assert revisions.prune(1) == []
        assert other.communicate(timeout=30)[0] == b"1\n"
    assert revisions.prune(1) == [1]


def test_readers_and_prunings_side_by_side_never_meet(revisions: Revisions) -> None:
    ended = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not ended.is_set():
            reader = revisions.open()
            if reader.size() != revisions.describe(reader.number).triples:
                wrong.append(f"revision {reader.number}")

    thread = threading.Thread(target=read)
    thread.start()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        add(revisions, str(time.monotonic()))
        revisions.prune(1)
    ended.set()
    thread.join()
    assert not wrong
