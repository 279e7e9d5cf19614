"""Where statements stand: the readers find the parser's triples, and their exact stretches."""

from __future__ import annotations

from pathlib import Path

import pytest

from rskg.syntax import Blocks, Triple, parse_bytes, skolemise, source, source_of
from rskg.syntax.positions import Located, blank_labels, locate
from tests.conftest import ROOT

DOCUMENTS = [
    *(ROOT / "ontology").rglob("*.ttl"),
    *(ROOT / "shapes").rglob("*.ttl"),
    *(ROOT / "data").rglob("*.ttl"),
    *(ROOT / "examples").glob("*/valid.ttl"),
    ROOT / "tests" / "every_construct.ttl",
]
SUITE = ROOT.parent / "shared" / "conformance" / "w3c" / "shacl" / "tests"
HARD = """@prefix : <http://e/> . @prefix e.x: <http://e/> .
@base <http://x/y/> . <a> :p <#b>, </c>, <?d>, <../e>, <http://e/\\u00e9> .
:a :p ( (1) 2 ), ( ( [ :q ( ) ] ) ), ( "x" "y"@en-GB ) . # a comment. with "quotes" and <brackets>
( ( [ :r 1 ] ) 3 ) :p 1 . [] :p [] . [ :q [ :r [] ] ] .
[ :p (1) ; :q 4.5, -3e4, true, .5, 1 ; ; ] :p '''a''b'c'''^^:dt, \"\"\"a"b""c
\"\"\", "\\"\\\\\\n\\u00e9 ☃" .
:a.b :c\\,d :e%20f.g. :x :y :z. :x e.x:y _:a.b, _:b .
PREFIX q: <http://q/>
q: a q:a.q:b, q:\\. .
"""


def graph(found: list[Located]) -> list[str]:
    text = "".join(f"{one.subject} {one.predicate} {one.object} .\n" for one in found)
    return lines(parse_bytes(text.encode(), source_of(b"", "").form))


def lines(triples: list[Triple]) -> list[str]:
    return sorted({str(triple) for triple in skolemise(triples)})


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_reader_finds_the_triples_of_the_parser(path: Path) -> None:
    one = source(path)
    assert one
    assert graph(list(locate(one))) == lines([quad.triple for quad in one.quads()])


def test_the_reader_finds_hard_triples_too() -> None:
    one = source_of(HARD.encode(), "hard")
    found = list(locate(one))
    assert graph(found) == lines([quad.triple for quad in one.quads()])
    for statement in found:
        if statement.predicate.endswith("#rest>"):
            continue
        said = HARD.splitlines()[statement.object_at.line - 1][statement.object_at.column - 1 :]
        start = {"<": "<:aeq(", "_": "_[(", '"': "\"'0123456789-.t"}[statement.object[0]]
        assert said[0] in start, (statement, said)


def test_every_blank_node_of_the_parser_has_a_label_of_the_reader() -> None:
    one = source_of(HARD.encode(), "hard")
    found = list(locate(one))
    labels, count = blank_labels(one, found)
    assert sorted(labels) == list(range(count))
    assert len(set(labels.values())) == count


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.nt", '<a:a> <a:b> "é☃\\u00e9" .\n\n<a:c> <a:d>  _:x .\n', [(1, 13, 23), (3, 14, 17)]),
        ("a.nq", '<a:a> <a:b> "x"@en <a:g> .\n', [(1, 13, 19)]),
        ("a.trig", "@prefix a: <a:> .\na:g { a:a a:b\n 1 . }\n", [(3, 2, 3)]),
        ("a.ttl", "<a:a> <a:b> 'x'@en ; <a:c>\n  <a:d> .", [(1, 13, 19), (2, 3, 8)]),
    ],
)
def test_an_object_has_its_stretch(
    tmp_path: Path, name: str, text: str, expected: list[tuple[int, int, int]]
) -> None:
    (tmp_path / name).write_text(text)
    one = source(tmp_path / name)
    assert one
    stretches = [statement.object_at for statement in locate(one)]
    assert [(at.line, at.column, at.end_column) for at in stretches] == expected


LAYOUTS = {
    "canonical": "<http://e/a> <http://e/p> {} .\n",
    "comment": '<http://e/a> <http://e/p> {} . # "x" .\n',
    "no space": "<http://e/a><http://e/p>{}.\n",
    "tabs": "<http://e/a>\t<http://e/p>\t{}\t.\n",
    "indented": "  <http://e/a> <http://e/p> {} .\n",
    "spaces": "<http://e/a>  <http://e/p>   {}  .\n",
    "other lines' ends": "<http://e/a> <http://e/p> {} .\r\n",
    "escape in the subject": "<http://e/\\u0061> <http://e/p> {} .\n",
    "escape in the predicate": "<http://e/a> <http://e/\\u0070> {} .\n",
}
WAYS = {
    '"bad"': ['"bad"', '"b\\u0061d"', '"bad"^^<http://www.w3.org/2001/XMLSchema#string>'],
    '"bad"@en': ['"bad"@en', '"b\\u0061d"@en'],
    "<http://e/bad>": ["<http://e/bad>", "<http://e/b\\u0061d>"],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("suffix", ["nt", "nq"])
def test_what_is_sought_is_found_in_any_layout(tmp_path: Path, layout: str, suffix: str) -> None:
    """A line is passed over only where it can't matter, however it is written."""
    first = "<http://e/a> <http://e/q> <http://e/first> .\n"
    other = '<http://e/a> <http://e/r> "1" .\n'
    for value, ways in WAYS.items():
        for way in ways:
            path = tmp_path / f"data.{suffix}"
            path.write_text(first + other + LAYOUTS[layout].format(way) + other, newline="")
            one = source(path)
            assert one
            pairs = [("<http://e/a>", "<http://e/p>")]
            pairs += [("<http://e/a>", value), ("<http://e/p>", value)]
            for pair in pairs:
                found = list(locate(one, {"<http://e/a>"}, sought={pair}))
                lines = [statement.subject_at.line for statement in found]
                assert {1, 3} <= set(lines), (way, pair)
                if (layout, suffix) == ("canonical", "nt") and "\\" not in way:
                    assert lines == [1, 3]
                if suffix == "nt":
                    index = Blocks(one)
                    found = list(locate(one, {"<http://e/a>"}, sought={pair}, blocks=index))
                    assert [statement.subject_at.line for statement in found] == lines


def test_an_index_finds_all_blocks_of_a_subject_wherever_they_stand(tmp_path: Path) -> None:
    """Over several readings of the file, with a mark before it, and with subjects that hide."""
    names = [f"<http://e/{number}>" for number in range(40)]
    lines = [f'{name} <http://e/p> "{"x" * 20_000}{turn}" .\n' for turn in "ab" for name in names]
    for extra in ([], ['\t<http://e/7> <http://e/p> "c" .\n', "\n", "# end"]):
        path = tmp_path / "data.nt"
        path.write_text("\ufeff" + "".join(lines + extra))
        one = source(path)
        assert one
        index = Blocks(one)
        assert index.certain() == (not extra)
        wanted = {names[0], names[7], names[39], "<http://e/none>"}
        found, all_ = locate(one, wanted, blocks=index), locate(one)
        places = [(each.subject_at, each.object[-2]) for each in found if each.subject in wanted]
        assert places == [(x.subject_at, x.object[-2]) for x in all_ if x.subject in wanted]
        assert len(places) == 6 + bool(extra)
    text = Blocks(source_of("".join(lines).encode(), "x")).about([names[7].encode()])
    assert text.decode().splitlines(keepends=True) == [lines[7], lines[47]]


def test_only_the_wanted_subjects_are_read() -> None:
    text = HARD.replace("_:a.b, _:b", ":z")
    one = source_of(text.encode(), "hard")
    wanted = {each.subject for each in locate(one) if each.subject.startswith("<")}
    for subject in wanted:
        found = [each for each in locate(one, frozenset([subject])) if each.subject == subject]
        assert found == [each for each in locate(one) if each.subject == subject]


RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"
    xml:base="http://b/c" xml:lang="fr">
  <rdf:Description e:x="1"><e:p><e:T rdf:ID="t"><e:q rdf:parseType="Resource"><e:r>é &amp; 1</e:r>
    </e:q></e:T></e:p><e:p rdf:nodeID="k"/>
    <e:l rdf:parseType="Collection"><rdf:Description e:y="2"/><e:T/></e:l>
    <e:z e:w="9"/> <e:p rdf:datatype="http://e/d">5</e:p> <rdf:li>a</rdf:li>
    <rdf:li rdf:resource="d"/></rdf:Description>
</rdf:RDF>
"""
JSON_LD = """{"@context": [{"e": "http://e/", "name": {"@id": "e:name", "@language": "en"}},
    {"knows": {"@id": "e:knows", "@type": "@id"}, "label": {"@id": "e:label",
     "@container": "@language"}, "by": {"@reverse": "e:wrote"}, "id": "@id"}],
  "@graph": [
    {"@type": "e:T", "id": "e:a", "name": ["é", "b"], "knows": ["e:b", {"name": "c"}],
     "label": {"en": "x", "de": ["y", "z"]}},
    {"e:list": {"@list": [1, {"e:m": 2.5}, true]}, "by": {"id": "e:w", "e:x": null},
     "e:typed": {"@value": "1", "@type": "e:d"}, "e:empty": {}}
  ]}
"""


@pytest.mark.parametrize("text", [RDF_XML, JSON_LD])
def test_the_readers_of_xml_and_json_find_the_parser_s_triples(text: str) -> None:
    one = source_of(text.encode(), "x")
    theirs = lines([quad.triple for quad in one.quads()])
    found = list(locate(one))
    assert set(theirs) - set(graph(found)) == set()
    labels, count = blank_labels(one, found)
    assert sorted(labels) == list(range(count))


@pytest.mark.parametrize(
    ("text", "value", "line", "said"),
    [
        (RDF_XML, '"9"@fr', 7, "<e:z"),
        (RDF_XML, '"5"^^<http://e/d>', 7, "<e:p rdf:datatype"),
        (RDF_XML, "<http://b/d>", 8, "<rdf:li"),
        (JSON_LD, '"é"@en', 5, '"é"'),
        (JSON_LD, '"b"@en', 5, '"b"'),
        (JSON_LD, "<http://e/b>", 5, '"e:b"'),
        (JSON_LD, '"c"@en', 5, '"c"'),
        (JSON_LD, '"1"^^<http://e/d>', 8, '{"@value"'),
    ],
)
def test_a_value_in_xml_or_json_has_its_stretch(
    text: str, value: str, line: int, said: str
) -> None:
    (at,) = {
        each.object_at for each in locate(source_of(text.encode(), "x")) if each.object == value
    }
    assert at.line == line
    assert text.splitlines()[at.line - 1][at.column - 1 :].startswith(said)
