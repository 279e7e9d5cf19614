"""Revisions: copied, changed, published; named, rolled back, pruned; one writer at a time."""

from __future__ import annotations

import fcntl
import io
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rskg.errors import InputError, QuerySyntaxError, StoreError, UsageError
from rskg.store import Draft, Revisions, Workbench, compact, journal, scattered
from rskg.store import draft as drafts
from rskg.store.reach import only_inserts
from rskg.syntax import GRAPH_FORMATS, Literal, NamedNode, Triple, format_named
from tests.stores import GRAPH, A, P, add, litter, said, small_store, values
from tests.writing import TRIPLES, content

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    return small_store(tmp_path / "store")


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
        draft.update("INSERT DATA { <http://a.b/> <http://a.b/c> 1, 1, 01 }")
        seen.append(draft.triples)
        draft.update("DELETE DATA { <http://a.b/> <http://a.b/c> 1 }")
        seen.append(draft.triples)
        draft.drop()
        draft.add(content("many"))
        draft.add(content("many")[:5] + said("one more"))
        seen.append(draft.triples)

    number = revisions.amend(change, "count")
    assert seen == [3, 2, 2, 3, None, TRIPLES + 1]
    assert revisions.open(number).count() == revisions.describe(number).triples == TRIPLES + 1


UPDATES = [
    "INSERT DATA { <a:b> <a:c> 1 , 'DELETE WHERE' ; <a:WHERE> <a:DELETE> . } # DELETE WHERE { }",
    "PREFIX move: <a:> INSERT DATA { move:add move:copy 1 } ; INSERT DATA { <a:b> <a:c> 2 }",
    "INSERT DATA { GRAPH <a:g> { <a:b> <a:c> 1 } GRAPH <a:empty> { } }",
    "insert data { <a:b> <a:c> 1 } ; delete where { <a:b> ?p 1 }",
    "INSERT DATA { <a:b> <a:c> 1 } ; CLEAR GRAPH <http://example.org/graph>",
    'INSERT DATA { <a:b> <a:c> "\\u0022" } ; DELETE WHERE { <a:b> <a:c> "\\u0022" }',
    "INSERT { <a:data> <a:c> ?o } WHERE { ?s ?p ?o }",
    "DELETE DATA { <http://example.org/a> <http://example.org/p> 'one' }",
    "INSERT DATA { <http://example.org/a> <http://example.org/p> 'one' }",
]


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_does_what_the_engine_alone_would(revisions: Revisions, text: str) -> None:
    engine = Workbench()
    engine.add(said("one"))
    engine.add(said("one"), GRAPH)
    engine.update(text)
    number = revisions.amend(lambda draft: draft.update(text), "update")
    reader = revisions.open(number)
    assert set(reader.quads()) == set(engine.quads())
    assert reader.graph_names() == engine.graph_names()
    assert revisions.describe(number).triples in (None, engine.size())
    assert only_inserts(text) == (UPDATES.index(text) in (0, 1, 2, 8))


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


def test_what_a_load_makes_most_of_a_store_is_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "LARGE", 0)
    form = format_named("nt", GRAPH_FORMATS)
    assert form

    def tables(first: int, last: int) -> int:
        lines = "".join(f'<a:{number}> <a:b> "{number}" .\n' for number in range(first, last, 2))
        draft = Draft(tmp_path / "db", None, None)
        draft.load(io.BytesIO(lines.encode()), form)
        draft.close()
        return len(list((tmp_path / "db").glob("*.sst")))

    alone = tables(0, 100)
    assert tables(1, 2001) == alone, "the new ones lie between the old ones, in the same files"
    assert tables(2001, 2011) > alone, "a few are left where they are: that is for `compact`"


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
    with (revisions.root / "lock").open() as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        revisions.sweep()
        assert litter(revisions.root) == [str(alive)], "a start doesn't wait for a writer"
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


@pytest.mark.parametrize("together", [True, False])
def test_many_commits_are_brought_together_in_a_revision_of_its_own(
    revisions: Revisions, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commits about one subject each leave files that don't overlap; those are written anew."""
    monkeypatch.setattr("rskg.store.revisions.compaction.SCATTERED", 30)
    revisions.amend(lambda draft: draft.update("CREATE GRAPH <http://a.b/empty>"), "empty graph")
    turns = 0
    while not scattered(revisions):
        added = content(str(turns))
        if together:
            subjects = (NamedNode(f"http://example.org/{turns}/{n}") for n in range(len(added)))
            added = [Triple(s, t.predicate, t.object) for s, t in zip(subjects, added, strict=True)]
        revisions.amend(lambda draft, added=added: draft.add(added), "more")  # type: ignore[misc]
        turns += 1
    assert 2 < turns < 100
    before = revisions.open()
    number = compact(revisions)
    assert number == turns + 3
    assert not scattered(revisions)
    assert set(revisions.open().quads()) == set(before.quads())
    assert revisions.open().graph_names() == [GRAPH, "http://a.b/empty"][::-1]
    assert revisions.describe(number).base == number - 1


def meanwhile(patch: pytest.MonkeyPatch, *changes: Callable[[Draft], None]) -> None:
    """Have these committed by others while files are brought together."""
    whole = Draft.compact

    def interrupted(draft: Draft, target: Path) -> None:
        patch.undo()
        whole(draft, target)
        others = Revisions(draft_root(target))
        for change in changes:
            others.amend(change, "meanwhile")

    patch.setattr(Draft, "compact", interrupted)


def draft_root(target: Path) -> Path:
    return target.parent.parent.parent


def test_bringing_together_catches_up_with_commits(
    revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    turtle = format_named("ttl", GRAPH_FORMATS)
    assert turtle
    add(revisions, "two", "three")
    odd = said('a line\nbreak \\ "quoted"\u2028', "\t\r")
    meanwhile(
        monkeypatch,
        lambda draft: draft.add([*odd, *content("many")], "http://a.b/odd"),
        lambda draft: draft.remove([*said("two"), odd[1]]),
        lambda draft: (draft.drop(GRAPH), draft.create("a:empty"))[-1],
        lambda draft: draft.update("INSERT DATA { <a:b> <a:c> 1 GRAPH <a:g> { <a:b> <a:c> 2 } }"),
        lambda draft: draft.load(io.BytesIO(b"<a:b> <a:c> 3 ."), turtle, GRAPH),
        lambda draft: (draft.drop("a:g"), draft.add(said("four"), "a:g"))[-1],
    )
    assert compact(revisions) == 9
    before, after = revisions.open(8), revisions.open(9)
    assert set(after.quads()) == set(before.quads())
    assert after.graph_names() == before.graph_names()
    told = revisions.describe(9)
    assert (told.note, told.triples, told.base) == ("compacted 8", after.size(), 8)
    assert values(revisions) == {"one", "three", "1"}
    assert add(revisions, "five") == 10


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: draft.update("INSERT { <a:b> <a:c> ?o } WHERE { ?s ?p ?o }"),
        lambda draft: draft.add(
            (Triple(A, P, Literal(n)) for n in range(journal.MOST + 1)), "a:large"
        ),
    ],
)
def test_bringing_together_gives_way_to_what_can_t_be_done_again(
    revisions: Revisions, monkeypatch: pytest.MonkeyPatch, change: Callable[[Draft], None]
) -> None:
    monkeypatch.setattr(journal, "MOST", 1_000)
    meanwhile(monkeypatch, change)
    assert compact(revisions) is None
    assert (revisions.numbers(), litter(revisions.root)) == ([1, 2], [])
    assert compact(revisions) == 3
    assert compact(Revisions(revisions.root / "empty")) is None


def test_bringing_together_gives_way_to_a_rollback_or_a_build(
    revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Draft.compact

    def interrupted(draft: Draft, target: Path) -> None:
        monkeypatch.undo()
        whole(draft, target)
        add(revisions, "two")
        revisions.rollback(1)

    monkeypatch.setattr(Draft, "compact", interrupted)
    assert compact(revisions) is None
    assert values(revisions) == {"one"}


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
