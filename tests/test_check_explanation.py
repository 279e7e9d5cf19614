"""A result of a constraint that asks for shapes says which branch failed and why, or held."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import jsonschema
import pytest
from pyoxigraph import RdfFormat

from rskg.check import Options
from rskg.check import check as check_files
from rskg.namespaces import SH
from rskg.paths import installed
from rskg.report import FORMATS, Place, Report
from rskg.report.telling import because
from rskg.shapes import load
from rskg.syntax import Source, Triple, by_subject, parse_bytes, source
from rskg.validation import check, explained
from rskg.validation.engines import Engine, engine_named, engines_of
from rskg.validation.explanation import DEEPEST, MOST
from tests.schemas import schema

Written = Callable[[str, str], tuple[list[Triple], Source]]
PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
A = "<http://example.org/a>"
P = "<http://example.org/p>"
LONG = "[ sh:minLength 4 ]"


def on_p(constraint: str) -> str:
    return f"sh:property [ sh:path ex:p ; {constraint} ]"


#: Shape; data; what is said, line by line, with how deep it stands.
CASES: dict[str, tuple[str, str, list[tuple[int, str]]]] = {
    "or": (
        on_p("sh:or ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] [ sh:in ( 'a' 'b' ) ] )"),
        "ex:a ex:p 'x' , 1 .",
        [
            (0, "none of 3 branches holds"),
            (1, 'branch 1: "x" is no xsd:integer'),
            (1, 'branch 2: "x" is not of kind sh:IRI'),
            (1, 'branch 3: "x" is none of ("a", "b")'),
        ],
    ),
    "or of a node": (
        f"sh:or ( [ {on_p('sh:minCount 2')} ] [ sh:path ex:q ; sh:minCount 1 ] )",
        "ex:a ex:p 'x' .",
        [
            (0, "none of 2 branches holds"),
            (1, f"branch 1: {A} has fewer than 2 values at {P}"),
            (1, f"branch 2: {A} has no value at <http://example.org/q>"),
        ],
    ),
    "two ors": (
        on_p("sh:or ( [ sh:minLength 1 ] ) ; sh:or ( [ sh:minLength 4 ] [ sh:hasValue 'q' ] )"),
        "ex:a ex:p 'x' .",
        [
            (0, "none of 2 branches holds"),
            (1, 'branch 1: "x" is shorter than 4 characters'),
            (1, 'branch 2: "x" lacks the value "q"'),
        ],
    ),
    "the or of this path": (
        f"{on_p('sh:or ( [ sh:minLength 4 ] )')} ; "
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:or ( [ sh:maxLength 1 ] ) ]",
        "ex:a ex:p 'xx' .",
        [
            (0, "none of 1 branches holds"),
            (1, 'branch 1: "xx" is shorter than 4 characters'),
        ],
    ),
    "xone, none": (
        on_p(f"sh:xone ( {LONG} [ sh:pattern '^y' ] )"),
        "ex:a ex:p 'x' .",
        [
            (0, "none of 2 branches holds, and exactly one must"),
            (1, 'branch 1: "x" is shorter than 4 characters'),
            (1, 'branch 2: "x" doesn\'t match "^y"'),
        ],
    ),
    "xone, two": (
        on_p("sh:xone ( [ sh:minLength 1 ; rdfs:label 'A word'@en ] [ sh:maxLength 1 ] ex:Long )"),
        "ex:a ex:p 'x' .",
        [
            (0, "2 of 3 branches hold, and exactly one must"),
            (1, "branch 1 (A word) holds: sh:minLength 1"),
            (1, "branch 2 holds: sh:maxLength 1"),
            (1, 'branch 3 (Long): "x" is shorter than 4 characters'),
        ],
    ),
    "and": (
        on_p(f"sh:and ( [ sh:minLength 1 ] {LONG} )"),
        "ex:a ex:p 'x' .",
        [
            (0, "1 of 2 branches fails, and all must hold"),
            (1, 'branch 2: "x" is shorter than 4 characters'),
        ],
    ),
    "node": (
        on_p("sh:node ex:N"),
        "ex:a ex:p ex:b , ex:c . ex:b ex:z 1 , 2 . ex:c ex:z 3 .",
        [
            (0, "<http://example.org/b> is not as N asks"),
            (
                1,
                "N: <http://example.org/b> has more than 1 value at <http://example.org/z> "
                "(Say z once.)",
            ),
        ],
    ),
    "node of a blank node": (
        on_p("sh:node ex:N"),
        "ex:a ex:p [ ex:z 1 , 2 ] .",
        [
            (0, "_:b0 is not as N asks"),
            (1, "N: _:b0 has more than 1 value at <http://example.org/z> (Say z once.)"),
        ],
    ),
    "not": (
        on_p("sh:not [ sh:class ex:T ]"),
        "ex:a ex:p ex:a .",
        [
            (0, f"{A} is what it must not be"),
            (1, "the shape holds: sh:class <http://example.org/T>"),
        ],
    ),
    "not one of several": (
        "sh:not [ sh:or ( [ sh:class ex:U ] [ sh:class ex:T ] ) ]",
        "ex:a ex:p 1 .",
        [
            (0, f"{A} is what it must not be"),
            (1, "the shape holds: sh:class <http://example.org/T>"),
        ],
    ),
    "qualifiedMinCount": (
        on_p(f"sh:qualifiedValueShape {LONG} ; sh:qualifiedMinCount 2"),
        "ex:a ex:p 'long enough' , 'x' .",
        [
            (0, "too few values are as asked (sh:minLength 4), 1 of those told is not"),
            (1, 'not counted: "x" is shorter than 4 characters'),
        ],
    ),
    "qualifiedMinCount of nothing": (
        on_p(f"sh:qualifiedValueShape {LONG} ; sh:qualifiedMinCount 1"),
        "ex:a ex:q 1 .",
        [(0, "too few values are as asked (sh:minLength 4), none of those told are not")],
    ),
    "qualifiedMaxCount": (
        on_p(f"sh:qualifiedValueShape {LONG} ; sh:qualifiedMaxCount 1"),
        "ex:a ex:p 'long one' , 'long two' , 'x' .",
        [
            (0, "too many values are as asked (sh:minLength 4)"),
            (1, '"long one" holds: sh:minLength 4'),
            (1, '"long two" holds: sh:minLength 4'),
        ],
    ),
    "branches inside branches": (
        on_p("sh:node [ sh:and ( [ sh:or ( [ sh:minLength 4 ] [ sh:datatype xsd:date ] ) ] ) ]"),
        "ex:a ex:p 'x' .",
        [
            (0, '"x" is not as the shape asks'),
            (1, 'the shape: "x" fails a shape of which all must hold'),
            (2, "1 of 1 branches fails, and all must hold"),
            (3, 'branch 1: "x" fails each shape of which one must hold'),
            (4, "none of 2 branches holds"),
            (5, 'branch 1: "x" is shorter than 4 characters'),
            (5, 'branch 2: "x" is no xsd:date'),
        ],
    ),
    "a property of a property": (
        on_p(f"sh:or ( [ {on_p('sh:property [ sh:path ex:q ; sh:minCount 1 ]')} ] )"),
        "ex:a ex:p ex:b . ex:b ex:p ex:c .",
        [
            (0, "none of 1 branches holds"),
            (1, "branch 1: <http://example.org/c> has no value at <http://example.org/q>"),
        ],
    ),
    "SPARQL inside": (
        on_p(
            "sh:node [ sh:sparql [ sh:message 'Be short.' ; sh:select "
            "'SELECT $this WHERE { FILTER(STRLEN(STR($this)) > 3) }' ] ]"
        ),
        "ex:a ex:p 'long' .",
        [
            (0, '"long" is not as the shape asks'),
            (1, 'the shape: "long" breaks a constraint in SPARQL (Be short.)'),
        ],
    ),
}
MORE = (
    "ex:Long a sh:NodeShape ; sh:minLength 4 . ex:N a sh:NodeShape ; "
    "sh:property [ sh:path ex:z ; sh:maxCount 1 ; sh:message 'Say z once.' ] . "
)


@pytest.fixture
def told(tmp_path: Path) -> Written:
    """Shapes as triples and data as a document."""

    def write(shape: str, data: str) -> tuple[list[Triple], Source]:
        (tmp_path / "shapes.ttl").write_text(
            f"{PREFIXES}{MORE}ex:S a sh:NodeShape ; sh:targetClass ex:T ; {shape} ."
        )
        (tmp_path / "data.ttl").write_text(f"{PREFIXES}ex:a a ex:T . {data}")
        document = source(tmp_path / "data.ttl")
        assert document is not None
        return load([tmp_path / "shapes.ttl"]).triples, document

    return write


def fast(shapes: Sequence[Triple]) -> list[Engine]:
    return [engine_named("fast", shapes)]


def pyshacl(shapes: Sequence[Triple]) -> list[Engine]:
    return [engine_named("second_opinion", shapes)]


@pytest.mark.parametrize("engines", [fast, pyshacl])
@pytest.mark.parametrize("case", CASES)
def test_each_branch_is_told_with_its_reason(
    told: Written, case: str, engines: Callable[[Sequence[Triple]], list[Engine]]
) -> None:
    shape, data, wanted = CASES[case]
    shapes, document = told(shape, data)
    (engine,) = engines(shapes)
    (found,) = engine.check([document], b"")
    assert found.branches == ()
    (result,) = explained([found], [document], shapes, engines=engines)
    assert because(result) == wanted
    assert (result.focus, result.value) == (found.focus, found.value)


class _Counting:
    """Engines that count how often they are asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, shapes: Sequence[Triple]) -> Sequence[Engine]:
        self.asked += 1
        return engines_of(shapes)


def test_what_needs_no_explanation_runs_no_engine(told: Written) -> None:
    shapes, document = told(f"{on_p('sh:minLength 4')} ; {CASES['or'][0]}", "ex:a ex:p 'x' .")
    found = check([document], shapes).report.results
    plain = [one for one in found if one.component == "MinLengthConstraintComponent"]
    assert (len(found), len(plain)) == (2, 1)
    counting = _Counting()
    assert explained(plain, [document], shapes, engines=counting) == plain
    assert explained([], [document], shapes, engines=counting) == []
    assert counting.asked == 0
    explained(found, [document], shapes, engines=counting)
    assert counting.asked == 1  # all branches of all results at once


def test_a_clean_file_costs_one_run_of_the_engine(told: Written, tmp_path: Path) -> None:
    """The process counts what it asks of the engine: a file with results costs one more."""
    told(on_p(f"sh:or ( {LONG} )"), "ex:a ex:p 'long' .")
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rskg.validation import fast\n"
        "from rskg.check import Options, check\n"
        "from rskg.paths import installed\n"
        "asked = []\n"
        "was = fast.Engine.check\n"
        "fast.Engine.check = lambda *given: asked.append(1) or was(*given)\n"
        "check(['data.ttl'], installed(), Options([Path('shapes.ttl')]))\n"
        "print(len(asked))\n"
    )
    for data, runs in (("'long'", 1), ("'x'", 2)):
        told(on_p(f"sh:or ( {LONG} )"), f"ex:a ex:p {data} .")
        command = [sys.executable, "-c", program]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert int(ran.stdout) == runs


def test_branches_are_tried_to_a_bounded_depth(told: Written) -> None:
    deep = f"{'sh:node [ ' * 12}sh:minLength 4{' ]' * 12}"
    shapes, document = told(on_p(deep), "ex:a ex:p 'x' .")
    counting = _Counting()
    (found,) = check([document], shapes).report.results
    (result,) = explained([found], [document], shapes, engines=counting)
    assert counting.asked == DEEPEST
    assert max(depth for depth, _ in because(result)) == 2 * DEEPEST - 1


REASON = 'branch 1: "x" is shorter than 4 characters'


@pytest.fixture
def report(told: Written) -> Report:
    shapes, document = told(on_p(f"sh:or ( {LONG} )"), "ex:a ex:p 'x' .")
    found = check([document], shapes).report
    placed = [one.at(Place("data.ttl", 5, 1)) for one in found.results]
    return replace(found, results=tuple(explained(placed, [document], shapes)))


@pytest.mark.parametrize("form", ["text", "github", "csv"])
def test_the_reason_stands_in_the_lines(report: Report, form: str) -> None:
    text = FORMATS[form](report, "violation").replace('""', '"')
    assert "none of 1 branches holds" in text
    assert REASON in text


def test_json_has_the_branches_as_results_of_their_own(report: Report) -> None:
    (result,) = json.loads(FORMATS["json"](report, "violation"))["results"]
    assert result["explanation"] == "none of 1 branches holds"
    (branch,) = result["branches"]
    assert (branch["name"], branch["holds"]) == ("branch 1", False)
    (inner,) = branch["results"]
    assert (inner["component"], inner["value"]) == ("MinLengthConstraintComponent", '"x"')


def test_html_and_junit_have_the_reason(report: Report) -> None:
    page = html5lib.parse(FORMATS["html"](report, "violation"), namespaceHTMLElements=False)
    assert REASON in "".join(page.find(".//tbody/tr").itertext())
    tree = ElementTree.fromstring(FORMATS["junit"](report, "violation"))
    assert REASON in (tree.findtext(".//failure") or "")


def test_sarif_has_the_reason_and_stays_valid(report: Report) -> None:
    log = json.loads(FORMATS["sarif"](report, "violation"))
    jsonschema.validate(log, schema("sarif-2.1.0"))
    assert f"- {REASON}" in log["runs"][0]["results"][0]["message"]["text"]


def test_rdf_has_each_result_of_a_branch_as_sh_detail(report: Report) -> None:
    for form, kind in (("turtle", "ttl"), ("jsonld", "jsonld")):
        triples = parse_bytes(
            FORMATS[form](report, "violation").encode(), RdfFormat.from_extension(kind)
        )
        said = by_subject(triples)
        (detail,) = [t.object for t in triples if t.predicate.value == f"{SH}detail"]
        told = {t.predicate.value.removeprefix(SH): str(t.object) for t in said[detail]}
        assert told["sourceConstraintComponent"] == f"<{SH}MinLengthConstraintComponent>"
        assert told["value"] == '"x"'
        assert told["focusNode"] == '"x"'
        assert sum(t.predicate.value == f"{SH}result" for t in triples) == 1


@pytest.mark.parametrize("left", [0, 1])
def test_what_is_left_unexplained_is_told(told: Written, tmp_path: Path, left: int) -> None:
    data = "".join(f"ex:b{n} a ex:T ; ex:p 'x' . " for n in range(MOST + left))
    told(on_p(f"sh:or ( {LONG} )"), data)
    options = Options([tmp_path / "shapes.ttl"])
    found = check_files([str(tmp_path / "data.ttl")], installed(), options)
    assert sum(one.explanation is not None for one in found.results) == MOST
    for form in ("json", "sarif", "html", "junit"):
        said = FORMATS[form](found, "violation")
        assert (f"{left} results have no explanation" in said) == bool(left)
