"""The normal form of Turtle: the same graph, every comment, and no second change."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from rskg.errors import InputError
from rskg.paths import Files
from rskg.syntax.turtle import normal_form
from tests.conftest import ROOT, Run

W3C = ROOT.parent / "shared/conformance/w3c"

UNTIDY = """# head

# second
@prefix ex: <http://e.x/> . # of ex
@prefix un: <http://unused/> .
ex:b a ex:C ; # the class
   # about p
   ex:p 1, 2 , # two
     3 ; .
ex:a # subject
 ex:p [ ex:q ( 1 2 # in list
  [ ex:r 'x' ; # r
   # tail
   ] ) # after list
 ], 'y'@en-US ; # fin
 a ex:D # D
 # before dot
 .  # after dot
_:x ex:k _:y . _:y ex:k _:x .
<http://e.x/zz> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.x/a.b> .
PREFIX ex2: <http://x/> # late
ex2:a ex:p \"\"\"a
b # no comment\"\"\" , [], () .
# end
"""

TIDY = """# head

# second
@prefix ex: <http://e.x/> . # of ex
@prefix un: <http://unused/> .

ex:b
    a ex:C ; # the class
    # about p
    ex:p
        1, 2, # two
        3 .

ex:a # subject
    a ex:D ; # D
    ex:p
        [
            ex:q
                (
                    1
                    2 # in list
                    [
                        ex:r 'x' # r
                        # tail
                    ]
                ) # after list
        ],
        'y'@en-US # fin
    # before dot
    . # after dot

_:x ex:k _:y .
_:y ex:k _:x .
ex:zz a <http://e.x/a.b> .

@prefix ex2: <http://x/> .

# late
ex2:a ex:p \"\"\"a
b # no comment\"\"\", [], () .

# end
"""


def graph(text: str) -> Dataset:
    found = Dataset(parse(text, format=RdfFormat.TURTLE, base_iri="http://base/"))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def test_layout_is_one_and_comments_stay_where_they_belong() -> None:
    assert normal_form(UNTIDY) == TIDY
    assert normal_form(TIDY) == TIDY


def test_our_own_files_keep_their_meaning_and_their_comments(files: Files) -> None:
    ours = [
        *files.ontology.rglob("*.ttl"),
        *files.shapes.rglob("*.ttl"),
        *files.data.rglob("*.ttl"),
    ]
    assert len(ours) > 80
    for path in ours:
        text = path.read_text(encoding="utf-8")
        laid = normal_form(text)
        assert normal_form(laid) == laid, path
        assert graph(laid) == graph(text), path
        notes = (sorted(re.findall(r"(?m)^\s*(#.*)$", each)) for each in (text, laid))
        assert next(notes) == next(notes), path


def test_a_comment_anywhere_is_kept_or_the_file_refused() -> None:
    words = [
        "ex:a",
        "ex:p",
        "[",
        "ex:q",
        "(",
        "1",
        "ex:c",
        ")",
        ";",
        "ex:r",
        "'x'@en",
        "]",
        ",",
        "2",
        ".",
    ]
    chance = random.Random(11)
    for turn in range(300):
        pieces = ["@prefix ex: <http://e.x/> ."]
        for position, word in enumerate(words):
            pieces.append(word)
            for number in range(chance.randint(0, 2) if chance.random() < 0.4 else 0):
                pieces.append(f"{chance.choice(['', chr(10)])}#c{turn}-{position}-{number}\n")
        text = " ".join(pieces) + "\n"
        laid = normal_form(text)
        assert normal_form(laid) == laid, text
        assert graph(laid) == graph(text)
        assert sorted(re.findall(r"#c\S+", laid)) == sorted(re.findall(r"#c\S+", text)), text


@pytest.mark.skipif(not W3C.is_dir(), reason="the W3C's suites are not here")
def test_the_w3cs_turtle_is_laid_out_or_refused() -> None:
    laid, refused = 0, 0
    for path in sorted(W3C.rglob("*.ttl")):
        text = path.read_bytes().decode("utf-8", "replace")
        try:
            once = normal_form(text)
        except InputError:
            refused += 1
            continue
        laid += 1
        assert normal_form(once) == once, path
    assert laid > refused


@pytest.mark.parametrize(
    ("text", "line"),
    [("<a:a> <a:b> 'c .\n", 1), ("\n<a:a> <a:b> .\n", 2), ("@prefix a <b:c> .", 1)],
)
def test_what_does_not_parse_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InputError) as told:
        normal_form(text)
    assert told.value.line == line
    assert told.value.column


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(InputError):
        normal_form("<a:a> <a:b> " + "[ <a:c> " * 4000 + "1" + " ]" * 4000 + " .")


def test_redefined_prefixes_and_bases_stay_in_order() -> None:
    text = "@prefix b: <a:x#> .\n@prefix a: <a:y#> .\n@prefix b: <a:z#> .\nb:s a:p b:o .\n"
    assert graph(normal_form(text)) == graph(text)
    based = "@base <http://one/> .\n@prefix p: <two#> .\n<s> p:p <#o> .\n"
    assert graph(normal_form(based)) == graph(based)


def test_the_command_writes_checks_and_refuses(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    untidy = tmp_path / "sub/untidy.ttl"
    untidy.write_text(UNTIDY)
    untidy.chmod(0o640)
    checked = rskg("fmt", "--check", ".")
    assert (checked.returncode, checked.stdout) == (1, "sub/untidy.ttl\n")
    assert untidy.read_text() == UNTIDY
    written = rskg("fmt", ".")
    assert (written.returncode, written.stdout) == (0, "sub/untidy.ttl\n")
    assert untidy.read_text() == TIDY
    assert untidy.stat().st_mode & 0o777 == 0o640
    assert rskg("fmt", "--check", "sub/untidy.ttl").returncode == 0
    (tmp_path / "broken.ttl").write_text("\n<a:a> <a:b> 'c .\n")
    broken = rskg("fmt", ".")
    assert broken.returncode == 3
    assert broken.stderr.startswith("rskg: broken.ttl:2:")
    assert (tmp_path / "broken.ttl").read_text() == "\n<a:a> <a:b> 'c .\n"
    (tmp_path / "x.nt").write_text("")
    assert rskg("fmt", "x.nt").returncode == 2
    assert rskg("fmt", "missing.ttl").returncode == 3
    assert rskg("fmt").returncode == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["broken.ttl", "sub", "x.nt"]
