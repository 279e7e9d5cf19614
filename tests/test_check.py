"""`rskg validate` finds what it should, wherever it is, and loads only what it needs."""

from __future__ import annotations

import bz2
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from backports import zstd

from tests.conftest import ROOT, Run

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = f"""{PREFIXES}
ex:NodeShape a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
  sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ; sh:message "not an IRI"@en ] .
"""


def results(rskg: Run, *arguments: str | Path, stdin: str = "") -> list[dict[str, object]]:
    told = rskg("validate", *arguments, "--report", "json", stdin=stdin)
    assert told.returncode in (0, 1), told.stderr
    found: list[dict[str, object]] = json.loads(told.stdout)["results"]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return tmp_path


def test_the_command_loads_neither_the_endpoint_nor_rdflib_nor_pyshacl(tmp_path: Path) -> None:
    """The check runs in a fork: what both load is written down at each import."""
    valid, loads = ROOT / "examples" / "actor" / "valid.ttl", tmp_path / "loads"
    program = (
        "import sys\n"
        f"loads = open({str(loads)!r}, 'a', buffering=1)\n"
        "def note(event, given):\n"
        "    if event == 'import': loads.write(given[0].partition('.')[0] + '\\n')\n"
        "sys.addaudithook(note)\n"
        "from rskg.cli import rskg\n"
        f"rskg(['validate', {str(valid)!r}], standalone_mode=False)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert "conforms" in told.stdout
    loaded = set(loads.read_text().split())
    assert {"shacl", "pyoxigraph"} <= loaded
    heavy = {"fastapi", "starlette", "rdflib", "pyshacl", "owlready2", "rustdl", "jinja2", "rich"}
    assert loaded & heavy == set()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstd.compress])
def test_a_compressed_document_is_read(rskg: Run, folder: Path, pack: object) -> None:
    suffix = {"gzip": "gz", "bz2": "bz2"}.get(getattr(pack, "__module__", ""), "zst")
    path = folder / f"data.ttl.{suffix}"
    path.write_bytes(pack(f"{PREFIXES}ex:a ex:p 1 .".encode()))  # type: ignore[operator]
    (found,) = results(rskg, path, "--shapes", "shapes.ttl")
    assert found["focus"] == "<http://example.org/a>"


@pytest.mark.parametrize(
    "text",
    [
        f"{PREFIXES}ex:a ex:p 1 .",
        "<http://example.org/a> <http://example.org/p> 1 .",
        '{"@id": "http://example.org/a", "http://example.org/p": 1}',
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:ex="http://example.org/"><rdf:Description rdf:about="http://example.org/a">'
        "<ex:p>1</ex:p></rdf:Description></rdf:RDF>",
        "\ufeff" + PREFIXES + "ex:a ex:p 1 .",
    ],
)
def test_standard_input_tells_its_format_by_how_it_begins(
    rskg: Run, folder: Path, text: str
) -> None:
    (found,) = results(rskg, "-", "--shapes", "shapes.ttl", stdin=text)
    assert found["focus"] == "<http://example.org/a>"


def test_a_folder_and_a_pattern_give_every_document_once(rskg: Run, folder: Path) -> None:
    (folder / "in" / "deep").mkdir(parents=True)
    (folder / "in" / "a.ttl").write_text(f"{PREFIXES}ex:a ex:p 1 .")
    (folder / "in" / "deep" / "b.nt").write_text(
        "<http://example.org/b> <http://example.org/p> <http://example.org/c> .\n"
        '<http://example.org/b> <http://example.org/p> "x" .\n'
    )
    for paths in (["in"], ["in", "in/a.ttl"], ["in/**/*"], ["in/a.ttl", "in/*/b.nt"]):
        found = results(rskg, *paths, "--shapes", "shapes.ttl")
        assert [result["focus"] for result in found] == [
            "<http://example.org/a>",
            "<http://example.org/b>",
        ]
    assert rskg("validate", "in/*.rdf", "--shapes", "shapes.ttl").returncode == 3


def test_blank_nodes_of_two_documents_stay_two(rskg: Run, folder: Path) -> None:
    (folder / "a.ttl").write_text(f"{PREFIXES}_:x ex:p ex:o . [] ex:q 1 .")
    (folder / "b.ttl").write_text(f"{PREFIXES}_:x ex:p 1 , 2 .")
    found = results(rskg, "a.ttl", "b.ttl", "--shapes", "shapes.ttl")
    assert len(found) == 2
    assert len({result["focus"] for result in found}) == 1


def test_what_one_document_declares_the_next_may_not_use(rskg: Run, folder: Path) -> None:
    (folder / "a.ttl").write_text(f"{PREFIXES}@base <http://example.org/> . <a> ex:p 1 .")
    (folder / "b.ttl").write_text("ex:b ex:p 1 .")
    (folder / "c.ttl").write_text("<b> <http://example.org/p> 1 .")
    for name in ("b.ttl", "c.ttl"):
        told = rskg("validate", "a.ttl", name, "--shapes", "shapes.ttl")
        assert told.returncode == 3
        assert told.stderr.startswith(f"rskg: {name}:1:")


@pytest.mark.parametrize(
    ("name", "content", "code", "sentence"),
    [
        (
            "cut.ttl.gz",
            gzip.compress(PREFIXES.encode() * 9)[:-20],
            3,
            "compressed file is cut short",
        ),
        ("plain.ttl.gz", b"no gzip", 3, "can't be read"),
        ("latin.ttl", f"{PREFIXES}ex:a ex:p '\xff' .".encode("latin-1"), 3, "latin.ttl:3:12: "),
        ("deep.ttl", f"{PREFIXES}ex:a ex:p {'[ ex:p ' * 3000}1 {']' * 3000} .".encode(), 1, ""),
    ],
    ids=["cut", "plain", "latin", "deep"],
)
def test_a_document_from_a_stranger_ends_in_one_sentence(
    rskg: Run, folder: Path, name: str, content: bytes, code: int, sentence: str
) -> None:
    (folder / name).write_bytes(content)
    told = rskg("validate", name, "--shapes", "shapes.ttl")
    assert told.returncode == code, told.stderr
    assert sentence in told.stderr
    assert len(told.stderr.splitlines()) == (code != 1)
