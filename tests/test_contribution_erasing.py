"""A withdrawn contribution is erased from what is kept, and releases say that they hold it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rskg.check import Limits
from rskg.contribution.acts import KEYS, Offer, offer, withdraw
from rskg.contribution.judging import Library
from rskg.contribution.partners import CC_BY
from rskg.contribution.record import Contribution
from rskg.paths import Files
from rskg.store import Revisions
from tests.conftest import Run
from tests.endpoint.contributing import ACME, site

SECRET = "a-name-that-must-go"


@pytest.fixture(scope="module")
def library(few: Files) -> Library:
    return Library(few)


@pytest.fixture
def store(few_store: Path, tmp_path: Path) -> Revisions:
    shutil.copytree(few_store, tmp_path / "store")
    return Revisions(tmp_path / "store")


def _contributed(store: Revisions, library: Library) -> Contribution:
    path = store.root / ".receiving-1-test.ttl"
    path.write_text(site("secret", label=SECRET))
    sent = Offer(
        *("acme-sites", "Sites", CC_BY, ACME, "Acme", path, "ttl", ""),
        received="2026-11-22T12:00:00Z",
        key="a-key",
    )
    made = offer(store, library, sent, Limits()).contribution
    assert made
    return made


def _traces(root: Path) -> list[str]:
    """The files below a folder that hold the secret; the engine doesn't pack what is small."""
    return [
        str(path.relative_to(root))
        for path in sorted(root.rglob("*"))
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def test_nothing_of_it_is_left(store: Revisions, library: Library, rskg: Run) -> None:
    made = _contributed(store, library)
    assert _traces(store.root)
    still = rskg("revisions", "prune", "--contribution", made.id, "--store", store.root)
    assert (still.returncode, "isn't withdrawn" in still.stderr) == (2, True)
    withdraw(store, library, made.id, ACME, "2026-11-22T13:00:00Z")
    done = rskg("revisions", "prune", "--contribution", made.id, "--store", store.root)
    assert done.returncode == 0, done.stderr
    assert "removed revisions 2, 3; revision 4 is written anew" in done.stdout
    assert store.numbers() == [1, 4]
    assert _traces(store.root) == []
    assert not list((store.root / KEYS).iterdir())
    newest = store.open()
    assert store.describe(4).triples == newest.size()
    assert newest.graph_names() == store.open(1).graph_names()
    unknown = rskg("revisions", "prune", "--contribution", "none", "--store", store.root)
    assert unknown.returncode == 2


def test_a_release_still_holds_it_and_is_told(
    store: Revisions, library: Library, rskg: Run
) -> None:
    made = _contributed(store, library)
    store.name(2, "with-it")
    withdraw(store, library, made.id, ACME, "2026-11-22T13:00:00Z")
    store.name(3, "without-it")
    done = rskg("revisions", "prune", "--contribution", made.id, "--store", store.root)
    assert "releases that still hold it: with-it\n" in done.stdout
    assert store.numbers() == [1, 2, 3, 4]
    assert made.graph in store.open(2).graph_names()
