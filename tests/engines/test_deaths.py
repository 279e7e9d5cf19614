"""Engines and publishers that die, and disks that are full: readers see one state or the other."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rskg.errors import EndpointFailed
from rskg.paths import Files
from rskg.store import Draft, Revisions, Workbench
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.engines import Engine, Login, connected, publish, require_published, standing
from rskg.store.following import follow
from rskg.syntax import Literal, NamedNode, Triple
from tests.conftest import Run
from tests.endpoint.contributing import site
from tests.engines import peers
from tests.engines.conftest import Filled
from tests.engines.test_following import contents, staged

GRAPH = "https://w3id.org/rskg/graph/data/"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
needs_virtuoso = pytest.mark.skipif(not peers.VIRTUOSO, reason="Virtuoso is not installed")
#: Takes longer than anyone waits: each thing with each, seven times over.
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) WHERE {" + ". ".join(f"?a{n} ?b{n} ?c{n}" for n in range(7)) + " }"
)


def things(numbers: range, slug: str = "a") -> list[Triple]:
    """A triple each, with a letter and a line break that each has to write as it reads it."""
    return [
        Triple(NamedNode(f"https://w3id.org/rskg/id/{slug}/{n}"), LABEL, Literal(f"é\n{n}"))
        for n in numbers
    ]


def begun(folder: Path, size: int = 50) -> Revisions:
    """A store of two graphs, which the default graph merges."""
    bench, revisions = Workbench(), Revisions(folder)
    for slug in "ab":
        bench.add(things(range(size), slug), GRAPH + slug)
        bench.add(things(range(size), slug))
    revisions.begin("built")
    revisions.commit(bench, "first")
    return revisions


def exchanged(revisions: Revisions, old: range, new: range) -> set[str]:
    """Commit that some things leave a graph and others come; returns what the merge holds then."""

    def change(draft: Draft) -> None:
        for name in (GRAPH + "a", None):
            draft.remove(things(old), name)
            draft.add(things(new), name)

    revisions.amend(change, "exchange")
    return merge(revisions)


def merge(revisions: Revisions) -> set[str]:
    return {f"{quad.triple} ." for quad in revisions.open().quads("default")}


def seen(engine: Engine) -> set[str] | None:
    """What a reader is given; None where none is, while a change isn't ended."""
    try:
        require_published(engine)
    except EndpointFailed:
        return None
    return contents(engine, None)


@contextmanager
def dying(engine: Engine, after: int, death: Callable[[], None]) -> Iterator[list[str]]:
    """The engine or its publisher ends when so many writes are done; yields those that were."""
    written: list[str] = []
    load, update = engine.load, engine.update

    def spent(what: str) -> None:
        if len(written) == after:
            death()
        written.append(what)

    def loading(graph: str, lines: bytes) -> None:
        spent("load")
        load(graph, lines)

    def updating(text: str) -> None:
        spent(text.partition(" ")[0])
        update(text)

    engine.load, engine.update = loading, updating  # type: ignore[method-assign]
    try:
        yield written
    finally:
        engine.load, engine.update = load, update  # type: ignore[method-assign]


class Died(Exception):
    """The publisher's end."""


def died() -> None:
    raise Died


def test_a_publisher_that_dies_leaves_one_state_or_the_other(tmp_path: Path) -> None:
    revisions = begun(tmp_path / "store")
    with peers.oxigraph(tmp_path / "engine") as peer, connected(peer.address) as engine:
        assert follow(revisions, engine).whole
        for writes in range(30):
            old = merge(revisions)
            new = exchanged(revisions, range(writes, writes + 1), range(100 + writes, 103 + writes))
            try:
                with dying(engine, writes, died):
                    follow(revisions, engine)
                break
            except Died:
                assert seen(engine) in (old, new)
            assert not follow(revisions, engine).whole
            assert (seen(engine), staged(engine)) == (new, set())
        assert writes > 8
        assert (seen(engine), staged(engine)) == (new, set())


@pytest.mark.parametrize("kind", ["oxigraph", pytest.param("virtuoso", marks=needs_virtuoso)])
def test_a_killed_engine_holds_one_state_or_the_other_and_the_next_run_ends_it(
    tmp_path: Path, kind: str
) -> None:
    revisions = begun(tmp_path / "store")

    @contextmanager
    def alive() -> Iterator[tuple[peers.Peer, Engine]]:
        start = getattr(peers, kind)
        with start(tmp_path / "e") as peer, connected(peer.address, {}, peer.login) as engine:
            yield peer, engine

    with (
        alive() as (peer, engine),
        dying(engine, 3, peer.kill),
        pytest.raises(EndpointFailed, match="does not answer"),
    ):
        follow(revisions, engine)  # a build
    with alive() as (peer, engine):
        assert follow(revisions, engine).whole
        old = merge(revisions)
        assert seen(engine) == old
        new = exchanged(revisions, range(3), range(90, 95))
        with dying(engine, 7, peer.kill), pytest.raises(EndpointFailed):
            follow(revisions, engine)  # a commit, in the middle of its operations or behind them
    with alive() as (peer, engine), ThreadPoolExecutor(1) as pool:
        assert seen(engine) in (old, new, None)
        assert not follow(revisions, engine).whole
        assert (seen(engine), staged(engine)) == (new, set())
        asked = pool.submit(engine.answer, Ask(ENDLESS), Budget(seconds=600))
        peer.until_busy()
        peer.kill()
        with pytest.raises(EndpointFailed, match="does not answer"):
            asked.result()


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted by root only")
def test_a_full_disk_ends_a_build_and_the_old_state_is_served(tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "rskg", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a small disk can't be mounted here: {mounted.stderr.strip()}")
    try:
        small, large = begun(tmp_path / "small"), begun(tmp_path / "large", 20_000)
        with peers.oxigraph(folder) as peer, connected(peer.address) as engine:
            held = publish(small.open(), engine)
            with pytest.raises(EndpointFailed, match="does not answer: HTTP 500"):
                publish(large.open(), engine)
            assert seen(engine) == merge(small)
            assert standing(engine).name == held.name
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("small", ["virtuoso"], indirect=True)
@pytest.mark.parametrize("who", ["nobody", "stranger", "reader"])
def test_one_who_may_not_is_told_what_to_set(
    small: Filled, who: str, rskg: Run, few: Files, tmp_path: Path
) -> None:
    (tmp_path / "site.ttl").write_text(site("here"))
    known = {"nobody": None, "stranger": Login("dba", "wrong")}
    login = small.peer.reader() if who == "reader" else known[who]
    set_so = {} if login is None else replace(small.peer, login=login).environment
    place, files = small.peer.address, {"RSKG_FILES": str(few.root)}
    before = standing(small.engine)
    built = rskg("build", "--store", place, **set_so, **files)
    assert (built.returncode, built.stdout) == (5, "")
    assert "it refuses this user; see RSKG_ENGINE_USER and RSKG_ENGINE_PASSWORD" in built.stderr
    assert not (tmp_path / ".rskg").exists()
    asked = rskg("query", "-", "--store", place, stdin="SELECT (1 AS ?one) {}", **set_so)
    judged = rskg("validate", "site.ttl", "--against", place, **set_so)
    may_ask = who != "stranger"
    for told in (asked, judged):
        assert told.returncode == (0 if may_ask else 5), told.stderr
        assert ("refuses this user" in told.stderr) == (not may_ask)
        assert told.stderr.count("\n") <= 1
    assert standing(small.engine) == before
