"""Both engines with the whole graph but for the large datasets, published once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Reader
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
    folder: Path = tmp_path_factory.mktemp("engine") / request.param
    if request.param == "virtuoso" and not peers.VIRTUOSO:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    start = peers.virtuoso if request.param == "virtuoso" else peers.oxigraph
    with (
        start(folder) as peer,
        connected(peer.address, load(files.ontology).prefixes, peer.login) as engine,
    ):
        require_capable(engine)
        yield Filled(engine, peer, publish(reader, engine))
