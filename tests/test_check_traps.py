"""A green run means something: whatever would make it mean nothing exits with its own sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from rskg.errors import ShapesError
from rskg.syntax import Triple, parse_bytes, source_of
from rskg.validation import known_differences, run, second_opinion, soundness
from rskg.validation.fast import Engine
from rskg.validation.routing import route
from tests.conftest import Run

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
COMPANY = "ex:Company-shape a sh:NodeShape ; sh:targetClass ex:Company ;"
SHAPES = f"{COMPANY} sh:property [ sh:path ex:name ; sh:minCount 1 ] ."
GOOD = 'ex:a a ex:Company ; ex:name "A" .'


def triples(text: str) -> list[Triple]:
    return parse_bytes((PREFIXES + text).encode(), source_of(b"", "").form)


@pytest.mark.parametrize(
    ("shapes", "data", "arguments", "sentence"),
    [
        ("ex:a ex:b ex:c .", GOOD, [], "no shape was loaded: the files given as shapes hold none"),
        (
            SHAPES.replace("sh:", "ssh:").replace(
                "ex:", "@prefix ssh: <https://www.w3.org/ns/shacl#> . ex:", 1
            ),
            GOOD,
            ["--allow-empty"],
            "did you mean <http://www.w3.org/ns/shacl#>?",
        ),
        ("ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", GOOD, [], "no shape says which nodes"),
        (SHAPES, "ex:a a ex:Firm .", [], "no shape looks at any node of these files"),
        (
            SHAPES,
            "ex:a ex:kind ex:Company . ex:b a ex:Firm .",
            ["--allow-empty"],
            "the class is a value of <http://example.org/kind>; is rdf:type (`a`) meant?",
        ),
        (
            f"{COMPANY} sh:sparql [ sh:select 'SELECT $this WHERE {{ $this ?p ' ] .",
            GOOD,
            [],
            "the SPARQL of a constraint doesn't parse, line 1 column 31",
        ),
        (SHAPES, f"<http://o/> owl:imports <http://else/> . {GOOD}", [], "import <http://else/>"),
        (f"<http://o/> owl:imports <http://else/> . {SHAPES}", GOOD, [], "import <http://else/>"),
    ],
)
def test_a_run_that_means_nothing_is_refused(
    rskg: Run, tmp_path: Path, shapes: str, data: str, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + shapes)
    (tmp_path / "data.ttl").write_text(PREFIXES + data)
    told = rskg("validate", "data.ttl", "--shapes", "shapes.ttl", *arguments)
    assert (told.returncode, told.stdout) == (4, ""), told.stdout
    assert sentence in told.stderr
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("http://w3id.org/rskg/ontology#", "http://w3id.org/rskg/ontology#"),
        ("https://w3id.org/rskg/ontology/", "https://w3id.org/rskg/ontology"),
        ("https://w3id.org/rskg/ontology", "https://w3id.org/rskg/ontology"),
        ("https://www.w3id.org/rskg/ontology#", "https://www.w3id.org/rskg/ontology#"),
        ("https://w3id.org/rksg/ontology#", "https://w3id.org/rksg/ontology#"),
        ("https://w3id.org/rskg/Ontology#", "https://w3id.org/rskg/Ontology#"),
        ("https://w3id.org/rskg/ontolgy#", "https://w3id.org/rskg/ontolgy#"),
    ],
)
def test_a_namespace_that_is_nearly_ours_is_refused_with_its_line(
    rskg: Run, tmp_path: Path, wrong: str, near: str
) -> None:
    (tmp_path / "data.ttl").write_text(f"\n@prefix r: <{wrong}> .\n<a:a> a r:Company .\n")
    told = rskg("validate", "data.ttl", "--allow-empty")
    assert told.returncode == 4
    assert told.stderr.startswith(f"rskg: data.ttl:2: <{near}> is nearly our namespace")
    assert "did you mean <https://w3id.org/rskg/ontology#>?" in told.stderr


def test_one_file_without_focus_nodes_is_told_and_not_refused(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES)
    (tmp_path / "data.ttl").write_text(PREFIXES + GOOD)
    (tmp_path / "other.ttl").write_text("<http://a/> <http://b/> 1 .")
    told = rskg("validate", "data.ttl", "other.ttl", "--shapes", "shapes.ttl")
    assert told.returncode == 0, told.stderr
    assert "other.ttl: no shape looks at any node of this file" in told.stderr
    assert "1 shapes x 1 focus nodes" in told.stdout
    alone = rskg("validate", "other.ttl", "--shapes", "shapes.ttl", "--allow-empty")
    assert alone.returncode == 0
    assert "1 shapes x 0 focus nodes" in alone.stdout


def test_an_import_that_is_among_the_files_is_none_skipped(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES)
    (tmp_path / "a.ttl").write_text(f"{PREFIXES}<http://o/> owl:imports <http://else/> . {GOOD}")
    (tmp_path / "b.ttl").write_text(f"{PREFIXES}<http://else/> a owl:Ontology .")
    told = rskg("validate", "a.ttl", "b.ttl", "--shapes", "shapes.ttl")
    assert told.returncode == 0, told.stderr


# --- Shapes that an engine would pass over in silence ---------------------------------------------


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (f"{COMPANY} sh:property [ sh:minCount 1 ] .", "one sh:path, not 0"),
        (f"{COMPANY} sh:property [ sh:path ex:a, ex:b ; sh:minCount 1 ] .", "one sh:path, not 2"),
        (f"{COMPANY} sh:property ex:Nowhere .", "ex.*Nowhere>, which is nowhere described"),
        (f"{COMPANY} sh:node ex:Nowhere .", "nowhere described"),
        (f"{COMPANY} sh:or ( ex:Nowhere [ sh:nodeKind sh:IRI ] ) .", "nowhere described"),
        (f"{COMPANY} sh:sparql [ sh:ask 'ASK {{}}' ] .", "needs an sh:select"),
        (f"{COMPANY} sh:property [ sh:path ex:a ; sh:minCont 1 ] .", "is sh:minCount meant"),
        (f"{COMPANY} sh:property [ sh:path ex:a ; sh:nonsense 1 ] .", "SHACL has no sh:nonsense"),
        (
            f"{COMPANY} sh:sparql [ sh:select "
            "'SELECT $this WHERE { $this ?p ?o { SELECT ?o WHERE { ?o ?a ?b } } }' ] .",
            "sub-SELECT must return",
        ),
    ],
)
def test_ill_formed_shapes_are_refused(shapes: str, sentence: str) -> None:
    with pytest.raises(ShapesError, match=sentence):
        soundness.require(triples(shapes))


# --- Where the fast engine differs ----------------------------------------------------------------

DIFFERENCES = {
    "look-around and back-references": (
        f"{COMPANY} sh:property [ sh:path ex:name ; sh:pattern '^(?!A)' ] .",
        [("PatternConstraintComponent", "Violation")],
    ),
    "severity of a SPARQL constraint": (
        f"{COMPANY} sh:severity sh:Info ; sh:sparql [ sh:severity sh:Warning ; "
        "sh:select 'SELECT $this WHERE { $this <http://example.org/name> ?x }' ] .",
        [("SPARQLConstraintComponent", "Info")],
    ),
}


@pytest.mark.parametrize("name", [each.name for each in known_differences()])
def test_a_known_difference_is_one_and_goes_to_pyshacl(name: str) -> None:
    text, expected = DIFFERENCES[name]
    shapes = triples(text)
    other = triples(SHAPES.replace("Company-shape", "Other"))
    data = triples("ex:a a ex:Company ; ex:name 'A' . ex:b a ex:Company .")
    routed = route([*shapes, *other])
    assert [each.name for each in routed.differences] == [name]
    assert {str(t.subject) for t in routed.fast} >= {"<http://example.org/Other>"}
    right = second_opinion.run(data, shapes)
    assert [(r.component, r.severity) for r in right] == expected
    try:
        fast = Engine(shapes).run(data)
    except ShapesError:
        fast = []
    assert [(r.component, r.severity) for r in fast] != expected, "no difference any more"
    found = {(r.component, r.severity) for r in run(data, [*shapes, *other])}
    assert found == {*expected, ("MinCountConstraintComponent", "Violation")}


def test_the_second_opinion_is_told(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES)
    (tmp_path / "data.ttl").write_text(f"{PREFIXES}{GOOD} [] a ex:Company .")
    told = rskg("validate", "data.ttl", "--shapes", "shapes.ttl", "--second-opinion")
    assert told.returncode == 1, told.stderr
    assert "second opinion: pySHACL finds the same 1 results" in told.stderr
