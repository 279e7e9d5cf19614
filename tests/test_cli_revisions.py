"""`rskg revisions`, `backup`, `restore` and `dump` as processes."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest

from rskg.cli.dump import zstd
from rskg.store import Revisions
from rskg.syntax import Literal, NamedNode, Triple
from tests import writing
from tests.conftest import Run

GRAPH = "http://example.org/graph"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A store of two revisions, the second a release."""
    revisions = Revisions(tmp_path / "small")
    writing.amend(revisions, "one")
    writing.amend(revisions, "two")
    revisions.name(2, "spring")
    return tmp_path / "small"


def said(told: subprocess.CompletedProcess[str]) -> str:
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_the_revisions_are_listed_and_shown(rskg: Run, small: Path) -> None:
    lines = said(rskg("revisions", "list", "--store", small)).splitlines()
    assert lines[0].split() == ["revision", "made", "(UTC)", "triples", "release", "note"]
    assert lines[1].split()[0] == "2"
    assert lines[1].split()[2:] == ["600", "spring", "amend", "two"]
    listed = json.loads(said(rskg("revisions", "list", "--store", small, "--format", "json")))
    assert [each["number"] for each in listed] == [2, 1]
    shown = said(rskg("revisions", "show", "spring", "--store", small))
    assert "revision 2, release spring: amend two" in shown
    assert "copied from 1" in shown
    flat = json.loads(said(rskg("revisions", "show", "1", "--store", small, "--format", "json")))
    assert flat["graphs"] == {"default": 300, GRAPH: 300}


def test_two_revisions_are_compared(rskg: Run, small: Path) -> None:
    Revisions(small).amend(lambda draft: draft.remove(writing.content("one")[:2]), "less")
    table = said(rskg("revisions", "diff", "spring", "3", "--store", small)).splitlines()
    assert [line.split() for line in table] == [
        ["graph", "added", "removed"],
        ["default", "+0", "-2"],
    ]
    flat = json.loads(
        said(rskg("revisions", "diff", "1", "2", "--store", small, "--format", "json"))
    )
    assert flat["graphs"][0] == {"graph": "default", "added": 300, "removed": 0}
    assert flat["terms"] == {"added": [], "retired": [], "renamed": []}
    patch = said(rskg("revisions", "diff", "2", "3", "--store", small, "--format", "patch"))
    assert sorted(patch.splitlines()) == sorted(f"D {t} ." for t in writing.content("one")[:2])
    same = said(rskg("revisions", "diff", "3", "3", "--store", small))
    assert same == "revisions 3 and 3 hold the same triples\n"


def test_terms_that_changed_are_told_by_line(rskg: Run, tmp_path: Path) -> None:
    ontology = "https://w3id.org/rskg/graph/ontology"
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    term = NamedNode("https://w3id.org/rskg/ontology#Fresh")
    revisions = Revisions(tmp_path)
    revisions.amend(lambda draft: draft.add(writing.content("x")), "one")
    revisions.amend(lambda draft: draft.add([Triple(term, kind, Literal("c"))], ontology), "two")
    told = said(rskg("revisions", "diff", "1", "2", "--store", tmp_path))
    assert f"added: {term.value}" in told.splitlines()


def test_rolling_back_naming_and_pruning(rskg: Run, small: Path) -> None:
    told = rskg("revisions", "rollback", "1", "--store", small)
    assert said(told) == "revision 3 is what revision 1 was\n"
    assert said(rskg("revisions", "name", "3", "fix", "--store", small)) == (
        "revision 3 is release fix\n"
    )
    writing.amend(Revisions(small), "three")
    first = said(rskg("revisions", "prune", "--store", small, RSKG_KEEP_REVISIONS="1"))
    assert first == "removed revisions 1; 3 revisions stay\n"
    assert said(rskg("revisions", "prune", "--store", small)) == (
        "removed nothing; 3 revisions stay\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["revisions", "show", "9"], 2, "there is no revision 9"),
        (["revisions", "diff", "1", "autumn"], 2, "there is no release autumn"),
        (["revisions", "rollback", "9"], 2, "there is no revision 9"),
        (["revisions", "name", "1", "2026"], 2, "can't name a release"),
        (["revisions", "name", "1", "spring"], 2, "spring names revision 2"),
        (["restore", "nowhere"], 2, "there is no backup in nowhere"),
        (["dump", "--output", "out.txt"], 2, "out.txt ends in none of"),
        (["dump", "--output", "out.nq", "--format", "trig"], 2, "reads as nq, not as trig"),
        (["dump", "--output", "out.ttl.gz"], 2, "one graph"),
        (["dump", "--output", "no/where.nq"], 5, "can't write no/where.nq"),
        (["dump", "--revision", "autumn"], 2, "there is no release autumn"),
        (["backup", "small"], 2, "inside the store"),
    ],
)
def test_a_wrong_request_is_one_sentence(
    rskg: Run, small: Path, arguments: list[str], code: int, sentence: str
) -> None:
    told = rskg(*arguments, "--store", small)
    assert told.returncode == code
    assert sentence in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert told.stdout == ""


def test_compacting_changes_no_triple(rskg: Run, small: Path, tmp_path: Path) -> None:
    said(rskg("revisions", "compact", "--store", small))
    told = said(rskg("revisions", "diff", "2", "3", "--store", small))
    assert told == "revisions 2 and 3 hold the same triples\n"
    assert rskg("revisions", "compact", "--store", tmp_path / "empty").returncode == 5


def test_a_keep_that_is_no_number_is_refused(rskg: Run, small: Path) -> None:
    assert rskg("revisions", "prune", "--keep", "0", "--store", small).returncode == 2
    told = rskg("revisions", "prune", "--store", small, RSKG_KEEP_REVISIONS="many")
    assert told.returncode == 2
    assert "--keep" in told.stderr


def test_a_store_goes_to_a_backup_and_back(rskg: Run, small: Path, tmp_path: Path) -> None:
    told = rskg("backup", tmp_path / "copy", "--store", small)
    assert said(told) == f"2 revisions, the newest 2, of {small} are in {tmp_path / 'copy'}\n"
    again = rskg("backup", tmp_path / "copy", "--store", small)
    assert again.returncode == 2
    assert "not empty" in again.stderr
    over = rskg("restore", tmp_path / "copy", "--store", small)
    assert over.returncode == 2
    assert "holds revisions" in over.stderr
    said(rskg("restore", tmp_path / "copy", "--store", tmp_path / "new"))
    dumps = [said(rskg("dump", "--store", root)) for root in (small, tmp_path / "new")]
    assert dumps[0] == dumps[1] != ""


def test_a_dump_goes_to_a_file_packed_or_plain(rskg: Run, small: Path, tmp_path: Path) -> None:
    expected = said(rskg("dump", "--store", small)).encode()
    for name in ("all.nq", "all.nq.gz", "all.nq.zst"):
        assert said(rskg("dump", "--store", small, "--output", name)) == ""
    plain, packed, small_one = (
        (tmp_path / f"all.nq{end}").read_bytes() for end in ("", ".gz", ".zst")
    )
    assert plain == gzip.decompress(packed) == zstd.decompress(small_one) == expected
    assert max(len(packed), len(small_one)) < len(plain) / 4
    said(rskg("dump", "--store", small, "--output", "again.nq.gz"))
    assert (tmp_path / "again.nq.gz").read_bytes() == packed, "equal graphs give equal bytes"
    said(rskg("dump", "--store", small, "--graph", GRAPH, "--output", "one.ttl.zst"))
    assert b"example.org/two" in zstd.decompress((tmp_path / "one.ttl.zst").read_bytes())
    said(rskg("dump", "--store", small, "--revision", "1", "--output", "first.nq"))
    assert len((tmp_path / "first.nq").read_bytes()) < len(plain)
    assert not list(tmp_path.glob(".*.part"))


def test_a_query_can_ask_a_release(rskg: Run, small: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    asked = rskg(
        "query", "-", "--store", small, "--revision", "spring", "--format", "csv", stdin=text
    )
    assert said(asked).split() == ["n", "600"]
