"""What is wrong with a table ends `rskg build` with its place, and the last revision stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rskg.build import build
from rskg.dataset import load_all
from rskg.errors import InputError
from rskg.paths import Files
from rskg.store import Revisions
from rskg.sums import check_sums
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


@contextmanager
def spoilt(table: Path, old: str, new: str, place: str) -> Iterator[str]:
    """A table with the first `old` made `new`; gives where `place` then stands in that."""
    was = table.read_bytes()
    assert old.encode() in was
    table.write_bytes(was.replace(old.encode(), new.encode(errors="surrogateescape"), 1))
    before, _, after = was.decode().partition(old)
    at = len(before) + (new + after).index(place)
    try:
        yield f"{table}:{before.count(chr(10)) + 1}:{at - before.rfind(chr(10))}"
    finally:
        table.write_bytes(was)


@pytest.mark.parametrize(
    ("table", "old", "new", "place", "sentence"),
    [
        (
            "usgs",
            ",1861000,",
            ",1861000,more,",
            "United",
            "this row has 8 cells, the heading has 7: from `United Arab Emirates` on",
        ),
        (
            "usgs",
            ",1861000,",
            ",1861001,",
            "1861001",
            "column tonnes: here it first differs from revision 1; this isn't the table that "
            "dataset.ttl describes",
        ),
        ("production", ",CD,2024,", ",C\udce9,2024,", "\udce9", "column country: not UTF-8 text"),
        ("usgs", ",AE,2012,", ",Utopia,2012,", "Utopia", "column country: nothing is known of"),
        (
            "production",
            ",tonne-content,",
            ",bushel,",
            "bushel",
            "column unit: nothing is known of `bushel`",
        ),
    ],
    ids=["corrupt", "checksum", "encoding", "country", "unit"],
)
def test_it_ends_with_its_place_and_the_last_revision_serves(
    built: Path, rskg: Run, table: str, old: str, new: str, place: str, sentence: str
) -> None:
    with spoilt(built / "data" / table / f"{table}.csv", old, new, place) as where:
        told = rskg("build", "--store", built / "store", RSKG_FILES=str(built))
    assert told.returncode == 3
    assert f"{where}: {sentence}" in told.stderr
    assert "Traceback" not in told.stderr
    assert Revisions(built / "store").numbers() == [1]
    asked = rskg("query", "-", "--store", built / "store", stdin="ASK { ?o a rskg:CountryOutput }")
    assert asked.returncode == 0
    assert '"boolean":true' in asked.stdout


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        ("ae-2012-alu", "ae-1912-alu", "ae-1912", "column id: here it first differs from revision"),
        (",Q228,", ",,", ",150", "column wikidata: here it first differs from revision 1"),
        (
            "ae-2012-aluminium,AE,2012,aluminium,aluminium,1861000,United Arab Emirates\n",
            "",
            "",
            "no row makes <https://w3id.org/rskg/id/statement/usgs-ae-2012-aluminium> any more",
        ),
        ("aluminium,1861000", 'aluminium,"1861000"', "", "this isn't the table"),
    ],
    ids=["id", "emptied", "removed", "quoted"],
)
def test_where_a_table_differs_from_what_it_was(
    built: Path, old: str, new: str, place: str, sentence: str
) -> None:
    name = "countries" if "Q228" in old else "usgs"
    table = built / "data" / name / f"{name}.csv"
    with spoilt(table, old, new, place or new) as where, pytest.raises(InputError) as error:
        check_sums(load_all(built / "data"), Revisions(built / "store").open)
    assert str(error.value).startswith(f"{where if place else table}: {sentence}")
