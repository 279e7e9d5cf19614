"""Revisions: copied, changed, published; named, rolled back, pruned; one writer at a time."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rskg.errors import InputError, QuerySyntaxError, StoreError, UsageError
from rskg.store import Draft, Revisions, Workbench
from rskg.syntax import GRAPH_FORMATS, Literal, NamedNode, Triple, format_named
from tests.writing import TRIPLES, content

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")
GRAPH = "http://example.org/graph"
ROOT = Path(__file__).resolve().parent.parent


def said(*values: str) -> list[Triple]:
    return [Triple(A, P, Literal(value)) for value in values]


def add(revisions: Revisions, *values: str) -> int:
    return revisions.amend(lambda draft: draft.add(said(*values)), " ".join(values))


def values(revisions: Revisions, number: int | None = None) -> set[str]:
    rows = revisions.open(number).select("SELECT ?o { ?s ?p ?o }")
    return {getattr(row["o"], "value", "") for row in rows}


def litter(root: Path) -> list[str]:
    return [str(path) for path in root.rglob(".*")]


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    made = Revisions(tmp_path / "store", patience=5)
    bench = Workbench()
    bench.add(said("one"))
    bench.add(said("one"), GRAPH)
    made.commit(bench, "first")
    return made


def test_a_change_makes_a_revision_and_leaves_the_last_one_alone(revisions: Revisions) -> None:
    assert add(revisions, "two") == 2
    assert (values(revisions, 1), values(revisions)) == ({"one"}, {"one", "two"})
    told = revisions.describe(2)
    assert (told.note, told.triples, told.base) == ("two", 2, 1)
    assert revisions.describe(1).base is None
    assert not litter(revisions.root)


def test_the_data_files_are_linked_and_the_locks_and_logs_left_out(revisions: Revisions) -> None:
    revisions.rollback(1)
    first, copy = (revisions.folder / number / "db" for number in "12")
    names = {path.name for path in copy.iterdir()}
    assert not [name for name in names if name == "LOCK" or name.startswith("LOG")]
    assert len([name for name in names if name.startswith("OPTIONS")]) == 1
    tables = [path for path in copy.iterdir() if path.suffix == ".sst"]
    assert tables
    assert all(path.samefile(first / path.name) for path in tables)
    assert not (copy / "CURRENT").samefile(first / "CURRENT")


def test_every_one_of_many_revisions_stays_readable(revisions: Revisions) -> None:
    for number in range(2, 42):
        add(revisions, str(number))
    for number in revisions.numbers():
        assert values(revisions, number) == {"one", *map(str, range(2, number + 1))}


def test_an_empty_store_can_be_changed_too(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    assert add(revisions, "one") == 1
    assert revisions.describe(1).triples == 1


def test_a_draft_counts_what_it_can(revisions: Revisions) -> None:
    seen: list[int | None] = []

    def change(draft: Draft) -> None:
        draft.add(said("one", "two", "two", "three"))
        draft.add(said("elsewhere"), GRAPH)
        seen.append(draft.triples)
        draft.remove(said("three", "never"))
        seen.append(draft.triples)
        draft.drop(GRAPH)
        seen.append(draft.triples)
        draft.update("INSERT DATA { <http://a.b/> <http://a.b/c> 1 }")
        seen.append(draft.triples)
        draft.drop()
        seen.append(draft.triples)

    number = revisions.amend(change, "count")
    assert seen == [3, 2, 2, None, 0]
    assert revisions.open(number).count() == revisions.describe(number).triples == 0


def test_a_large_document_is_read_from_a_stream(revisions: Revisions, tmp_path: Path) -> None:
    form = format_named("nq", GRAPH_FORMATS)
    assert form
    good, bad = tmp_path / "good.nq", tmp_path / "bad.nq"
    good.write_text('<http://a.b/> <http://a.b/c> "v" <http://a.b/g> .\n')
    bad.write_text("<http://a.b/> <http://a.b/c> .\n")
    with good.open("rb") as file:
        number = revisions.amend(lambda draft: draft.load(file, form), "load")
    assert revisions.open(number).sizes() == {"http://a.b/g": 1, GRAPH: 1}
    with bad.open("rb") as file, pytest.raises(InputError, match=r"^1:"):
        revisions.amend(lambda draft: draft.load(file, form), "load")


def test_a_change_that_fails_publishes_nothing(revisions: Revisions) -> None:
    def fail(draft: Draft) -> None:
        draft.add(said("lost"))
        raise UsageError("no")

    with pytest.raises(UsageError):
        revisions.amend(fail, "fails")
    with pytest.raises(QuerySyntaxError):
        revisions.amend(lambda draft: draft.update("INSERT DATA {"), "fails")
    assert revisions.numbers() == [1]
    assert not litter(revisions.root)
    assert add(revisions, "two") == 2


class Late(Workbench):
    """A workbench during whose writing another writer commits."""

    revisions: Revisions

    def write(self, path: Path) -> None:
        super().write(path)
        add(self.revisions, "meanwhile")


def test_a_build_prepares_without_the_lock_and_can_catch_up(revisions: Revisions) -> None:
    bench = Late()
    bench.revisions = revisions
    bench.add(said("built"))
    seen: list[tuple[int | None, int | None]] = []

    def catch_up(draft: Draft) -> None:
        seen.append((draft.base, draft.triples))
        draft.add(said("meanwhile"))

    assert revisions.commit(bench, "build", catch_up) == 3
    assert seen == [(2, 1)]
    assert values(revisions, 2) == {"one", "meanwhile"}
    assert values(revisions, 3) == {"built", "meanwhile"}
    assert revisions.describe(3).triples == 2
    assert not litter(revisions.root)


def test_a_writer_waits_for_the_one_before(revisions: Revisions) -> None:
    with (revisions.root / "lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another process"):
            add(Revisions(revisions.root, patience=0.1), "no")
        threading.Timer(0.3, fcntl.flock, (other, fcntl.LOCK_UN)).start()
        assert add(revisions, "two") == 2


def test_writers_in_many_processes_lose_nothing(revisions: Revisions) -> None:
    command = [sys.executable, "-m", "tests.writing", str(revisions.root), "amend", "1000000"]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate(timeout=60)[0].split()[-1] for process in processes]
    assert sorted(map(int, told)) == [2, 3, 4, 5]
    assert set(content("amend-1000000")) <= set(revisions.open().graph(GRAPH))
    assert revisions.open().size() == 1 + TRIPLES


def test_litter_goes_when_its_process_is_gone_and_not_before(revisions: Revisions) -> None:
    for name in ("revisions/.making-1", "revisions/.removing-1", ".restoring-1"):
        (revisions.root / name / "db").mkdir(parents=True)
    (revisions.root / ".releases.json.new").write_text("{")
    alive = revisions.folder / ".making-2"
    alive.mkdir()
    with (alive / "held").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        revisions.sweep()
        assert litter(revisions.root) == [str(alive)]
    revisions.sweep()
    assert not litter(revisions.root)


def test_a_rollback_is_a_new_revision(revisions: Revisions) -> None:
    add(revisions, "two")
    assert revisions.rollback(1) == 3
    assert (values(revisions), values(revisions, 2)) == ({"one"}, {"one", "two"})
    told = revisions.describe(3)
    assert (told.note, told.triples, told.base) == ("rollback to 1", 1, 1)
    assert add(revisions, "three") == 4
    with pytest.raises(UsageError, match="no revision 9"):
        revisions.rollback(9)


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
    with pytest.raises(UsageError, match="no revision 5"):
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


def test_the_mode_is_recorded(tmp_path: Path, revisions: Revisions) -> None:
    assert revisions.mode == "built"
    with pytest.raises(UsageError, match=r"is built, .* choose another with --store"):
        revisions.begin("bare")
    bare = Revisions(tmp_path / "bare")
    bare.begin("bare")
    add(bare, "one")
    assert Revisions(tmp_path / "bare").mode == "bare"
    with pytest.raises(UsageError, match=r"is bare"):
        bare.require("built")
    bare.begin("bare")
    (tmp_path / "bare" / "store.json").write_text("{")
    with pytest.raises(StoreError, match=r"store\.json can't be read"):
        assert bare.mode
