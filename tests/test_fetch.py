"""`rskg fetch`: a source from a path or from a server, its checksum, and the table made of it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rskg.dataset import load, load_all
from rskg.errors import FetchFailed, InputError, UsageError
from rskg.fetch import SCRIPT, Change, fetch, sources
from rskg.paths import Files
from tests.conftest import ROOT, Run

DATA = Files(ROOT).data
SHARED = ROOT.parent / "shared" / "open-data"
SOURCE = "id,name\nbeira,Beira\nlobito,Lobito\n"
OLD = "id,name\nbeira,Port of Beira\nmatadi,Matadi\n"
DESCRIPTION = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
<https://w3id.org/rskg/dataset/harbours> a dcat:Dataset .
<https://example.org/ports> a dcat:Distribution ; {address} ; spdx:fileName "ports.csv" ;
    spdx:checksum <https://example.org/ports/checksum> .
<https://example.org/ports/checksum> a spdx:Checksum ; spdx:checksumValue "{checksum}" .
"""
COPY = """
import sys
from pathlib import Path
told = Path(sys.argv[1], "ports.csv").read_text()
if "nowhere" in told:
    sys.exit("ports.csv: row 2, column name: no harbour is known by the name `nowhere`")
Path(__file__).with_name("harbours.csv").write_text(told)
"""


def harbours(
    root: Path,
    *,
    address: str = "dcat:accessURL <https://example.org/ports>",
    described: str = SOURCE,
) -> Path:
    """A dataset whose source is described as this text."""
    folder = root / "data" / "harbours"
    folder.mkdir(parents=True)
    checksum = sha256(described.encode()).hexdigest()
    told = DESCRIPTION.format(address=address, checksum=checksum)
    (folder / "dataset.ttl").write_text(told)
    (folder / "map.rq").write_text("CONSTRUCT WHERE { ?s ?p ?o }")
    (folder / "harbours.csv").write_text(OLD)
    (folder / SCRIPT).write_text(COPY)
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A server on loopback that gives ports.csv; its address."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "ports.csv").write_text(SOURCE)
    handler = partial(SimpleHTTPRequestHandler, directory=str(served))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def test_a_table_is_made_of_the_file_at_a_path_and_the_rows_that_changed_are_counted(
    tmp_path: Path,
) -> None:
    folder = harbours(tmp_path)
    (tmp_path / "ports.csv").write_text(SOURCE)
    changed = Change("harbours.csv", added=1, removed=1, changed=1, rows=2)
    assert fetch(load(folder), tmp_path / "ports.csv") == [changed]
    assert (folder / "harbours.csv").read_text() == SOURCE
    (again,) = fetch(load(folder), tmp_path)
    assert str(again) == "harbours.csv: 2 rows, as they were"
    assert sorted(path.name for path in folder.iterdir()) == [
        "dataset.ttl", "harbours.csv", SCRIPT, "map.rq"
    ]  # fmt: skip


def test_a_table_is_made_of_the_file_at_its_address(tmp_path: Path, server: str) -> None:
    folder = harbours(tmp_path, address=f"dcat:downloadURL <{server}/ports.csv>")
    fetch(load(folder))
    assert (folder / "harbours.csv").read_text() == SOURCE


def test_an_address_that_gives_nothing_changes_nothing(tmp_path: Path, server: str) -> None:
    for name, address in (
        ("one", f"{server}/gone.csv"),
        ("two", "file:///etc/hostname"),
        ("three", "ftp://127.0.0.1/ports.csv"),
    ):
        folder = harbours(tmp_path / name, address=f"dcat:downloadURL <{address}>")
        with pytest.raises(FetchFailed, match="nothing was rewritten"):
            fetch(load(folder))
        assert (folder / "harbours.csv").read_text() == OLD


def test_a_source_without_a_bound_is_cut_off(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rskg.fetch.MOST_BYTES", 10)
    folder = harbours(tmp_path, address=f"dcat:downloadURL <{server}/ports.csv>")
    with pytest.raises(FetchFailed, match="more than 10 bytes"):
        fetch(load(folder))
    assert (folder / "harbours.csv").read_text() == OLD


def test_a_changed_checksum_ends_it_and_rewrites_nothing(tmp_path: Path, rskg: Run) -> None:
    folder = harbours(tmp_path, described="another file")
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ports.csv").write_text(SOURCE)
    told = rskg("fetch", "harbours", "--from", tmp_path / "ports.csv", RSKG_FILES=str(tmp_path))
    assert told.returncode == 3
    assert told.stderr.count("\n") == 1
    assert "ports.csv is not the file that was described" in told.stderr
    assert sha256(SOURCE.encode()).hexdigest() in told.stderr
    assert (folder / "harbours.csv").read_text() == OLD


def test_a_script_that_fails_says_where_and_rewrites_nothing(tmp_path: Path) -> None:
    bad = "id,name\nbeira,nowhere\n"
    folder = harbours(tmp_path, described=bad)
    (tmp_path / "ports.csv").write_text(bad)
    with pytest.raises(InputError, match=r"row 2, column name: .*nothing was rewritten"):
        fetch(load(folder), tmp_path)
    assert (folder / "harbours.csv").read_text() == OLD


def test_what_only_a_page_gives_has_to_be_brought(tmp_path: Path, rskg: Run) -> None:
    with pytest.raises(UsageError, match=r"get it from https://example.org/ports, and call"):
        fetch(load(harbours(tmp_path)))
    with pytest.raises(UsageError, match="kept by hand"):
        fetch(load(DATA / "actors"))
    assert rskg("fetch", "nowhere").returncode == 2


def test_every_source_has_an_address_or_a_page() -> None:
    for dataset in load_all(DATA):
        for each in sources(dataset):
            assert each.address or each.page, f"{dataset.slug}: {each.name}"
        assert bool(sources(dataset)) >= (dataset.folder / SCRIPT).is_file()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source files are not here")
def test_the_tables_are_what_the_scripts_make_of_the_sources(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    made = 0
    for dataset in load_all(tmp_path / "data"):
        if not (dataset.folder / SCRIPT).is_file():
            continue
        changes = fetch(dataset, SHARED)
        if dataset.tables:
            assert [str(c) for c in changes if not str(c).endswith("as they were")] == []
        made += 1
    assert made >= 11
