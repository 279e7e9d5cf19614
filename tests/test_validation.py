"""What the fast engine is given in other words says what it said before."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from rskg.namespaces import RDF, SH
from rskg.report import Result
from rskg.syntax import (
    NT,
    Blocks,
    NamedNode,
    Source,
    Triple,
    lines,
    parse_bytes,
    source_of,
    with_predicates,
)
from rskg.validation import check, explained, fast, inner, second_opinion

HEAD = """@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ; """
DATA = """@prefix ex: <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:B rdfs:subClassOf ex:A . ex:C rdfs:subClassOf ex:B . ex:A rdfs:subClassOf ex:C .
ex:E rdfs:subClassOf ex:D .
ex:1 a ex:T, ex:A ; ex:p ex:2 . ex:2 a ex:T, ex:C ; ex:p ex:3, "text", 4 .
ex:3 a ex:T, ex:E ; ex:p ex:1, ex:2, ex:A . ex:4 a ex:T ; ex:p ex:b, ex:d .
ex:b a ex:B . ex:d a ex:D .
ex:5 a ex:T, ex:B, ex:E ; ex:p ex:5, ex:nowhere .
"""
CLASS = NamedNode(SH + "class")
INNER = [
    "sh:not [ sh:class ex:A ]",
    "sh:not [ a sh:NodeShape ; sh:class ex:A, ex:D ]",
    "sh:or ( [ sh:class ex:A ] [ sh:class ex:D ] )",
    "sh:xone ( [ sh:class ex:A ] [ sh:class ex:D ] )",
    "sh:property [ sh:path ex:p ; sh:and ( [ sh:class ex:A ] [ sh:nodeKind sh:IRI ] ) ]",
    "sh:property [ sh:path ex:p ; sh:node [ sh:class ex:A ] ]",
    "sh:property [ sh:path ex:p ; sh:or ( [ sh:class ex:A ] [ sh:not [ sh:class ex:D ] ] ) ]",
    "sh:not [ sh:path ex:p ; sh:class ex:A ]",
    "sh:property [ sh:path ex:p ; sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 2 ; "
    "sh:qualifiedValueShape [ sh:class ex:A ] ]",
]
OUTER = [
    "sh:class ex:A",
    "sh:property [ sh:path ex:p ; sh:class ex:A ]",
    "sh:property _:x ; sh:not _:x . _:x sh:path ex:p ; sh:class ex:A",
    "sh:not _:x . _:x sh:targetClass ex:T ; sh:class ex:A",
    "sh:node ex:N . ex:N sh:class ex:A",
]


def triples(text: str) -> list[Triple]:
    return parse_bytes(text.encode(), source_of(b"", "").form)


def told(engine: type[fast.Engine] | type[second_opinion.Engine], shapes: list[Triple]) -> object:
    found = engine(shapes).run(triples(DATA))
    return sorted((one.focus, one.path or "", one.value or "", one.component) for one in found)


@pytest.mark.parametrize("body", INNER)
def test_inner_shapes_say_the_same_by_a_path(body: str) -> None:
    shapes = triples(f"{HEAD}{body} .")
    assert not any(triple.predicate == CLASS for triple in inner.by_path(shapes))
    assert told(fast.Engine, shapes) == told(second_opinion.Engine, shapes) != []


@pytest.mark.parametrize("body", OUTER)
def test_shapes_whose_results_are_seen_stay_as_they_are(body: str) -> None:
    shapes = triples(f"{HEAD}{body} .")
    assert inner.by_path(shapes) == shapes
    assert told(fast.Engine, shapes) == told(second_opinion.Engine, shapes) != []


def test_a_list_without_an_end_is_left_alone() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    ring = f"sh:or _:l . _:l <{rdf}first> [ sh:class ex:A ] ; <{rdf}rest> _:m . "
    shapes = triples(f"{HEAD}{ring} _:m <{rdf}first> ex:N ; <{rdf}rest> _:l .")
    assert inner.by_path(shapes) == shapes


BRANCHES = [
    *INNER,
    "sh:or ( [ sh:closed true ; sh:ignoredProperties ( rdf:type ) ] [ sh:class ex:D ] )",
    "sh:or ( [ sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount 0 ] ] [ sh:not [ "
    "sh:property [ sh:path ( ex:p ex:p ) ; sh:minCount 1 ] ] ] )",
    "sh:not [ sh:sparql [ sh:select 'SELECT $this WHERE { $this ?any <http://e/A> }' ] ]",
]


@pytest.mark.parametrize("body", BRANCHES)
def test_branches_fail_for_the_same_reasons_with_the_lines_that_matter(body: str) -> None:
    """Of lines only those are looked at that a branch may look at; of Turtle, all."""
    shapes, nt = triples(f"{HEAD}{body} ."), lines(triples(DATA))
    turtle = source_of(DATA.encode(), "data")
    told = []
    for one in (turtle, Source("data", NT.engine, lambda: BytesIO(nt))):
        found = check([one], shapes).report.results
        told.append(explained(found, [one], shapes))
        index = {one.name: Blocks(one)} if one.form == NT.engine else {}
        told.append(explained(found, [one], shapes, blocks=index))
    assert all(each == told[0] for each in told[1:])
    assert any(one.explanation for one in told[0])


def test_an_explanation_of_a_big_file_reads_what_lies_near_its_result() -> None:
    """Sorted by subject and with an index: the engine gets what the branch can reach, no more."""
    far = "".join(f"<http://e/far-{n}> <http://e/q> <http://e/far-{n + 1}> .\n" for n in range(999))
    near = "<http://e/a> <http://e/p> <http://e/b> .\n<http://e/b> <http://e/p> <http://e/c> .\n"
    one = source_of(f"{far}<http://e/a> <{RDF}type> <http://e/T> .\n{near}".encode(), "data.nt")
    one = replace(one, form=NT.engine)
    shapes = triples(
        f"{HEAD}sh:or ( [ sh:property [ sh:path ( ex:p ex:p ex:p ) ; sh:minCount 1 ] ] ) ."
    )
    given: list[str] = []

    class Listening(fast.Engine):
        def run_lines(self, text: str) -> list[Result]:
            given.append(text)
            return super().run_lines(text)

    found = check([one], shapes).report.results
    assert len(found) == 1
    (result,) = explained(
        found,
        [one],
        shapes,
        engines=lambda rules: [Listening(rules)],
        blocks={one.name: Blocks(one)},
    )
    assert [one.holds for one in result.branches] == [False]
    (text,) = given
    assert near in text
    assert "far" not in text


ODD = [
    "<http://e/a>\t<http://e/p> 1 .",
    " <http://e/a> <http://e/p> <http://e/b> .",
    "<http://e/a>  <http://e/p> <http://e/b> .",
    "<http://e/a><http://e/p><http://e/b> .",
    "<http://e/a> <http://e/\\u0070> <http://e/b> .",
]


@pytest.mark.parametrize("odd", ODD)
def test_only_lines_with_another_predicate_for_certain_are_left_out(odd: str) -> None:
    wanted, other = (f"<http://e/a> <http://e/{name}> <http://e/b> .\n" for name in "pq")
    kept = with_predicates(f"{other}{odd}\n{wanted}# end\n".encode(), {b"<http://e/p>"})
    assert odd in kept.decode()
    kept = with_predicates(f"{other}{wanted}{other}".encode(), {b"<http://e/p>"})
    assert kept.decode() == wanted
