"""Two partners at once, against readers; and a server that is killed in between.

A tenth of it in `make test`, all of it in `make soak`.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from rskg.build import build
from rskg.namespaces import term
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.contributing import (
    ACME,
    OTHER,
    Partner,
    ask,
    partner,
    server,
    site,
)
from tests.endpoint.processes import Served
from tests.soak import FULL

EACH = 50 if FULL else 5
KILLS = 20 if FULL else 3
COUNT = "SELECT (COUNT(?s) AS ?n) { ?s a rskg:Site }"


@pytest.fixture
def store(few_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(few_store, tmp_path / "store"))


def _send(one: Partner, number: int) -> str:
    """A contribution that states a thing of its own; returns its graph."""
    name = f"{one.dataset}-{number}"
    made = one.post(site(name))
    assert made.status_code == 201, made.text
    return str(made.json()["graph"])


def _send_all(one: Partner) -> list[str]:
    return [_send(one, number) for number in range(EACH)]


@pytest.mark.soak
def test_two_partners_at_once_against_readers(store: Path, few: Files) -> None:
    with server(store, few) as (_, client):
        partners = [
            partner(client, store, "acme-sites", ACME),
            partner(client, store, "others", OTHER),
        ]
        done = threading.Event()
        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(_read, client, done) for _ in range(2)]
            writers = [
                pool.submit(lambda p: [_send(p, n) for n in range(EACH)], p) for p in partners
            ]
            graphs = [writer.result() for writer in writers]
            done.set()
            seen = [reader.result() for reader in readers]
        for each in seen:
            assert each == sorted(each), "what was there stays"
        assert ask(client, COUNT) == [{"n": str(2 * EACH)}]
        for one, own in zip(partners, graphs, strict=True):
            for number, name in enumerate(own):
                rows = ask(client, f"SELECT DISTINCT ?s {{ GRAPH <{name}> {{ ?s a rskg:Site }} }}")
                assert [row["s"].rpartition("/")[2] for row in rows] == [f"{one.dataset}-{number}"]
    _equals_a_build(store, few)


def _read(client: httpx.Client, done: threading.Event) -> list[int]:
    """How many sites there are, again and again; fails at the first error."""
    found = []
    while not done.is_set():
        found.append(int(ask(client, COUNT)[0]["n"]))
    return found


def _equals_a_build(store: Path, few: Files) -> None:
    revisions = Revisions(store)
    before = {str(quad) for quad in revisions.open().quads()}
    build(store, few)
    assert {str(quad) for quad in revisions.open().quads()} == before


@pytest.mark.soak
def test_kill_9_loses_nothing_that_was_acknowledged(store: Path, few: Files) -> None:
    acknowledged: list[str] = []
    for turn in range(KILLS):
        with server(store, few) as (process, client):
            one = partner(client, store)
            _send_until_killed(one, process, turn, acknowledged)
        rows = Revisions(store).open().select(f"SELECT ?s {{ ?s a <{term('Site')}> }}")
        found = {str(getattr(row["s"], "value", "")).rpartition("/")[2] for row in rows}
        assert found.issuperset(acknowledged)
    assert acknowledged
    with server(store, few) as (_, client):
        again = partner(client, store)
        for name in acknowledged:
            assert again.post(site(name)).json()["state"] == "already"
    assert not list(store.glob(".receiving-*"))


def _send_until_killed(one: Partner, process: Served, turn: int, acknowledged: list[str]) -> None:
    """Send two and acknowledge them; kill the server while it deals with the third."""
    for number in range(2):
        name = f"kill-{turn}-{number}"
        assert one.post(site(name)).status_code == 201
        acknowledged.append(name)
    begun = one.post(site(f"kill-{turn}-late"), Prefer="respond-async")
    address = begun.headers["location"]
    wanted = ("received", "validated", "merging")[turn % 3]
    steps: list[str] = []
    while wanted not in steps:
        steps = [step["step"] for step in one.client.get(address).json()["steps"]]
    os.kill(process.pid, signal.SIGKILL)
