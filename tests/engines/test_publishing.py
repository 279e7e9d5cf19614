"""A revision moved to an engine: whole, once, and resumed where it was broken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client

import rskg as package
from rskg.errors import EndpointFailed
from rskg.paths import Files
from rskg.store import Reader, Revisions, Workbench
from rskg.store.engines import (
    Address,
    Engine,
    connected,
    profiles,
    publish,
    require_capable,
    require_published,
)
from rskg.syntax import Literal, NamedNode, Triple
from tests.conftest import Run
from tests.endpoint.processes import free_port
from tests.endpoint.test_mcp import by_pipe, talk, told
from tests.engines import peers
from tests.engines.conftest import Filled
from tests.engines.test_following import staged

GRAPH = "https://w3id.org/rskg/graph/data/"
needs_virtuoso = pytest.mark.skipif(not peers.VIRTUOSO, reason="Virtuoso is not installed")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def revision(folder: Path, **graphs: int) -> Reader:
    """A store of graphs with so many triples each, which the default graph merges."""
    bench = Workbench()
    for slug, size in graphs.items():
        triples = [
            Triple(NamedNode(f"https://w3id.org/rskg/id/{slug}/{n}"), LABEL, Literal(f"{slug} {n}"))
            for n in range(size)
        ]
        bench.add(triples, GRAPH + slug)
        bench.add(triples)
    revisions = Revisions(folder)
    revisions.commit(bench, "test")
    return revisions.open()


@contextmanager
def engine_of(peer: peers.Peer, kind: str, **otherwise: object) -> Iterator[Engine]:
    """The engine with a profile that differs."""
    profile = replace(profiles()[kind], **otherwise)  # type: ignore[arg-type]
    with closing(Engine(Address.of(peer.address), profile, {}, peer.login)) as engine:
        yield engine


def test_it_holds_what_the_revision_holds(filled: Filled, reader: Reader) -> None:
    counted = {name: filled.engine.count(name) for name in filled.engine.graphs()}
    assert counted == reader.sizes()
    assert filled.published.loaded == filled.published.triples
    assert require_published(filled.engine).name == filled.published.name
    again = publish(reader, filled.engine)
    assert (again.name, again.loaded) == (filled.published.name, 0)


def test_what_is_gone_from_the_revision_goes_there(tmp_path: Path) -> None:
    with peers.oxigraph(tmp_path / "engine") as peer, connected(peer.address) as engine:
        first = publish(revision(tmp_path / "one", a=3, b=4), engine)
        assert engine.graphs() == (GRAPH + "a", GRAPH + "b")
        second = publish(revision(tmp_path / "two", a=3, c=2), engine)
        assert second.name != first.name
    with peers.oxigraph(tmp_path / "engine") as peer, connected(peer.address) as engine:
        assert engine.graphs() == (GRAPH + "a", GRAPH + "c")
        assert engine.count(None) == 5


def test_a_killed_engine_leaves_the_last_build_and_the_next_goes_on(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "engine"
    small = revision(tmp_path / "small", a=3)
    large = revision(tmp_path / "large", a=30, b=40, c=50)
    with peers.oxigraph(folder, port) as peer, connected(peer.address) as engine:
        publish(small, engine)

        def kill(graph: str, *_: object) -> None:
            if graph == GRAPH + "a":
                peer.kill()

        with pytest.raises(EndpointFailed, match="does not answer"):
            publish(large, engine, kill)
    told: list[tuple[str, str]] = []
    with peers.oxigraph(folder, port) as peer, connected(peer.address) as engine:
        assert (engine.count(None), engine.graphs()) == (3, (GRAPH + "a",))
        done = publish(large, engine, lambda graph, _, said: told.append((graph, said)))
        assert done.loaded == done.triples - 120 - 30
        assert told[:2] == [("default", "is there"), (GRAPH + "a", "is there")]
        assert engine.count(None) == 120


def test_a_move_that_was_broken_off_is_told_and_ended(tmp_path: Path) -> None:
    large = revision(tmp_path / "large", a=30, b=40)
    with peers.oxigraph(tmp_path / "engine") as peer, connected(peer.address) as engine:
        publish(revision(tmp_path / "small", a=3), engine)
        move, moved = engine.update, []

        def dying(text: str) -> None:
            moved.append(text)
            if sum(one.startswith("MOVE") for one in moved) > 1:
                raise EndpointFailed(engine.name, "gone")
            move(text)

        engine.update = dying  # type: ignore[method-assign]
        with pytest.raises(EndpointFailed, match="gone"):
            publish(large, engine)
        engine.update = move  # type: ignore[method-assign]
        with pytest.raises(EndpointFailed, match="build again"):
            require_published(engine)
        done = publish(large, engine)
        assert done.loaded == 0
        assert (engine.count(None), require_published(engine).name) == (70, done.name)


def test_one_that_may_not_be_written_to_is_told_before_anything_is_built(
    tmp_path: Path, rskg: Run
) -> None:
    with peers.oxigraph(tmp_path / "engine") as peer, connected(peer.address) as engine:
        publish(revision(tmp_path / "small", a=3), engine)
    with peers.oxigraph(tmp_path / "engine", mode="serve-read-only") as peer:
        told = rskg("build", "--store", peer.address)
        assert told.returncode == 5
        assert "as Oxigraph server it lacks loading (Graph Store HTTP Protocol)" in told.stderr
        assert not (tmp_path / ".rskg").exists()
        with connected(peer.address) as engine:
            assert engine.count(None) == 3


@needs_virtuoso
def test_a_wrong_password_is_told(tmp_path: Path) -> None:
    with (
        peers.virtuoso(tmp_path / "engine") as peer,
        connected(peer.address, login=peers.Login("dba", "wrong")) as engine,
        pytest.raises(EndpointFailed, match="refuses this user; see RSKG_ENGINE_USER"),
    ):
        require_capable(engine)


def test_the_command_builds_and_asks(tmp_path: Path, rskg: Run, few: Files) -> None:
    with peers.oxigraph(tmp_path / "engine") as peer:
        empty = rskg("query", "open-leads", "--store", peer.address)
        assert (empty.returncode, "no graph of ours" in empty.stderr) == (5, True)
        built = rskg("build", "--store", peer.address, RSKG_FILES=str(few.root))
        assert built.returncode == 0, built.stderr
        assert "none had to be loaded" not in built.stdout
        count = "SELECT (COUNT(*) AS ?n) WHERE { ?c a skos:Concept }"
        asked = rskg("query", "-", "--store", peer.address, "--format", "csv", stdin=count)
        assert int(asked.stdout.split()[1]) > 100, asked.stderr
        shown = rskg("query", "-", "--store", peer.address, "--revision", "1", stdin=count)
        assert (shown.returncode, "embedded store" in shown.stderr) == (2, True)
        for words in (["revisions", "list"], ["dump"], ["backup", "copy"], ["token", "list"]):
            refused = rskg(*words, "--store", peer.address)
            assert (refused.returncode, refused.stdout) == (2, "")
            assert "works on a store's folder" in refused.stderr
            assert "`build`, `query`, `serve`, `mcp`" in refused.stderr
        plain = peer.address.removeprefix("sparql+") + "/query"
        here = rskg("query", "-", "--store", plain, "--format", "csv", stdin=count)
        assert (here.returncode, here.stdout) == (0, asked.stdout)
        for words in (["build"], ["serve"], ["dump"]):
            refused = rskg(*words, "--store", plain)
            assert (refused.returncode, "folder" in refused.stderr) == (2, True)

        async def counts(client: Client) -> None:
            assert asked.stdout.split()[1] in await told(client, "query", sparql=count)

        talk(by_pipe(peer.address), counts)


def test_the_same_content_has_the_same_name_however_it_came_there(tmp_path: Path) -> None:
    names = set()
    for number, order in enumerate((range(500), range(499, -1, -1))):
        triples = [
            Triple(NamedNode(f"https://w3id.org/rskg/id/{n % 7}"), LABEL, Literal(value))
            for n in order
            for value in (f"a text that is longer than a key, {n}", str(n), n)
        ]
        bench, revisions = Workbench(), Revisions(tmp_path / str(number))
        for part in (triples[:700], triples[700:]):
            bench.add(part, GRAPH + "a")
            bench.add(part)
            revisions.commit(bench, "test")
        with peers.oxigraph(tmp_path / f"engine-{number}") as peer, connected(peer.address) as one:
            names.add(publish(revisions.open(), one).name)
    assert len(names) == 1


@pytest.mark.parametrize("kind", ["oxigraph", pytest.param("virtuoso", marks=needs_virtuoso)])
def test_a_graph_comes_in_chunks_so_many_at_once(tmp_path: Path, kind: str) -> None:
    there: list[int] = []
    most = [0]
    with (
        getattr(peers, kind)(tmp_path / "engine") as peer,
        engine_of(peer, kind, chunk=100) as engine,
    ):
        load = engine.load

        def loading(graph: str, lines: bytes) -> None:
            there.append(1)
            most[0] = max(most[0], sum(there))
            assert lines.count(b"\n") < 300
            load(graph, lines)
            there.append(-1)

        engine.load = loading  # type: ignore[method-assign]
        held = publish(revision(tmp_path / "store", a=2000, b=5), engine)
        assert (engine.count(GRAPH + "a"), held.loaded) == (2000, 4010)
        assert len(there) / 2 > 2 * 2000 / 300
        assert most[0] <= engine.profile.connections
        assert sum(there) == 0


def test_what_another_publisher_took_away_is_not_said_to_stand(tmp_path: Path) -> None:
    large = revision(tmp_path / "large", a=30, b=40)
    with peers.oxigraph(tmp_path / "engine") as peer, connected(peer.address) as engine:
        publish(revision(tmp_path / "small", a=3), engine)

        def take(graph: str, *_: object) -> None:
            if graph == GRAPH + "b":
                (stage,) = (name for name in staged(engine) if name.endswith("/data/a"))
                engine.update(f"DROP GRAPH <{stage}>")

        with pytest.raises(EndpointFailed, match="one at a time"):
            publish(large, engine, take)
        with pytest.raises(EndpointFailed, match="build again"):
            require_published(engine)
        assert publish(large, engine).triples == 140
        assert engine.count(GRAPH + "a") == 30


def test_an_answer_in_python_tells_which_state_it_is_of(tmp_path: Path) -> None:
    small, large = revision(tmp_path / "small", a=3), revision(tmp_path / "large", a=4)
    with peers.oxigraph(tmp_path / "engine") as peer, engine_of(peer, "oxigraph") as engine:
        publish(small, engine)
        kg = package.open(peer.address)
        first = kg.query("SELECT ?s { ?s ?p ?o }")
        publish(large, engine)
        second = kg.query("SELECT ?s { ?s ?p ?o }")
    assert [(each.revision, len(each)) for each in (first, second)] == [(1, 3), (2, 4)]
    assert f"{peer.address}, revision 1. " in str(first.cite())
