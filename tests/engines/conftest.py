"""Both engines with a graph that is published once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Reader, Revisions
from rskg.store.engines import Engine, Published, connected, publish, require_capable
from tests.engines import peers


@dataclass
class Filled:
    """An engine that the graph was published in, and what publishing told."""

    engine: Engine
    peer: peers.Peer
    published: Published


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def filled(
    request: pytest.FixtureRequest,
    reader: Reader,
    files: Files,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Filled]:
    """With the whole graph but for the large datasets, to be asked."""
    with _filled(request.param, reader, files, tmp_path_factory.mktemp("engine")) as one:
        yield one


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def small(
    request: pytest.FixtureRequest,
    few_store: Path,
    few: Files,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Filled]:
    """With the graph of few files, to be changed; a test leaves it as it was."""
    reader = Revisions(few_store).open()
    with _filled(request.param, reader, few, tmp_path_factory.mktemp("small")) as one:
        yield one


@contextmanager
def _filled(kind: str, reader: Reader, files: Files, folder: Path) -> Iterator[Filled]:
    if kind == "virtuoso" and not peers.VIRTUOSO:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    start = peers.virtuoso if kind == "virtuoso" else peers.oxigraph
    with (
        start(folder / kind) as peer,
        connected(peer.address, load(files.ontology).prefixes, peer.login) as engine,
    ):
        require_capable(engine)
        yield Filled(engine, peer, publish(reader, engine))
