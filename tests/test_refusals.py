"""What is wrong with a table ends `rskg build` with its place, and the last revision stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rskg.build import build
from rskg.paths import Files
from rskg.store import Revisions
from tests.conftest import ROOT, Run

KEPT = ("cgi", "countries", "production", "usgs", "value-chains")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few of the datasets, and a store that was built from them."""
    root = tmp_path_factory.mktemp("few")
    for name in ("ontology", "shapes", "queries"):
        (root / name).symlink_to(ROOT / name)
    for name in KEPT:
        shutil.copytree(ROOT / "data" / name, root / "data" / name)
    build(root / "store", Files(root))
    return root


@pytest.mark.parametrize(
    ("table", "old", "new", "row", "sentence"),
    [
        ("usgs", ",1861000,", ",1861000,more,", True, "this row has 8 cells, the heading has 7"),
        (
            "usgs",
            ",1861000,",
            ",1861001,",
            False,
            "this isn't the table that dataset.ttl describes",
        ),
        ("production", ",CD,2024,", ",C\udce9,2024,", True, "not UTF-8 text"),
        (
            "usgs",
            ",AE,2012,",
            ",Utopia,2012,",
            True,
            "column country: nothing is known of `Utopia`",
        ),
        (
            "production",
            ",tonne-gross,",
            ",bushel,",
            True,
            "column unit: nothing is known of `bushel`",
        ),
    ],
    ids=["corrupt", "checksum", "encoding", "country", "unit"],
)
def test_it_ends_with_its_place_and_the_last_revision_serves(
    built: Path, rskg: Run, table: str, old: str, new: str, row: bool, sentence: str
) -> None:
    path = built / "data" / table / f"{table}.csv"
    was = path.read_bytes()
    assert old.encode() in was
    path.write_bytes(was.replace(old.encode(), new.encode(errors="surrogateescape"), 1))
    line = was[: was.index(old.encode())].count(b"\n") + 1
    try:
        told = rskg("build", "--store", built / "store", RSKG_FILES=str(built))
    finally:
        path.write_bytes(was)
    assert told.returncode == 3
    place = f"{path}:{line}" if row else path
    assert f"{place}: {sentence}" in told.stderr
    assert "Traceback" not in told.stderr
    assert Revisions(built / "store").numbers() == [1]
    asked = rskg("query", "-", "--store", built / "store", stdin="ASK { ?o a rskg:CountryOutput }")
    assert asked.returncode == 0
    assert '"boolean":true' in asked.stdout
