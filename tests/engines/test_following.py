"""What partners contribute and withdraw comes to an engine that follows the store."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rskg.paths import Files
from rskg.store import Revisions
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.engines import Engine, standing
from rskg.store.following import follow
from rskg.syntax import NamedNode
from tests.endpoint.contributing import ACME, PREFIXES, default_graph, partner, server, site
from tests.endpoint.processes import surroundings, until
from tests.engines import peers
from tests.engines.conftest import Filled

ATTRIBUTION = """SELECT ?who { GRAPH ?g { site:walk a rskg:Site } GRAPH ?p {
    ?g <http://www.w3.org/ns/prov#wasAttributedTo> ?who } }"""


def contents(engine: Engine, graph: str | None) -> set[str]:
    place = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    asked = Ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {place} }}", format_name="nt")
    return set(engine.answer(asked, Budget(seconds=120)).body.decode().splitlines())


def staged(engine: Engine) -> set[str]:
    found = engine.rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    names = {row["g"].value for row in found if isinstance(row["g"], NamedNode)}
    return {n for n in names if "/rskg/staging/" in n} - {"https://w3id.org/rskg/staging/state"}


@contextmanager
def following(store: Path, files: Files, peer: peers.Peer) -> Iterator[None]:
    """`rskg publish --follow`, until it is killed."""
    command = [Path(sys.executable).parent / "rskg", "publish", "--follow"]
    process = subprocess.Popen(
        [*command, "--store", store, "--to", peer.address],
        env=surroundings({"RSKG_FILES": str(files.root), **peer.environment}),
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def test_a_partner_s_walk_is_followed(
    small: Filled, few: Files, few_store: Path, tmp_path: Path
) -> None:
    engine, store = small.engine, tmp_path / "store"
    shutil.copytree(few_store, store)
    revisions = Revisions(store)
    attribution = PREFIXES.replace("@prefix", "PREFIX").replace(" .\n", "\n") + ATTRIBUTION

    def seen() -> bytes:
        """Who is told to have sent the site, at the newest revision."""
        newest = revisions.describe(revisions.current() or 0).id
        until(lambda: (now := standing(engine)).whole and now.source == newest)
        engine.forget()
        return engine.answer(Ask(attribution, format_name="csv"), Budget()).body

    with server(store, few) as (_, client), following(store, few, small.peer):
        acme = partner(client, store)
        nobody = seen()
        never = contents(engine, None)
        assert acme.post(site("walk", country="QQ")).status_code == 422
        good = acme.post(site("walk"))
        assert good.status_code == 201, good.text
        assert ACME in seen().decode()
        told = contents(engine, good.json()["graph"])
        assert len(told) == len(revisions.open().graph(good.json()["graph"])) > 0
        again = acme.put(site("walk", label="Walk Mine"))
        assert (again.status_code, seen().decode().count(ACME)) == (201, 1)
        assert contents(engine, good.json()["graph"]) == set()
        assert any("Walk Mine" in line for line in contents(engine, None))
        assert acme.delete(again.json()["id"]).status_code == 200
        assert seen() == nobody
        assert contents(engine, None) == never == {f"{t} ." for t in default_graph(store)}
        assert staged(engine) == set()
    assert follow(revisions, engine).moved == 0
