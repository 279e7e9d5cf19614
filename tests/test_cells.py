"""Cells against what the description says of their column, and many nodes against the shapes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rskg.build import build
from rskg.cache import Cache
from rskg.dataset import load
from rskg.errors import DataInvalid, InputError
from rskg.namespaces import graph
from rskg.paths import Files
from rskg.store import Revisions
from rskg.syntax import sorted_lines
from tests.conftest import ROOT

KEPT = ("countries", "usgs", "cgi")


@pytest.fixture
def few(tmp_path: Path) -> Files:
    """The files with three datasets, one of them of observations, to be spoilt."""
    for name in ("ontology", "shapes", "queries"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in KEPT:
        shutil.copytree(ROOT / "data" / name, tmp_path / "data" / name)
    return Files(tmp_path)


def spoil(files: Files, old: str, new: str) -> tuple[Path, int]:
    """Change the first such cell of the table of observations; where that is."""
    table = files.data / "usgs" / "usgs.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    return table, text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",AE,2012,", ",XX,2012,", "column country: nothing is known of `XX`"),
        (",2012,aluminium,", ",12,aluminium,", "column year: `12` is not a year of four digits"),
        (",1861000,", ",a lot,", "column tonnes: `a lot` is not a decimal number"),
        (",aluminium,aluminium,", ",unobtainium,,", "nothing is known of `unobtainium`"),
    ],
)
def test_a_cell_that_is_none_ends_the_build_with_its_place(
    few: Files, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path, line = spoil(few, old, new)
    with pytest.raises(InputError, match=sentence) as error:
        build(tmp_path / "store", few)
    assert (error.value.path, error.value.line) == (path, line)


def test_what_a_shape_refuses_is_told_at_its_row(few: Files, tmp_path: Path) -> None:
    path, line = spoil(few, ",1861000,", ",-1,")
    with pytest.raises(DataInvalid) as error:
        build(tmp_path / "store", few)
    assert any(told.startswith(f"{path}:{line}: violation") for told in error.value.lines)


def test_a_wrong_encoding_is_told(few: Files, tmp_path: Path) -> None:
    table = few.data / "usgs" / "usgs.csv"
    table.write_bytes(table.read_bytes() + b"x,\xe9\n")
    with pytest.raises(InputError, match=r"usgs\.csv:\d+:3: column country: not UTF-8 text"):
        build(tmp_path / "store", few)


def test_what_was_kept_gives_the_same_bytes_and_a_dataset_goes_whole(
    few: Files, tmp_path: Path
) -> None:
    revisions = Revisions(tmp_path / "store")
    first, second = (build(revisions.root, few) for _ in range(2))
    assert sorted_lines(revisions.open(first).quads()) == sorted_lines(
        revisions.open(second).quads()
    )
    shutil.rmtree(few.data / "usgs")
    withdrawn = build(revisions.root, few)
    clean = Revisions(tmp_path / "clean")
    build(clean.root, few)
    left = revisions.open(withdrawn)
    assert graph("data/usgs") not in left.graph_names()
    assert sorted_lines(left.quads()) == sorted_lines(clean.open().quads())


def test_datasets_left_out_are_as_those_that_aren_t_there(few: Files, tmp_path: Path) -> None:
    names = ["isic", "usgs"]
    shutil.copytree(ROOT / "data" / "isic", few.data / "isic")
    dumps = []
    for place, without in (("left out", names), ("gone", [])):
        revisions = Revisions(tmp_path / place)
        build(revisions.root, few, without=without)
        dumps.append(sorted_lines(revisions.open().quads()))
        for name in names:
            shutil.rmtree(few.data / name, ignore_errors=True)
    assert dumps[0] == dumps[1]
    assert b"data/countries>" in dumps[0]
    assert not [name for name in names if f"data/{name}>".encode() in dumps[0]]


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get("key", lambda: b"made") == b"made"
    assert cache.get("key", lambda: b"other") == b"made"
    (tmp_path / "key.zst").write_bytes(b"no archive")
    assert cache.get("key", lambda: b"again") == b"again"


def test_each_table_of_a_folder_has_its_own_map() -> None:
    tables = load(ROOT / "data" / "ilab").tables
    assert [(t.path.name, t.map_path.name) for t in tables] == [
        ("assessments.csv", "assessments.rq"),
        ("goods.csv", "goods.rq"),
    ]
    assert tables[1].columns["country"].value_url == "https://w3id.org/rskg/id/country/{country}"
