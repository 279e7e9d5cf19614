"""Killed at any moment, or on a full disk: the last revision stays, and what's left goes away.

`make soak` (RSKG_SOAK=full) kills 200 times at random and before every single step on disk;
`make test` does a tenth of both.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rskg.errors import StoreError
from rskg.store import Draft, Revisions, Workbench, restore
from rskg.syntax import Literal, NamedNode, Triple
from tests import writing
from tests.soak import FULL

ROOT = Path(__file__).resolve().parent.parent
#: After so many steps each act is over; of the longer ones `make test` tries fewer.
MOST_STEPS = 400
STRIDES = {"name": 1, "prune": 4, "backup": 40, "restore": 40}


def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.writing", str(root), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def check(root: Path, told: list[str]) -> None:
    """Everything acknowledged is there, every revision is whole, and the next start tidies up."""
    revisions = Revisions(root)
    for line in told:
        kind, _, what = line.partition(" ")
        if kind == "revision":
            assert int(what) in revisions.numbers()
        elif kind == "release":
            assert what in revisions.names()
        elif kind == "pruned":
            assert not {*json.loads(what)} & {*revisions.numbers()}
        else:
            assert Revisions(root.parent / f"backup-{what}").numbers()
    current = revisions.current()
    assert current is not None
    for number in revisions.numbers()[-4:]:
        record = revisions.describe(number)
        assert writing.whole(revisions.open(number), record.note, record.triples), record
    revisions.sweep()
    assert not [path for path in root.rglob(".*")]
    assert revisions.current() == current


def check_copies(root: Path) -> None:
    """A backup is whole or not there; one that was cut short can be made again, tidily."""
    for copy in root.parent.glob("backup-*"):
        copied = Revisions(copy)
        for number in copied.numbers()[-2:]:
            assert copied.open(number).size() == copied.describe(number).triples
        copied.sweep()
        assert not [path for path in copy.rglob(".*")]
    for cut in root.parent.glob(".backup-*"):
        label = cut.name.split(".making-")[0].removeprefix(".backup-")
        writing.back_up(Revisions(root), label)
    assert not [path for path in root.parent.glob(".*")]
    for copy in root.parent.glob("backup-*"):
        shutil.rmtree(copy)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    revisions = Revisions(tmp_path / "store")
    writing.build(revisions, "first")
    for turn in range(3):
        writing.amend(revisions, f"before-{turn}")
    return tmp_path / "store"


@pytest.mark.soak
def test_killed_at_a_random_moment(root: Path) -> None:
    dice = random.Random()
    for turn in range(200 if FULL else 20):
        act = ("build", "amend", "rollback", "backup")[turn % 4]
        with start(root, act) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0, 0.6))
            process.kill()
            told = process.stdout.read().splitlines()
        assert process.returncode == -signal.SIGKILL
        check(root, told)
        check_copies(root)
        Revisions(root).prune(5)


@pytest.mark.soak
@pytest.mark.parametrize("act", list(writing.ACTS))
def test_killed_before_any_step(root: Path, act: str) -> None:
    killed = 0
    for step in range(1, MOST_STEPS, 1 if FULL else STRIDES.get(act, 12)):
        with start(root, act, str(step)) as process:
            assert process.stdout
            told = process.stdout.read().splitlines()[1:]
        check(root, told)
        check_copies(root)
        if told:
            break
        assert process.returncode == -signal.SIGKILL
        killed += 1
    else:
        pytest.fail(f"{act} never came to its end")
    assert killed


def test_a_change_after_a_crash_goes_on_from_what_was_there(root: Path) -> None:
    with start(root, "amend", "20") as process:
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert [path for path in root.rglob(".making-*")], "the crash left something"
    before = Revisions(root).open().size()
    writing.amend(Revisions(root), "after")
    check(root, ["revision 5"])
    assert Revisions(root).open().size() == before + writing.TRIPLES


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A filesystem of 16 MB in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.call(mount, stderr=subprocess.DEVNULL):
        pytest.skip("a small filesystem can't be mounted here: that takes root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def large(label: str) -> list[Triple]:
    """More than the small disk holds."""
    dice = random.Random(label)
    about, said = NamedNode("http://example.org/large"), NamedNode("http://example.org/p")
    texts = (Literal(f"{label} {dice.randbytes(400).hex()}") for _ in range(60_000))
    return [Triple(about, said, text) for text in texts]


def test_a_full_disk_refuses_the_commit_and_nothing_else(small_disk: Path, tmp_path: Path) -> None:
    revisions = Revisions(small_disk / "store")
    writing.build(revisions, "first")
    bench = Workbench()
    bench.add(large("built"))

    def update(draft: Draft) -> None:
        told = " ".join(f"{t.subject} {t.predicate} {t.object} ." for t in large("updated"))
        draft.update(f"INSERT {{ {told} }} WHERE {{ }}")

    with pytest.raises(StoreError, match="No space left on device"):
        revisions.commit(bench, "large")
    with pytest.raises(StoreError, match="No space left on device"):
        revisions.amend(lambda draft: draft.add(large("added")), "large")
    with pytest.raises(StoreError, match="No space left on device"):
        revisions.amend(update, "large")
    assert [revisions.numbers(), list(revisions.root.rglob(".*"))] == [[1], []]
    check(revisions.root, [writing.amend(revisions, "small")])
    elsewhere = Revisions(tmp_path / "elsewhere")
    elsewhere.commit(bench, "large")
    with pytest.raises(StoreError, match="No space left on device"):
        restore(elsewhere.root, Revisions(small_disk / "restored"))
    assert Revisions(small_disk / "restored").numbers() == []
    assert not list((small_disk / "restored").rglob(".*"))


def test_a_file_that_may_not_grow_refuses_the_commit(root: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(StoreError, match="File too large"):
            Revisions(root).amend(lambda draft: draft.add(large("added")), "large")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    check(root, ["revision 4", writing.amend(Revisions(root), "small")])
