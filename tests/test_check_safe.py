"""Files from strangers end in one sentence: bounded in size, time and memory, off the network."""

from __future__ import annotations

import bz2
import gzip
import os
import socket
from pathlib import Path

import pytest
from backports import zstd

from tests.conftest import Run

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
TARGET = f"{PREFIXES} ex:Shape a sh:NodeShape ; sh:targetSubjectsOf ex:p ; "
SHAPES = f'{TARGET} sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ; sh:message "not an IRI" ] .'
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LONG = "http://example.org/" + "a" * 10_000_000
ENDLESS_PATTERN = f'{TARGET} sh:property [ sh:path ex:p ; sh:pattern "^(?=a)(a+)+$" ] .'
ENDLESS_QUERY = (
    f'{TARGET} sh:sparql [ sh:message "m" ; sh:select """SELECT $this WHERE {{ '
    + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(9))
    + ' FILTER(STRLEN(CONCAT(STR(?o0), STR(?o8))) < 0) }""" ] .'
)
MANY = PREFIXES + " ".join(f"ex:n{i} ex:q {i} ." for i in range(300)) + "ex:a ex:p 'x' ."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return tmp_path


def xml(body: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{head}<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="http://example.org/">'
        f"{body}</rdf:RDF>"
    )


def one_sentence(told: object, code: int, words: str) -> None:
    stderr, stdout = told.stderr, told.stdout  # type: ignore[attr-defined]
    assert told.returncode == code, stderr  # type: ignore[attr-defined]
    assert words in stderr
    assert len(stderr.splitlines()) == 1
    assert len(stderr) < 1000
    assert stdout == ""


@pytest.mark.parametrize("suffix", ["gz", "bz2", "zst"])
def test_a_bomb_is_read_up_to_its_bound(rskg: Run, folder: Path, suffix: str) -> None:
    pack = {"gz": gzip.compress, "bz2": bz2.compress, "zst": zstd.compress}[suffix]
    path = folder / f"bomb.ttl.{suffix}"
    path.write_bytes(pack(PREFIXES.encode() + b" \n" * 2_000_000))
    told = rskg("validate", path, "--shapes", "shapes.ttl", RSKG_CHECK_BYTES="2000000")
    one_sentence(told, 3, f"{path}: the document is larger than 2,000,000 bytes")


def test_standard_input_is_bounded_as_files_are(rskg: Run, folder: Path) -> None:
    told = rskg(
        "validate", "-", "--shapes", "shapes.ttl", stdin=" " * 3000, RSKG_CHECK_BYTES="2000"
    )
    one_sentence(told, 3, "the document is larger than 2,000 bytes")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", f"{PREFIXES}ex:a ex:p ex:b , ex:c , ex:d ."),
        ("a.nt", "<http://example.org/a> <http://example.org/p> <http://example.org/b> .\n" * 3),
    ],
)
def test_triples_are_counted(rskg: Run, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    arguments = ("validate", name, "--shapes", "shapes.ttl")
    assert rskg(*arguments, RSKG_CHECK_TRIPLES="3").returncode == 0
    told = rskg(*arguments, RSKG_CHECK_TRIPLES="2")
    one_sentence(told, 3, f"{name}: the document holds more than 2 triples")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", f"{PREFIXES}<{LONG}> ex:p 1 ."),
        ("b.ttl", f"@prefix ex: <{LONG}> . ex:a ex:p 1 ."),
        ("c.jsonld", f'{{"@id": "{LONG}", "http://example.org/p": 1}}'),
        ("d.rdf", xml(f'<rdf:Description rdf:about="{LONG}"><ex:p>1</ex:p></rdf:Description>')),
    ],
)
def test_an_iri_of_ten_megabytes_is_refused(rskg: Run, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    told = rskg("validate", name, "--shapes", "shapes.ttl")
    one_sentence(told, 3, f"{name}: an IRI is longer than")


def test_a_long_literal_is_data_and_told_in_short(rskg: Run, folder: Path) -> None:
    (folder / "a.ttl").write_text(f"{PREFIXES}ex:a ex:p '{'a' * 3_000_000}' .")
    told = rskg("validate", "a.ttl", "--shapes", "shapes.ttl")
    assert told.returncode == 1
    assert "not an IRI" in told.stdout
    assert len(told.stdout) < 5000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "laughs.rdf",
            xml(
                '<rdf:Description rdf:about="http://example.org/a"><ex:p>&a9;</ex:p>'
                "</rdf:Description>",
                '<!DOCTYPE r [<!ENTITY a0 "xxxxxxxxxx">'
                + "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
                + "]>",
            ).encode(),
            "laughs.rdf: its XML entities would add more than",
        ),
        ("deep.jsonld", b"[" * 200_000 + b"]" * 200_000, "deep.jsonld:1:"),
        (
            "mixed.ttl",
            f"{PREFIXES}ex:a ex:p 'ä' .\n".encode() + "ex:b ex:p 1 .".encode("utf-16"),
            "mixed.ttl:4:1: ",
        ),
        ("cut.ttl.bz2", bz2.compress(PREFIXES.encode() * 9)[:-20], "is cut short"),
        ("cut.ttl.zst", zstd.compress(PREFIXES.encode() * 9)[:-9], "is cut short"),
    ],
)
def test_a_hostile_document_is_unreadable(
    rskg: Run, folder: Path, name: str, content: bytes, words: str
) -> None:
    (folder / name).write_bytes(content)
    one_sentence(rskg("validate", name, "--shapes", "shapes.ttl"), 3, words)


@pytest.mark.parametrize("shapes", [ENDLESS_PATTERN, ENDLESS_QUERY])
def test_an_endless_constraint_is_stopped_and_leaves_nothing(
    rskg: Run, folder: Path, shapes: str
) -> None:
    (folder / "shapes.ttl").write_text(shapes)
    (folder / "a.ttl").write_text(MANY + f"ex:b ex:p '{'a' * 60}!' .")
    scraps = folder / "scraps"
    scraps.mkdir()
    told = rskg(
        *("validate", "a.ttl", "--shapes", "shapes.ttl", "--timeout", "2s"), TMPDIR=str(scraps)
    )
    one_sentence(told, 5, "the check was stopped at its time budget: 2 of 2 seconds used")
    assert list(scraps.iterdir()) == []


def test_memory_is_bounded(rskg: Run, folder: Path) -> None:
    (folder / "a.ttl").write_text(MANY + f"ex:b ex:p '{'a ' * 20_000_000}' .")
    told = rskg("validate", "a.ttl", "--shapes", "shapes.ttl", RSKG_CHECK_MEMORY="100000000")
    one_sentence(told, 5, "the check was stopped at its memory budget")


def test_nothing_is_fetched(rskg: Run, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        (folder / "a.jsonld").write_text(f'{{"@context": "{here}", "@id": "{here}"}}')
        one_sentence(rskg("validate", "a.jsonld", "--shapes", "shapes.ttl"), 3, "a.jsonld: ")
        (folder / "a.ttl").write_text(f"{PREFIXES}ex:a ex:p ex:b .")
        for clause in (f"WHERE {{ SERVICE <{here}> {{ ?s ?p ?o }} }}", f"FROM <{here}> {{}}"):
            (folder / "reach.ttl").write_text(
                f'{TARGET} sh:sparql [ sh:select "SELECT $this {clause}" ] .'
            )
            for more in ([], ["--second-opinion"]):
                told = rskg("validate", "a.ttl", "--shapes", "reach.ttl", *more)
                one_sentence(told, 4, "SPARQL is refused: a check looks at nothing but the files")
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_words_that_only_look_like_reaching_out_are_kept(rskg: Run, folder: Path) -> None:
    (folder / "a.ttl").write_text(f"{PREFIXES}ex:a ex:p ex:b .")
    (folder / "shapes.ttl").write_text(
        f"{TARGET} sh:sparql [ sh:message 'm' ; sh:select '''SELECT $this WHERE {{ # SERVICE <x>\n"
        "$this <http://example.org/service> ?from . FILTER(?from = \"FROM <x>\") }}''' ] .".replace(
            "}}", "}"
        )
    )
    assert rskg("validate", "a.ttl", "--shapes", "shapes.ttl").returncode == 0


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (0, ["good.ttl"]),
        (1, ["bad.ttl"]),
        (2, ["good.ttl", "--report", "poem"]),
        (2, ["good.ttl", "--timeout", "soon"]),
        (3, ["absent.ttl"]),
        (3, ["broken.ttl"]),
        (4, ["empty.ttl"]),
        (5, ["good.ttl", "--report", "json=absent/out.json"]),
    ],
)
def test_exit_codes(rskg: Run, folder: Path, code: int, arguments: list[str]) -> None:
    (folder / "good.ttl").write_text(f"{PREFIXES}ex:a ex:p ex:b .")
    (folder / "bad.ttl").write_text(f"{PREFIXES}ex:a ex:p 1 .")
    (folder / "broken.ttl").write_text(f"{PREFIXES}ex:a ex:p")
    (folder / "empty.ttl").write_text(f"{PREFIXES}ex:a ex:q 1 .")
    told = rskg("validate", *arguments, "--shapes", "shapes.ttl")
    assert told.returncode == code, told.stderr
    assert bool(told.stderr) == (code > 1)
    assert "Traceback" not in told.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork, no budget")
def test_a_setting_that_is_no_number_is_a_usage_error(rskg: Run, folder: Path) -> None:
    told = rskg("validate", "shapes.ttl", RSKG_CHECK_SECONDS="soon")
    one_sentence(told, 2, "RSKG_CHECK_SECONDS takes a number")
