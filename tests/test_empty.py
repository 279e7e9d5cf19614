"""Why an answer is empty: each reason planted, and none for queries that have an answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import rskg
from rskg import ontology
from rskg.linting import Finding, reasons, told
from rskg.paths import Files
from rskg.query import load_all
from rskg.store import Reader
from rskg.syntax import Term
from tests.conftest import Run
from tests.hostile_queries import HOSTILE


def why(
    reader: Reader, files: Files, text: str, bindings: Mapping[str, Term] | None = None
) -> list[Finding]:
    prefixes = ontology.load(files.ontology).prefixes
    return told(
        reasons(text, prefixes, bindings), lambda q: reader.answer(q, format_name="tsv").body
    )


@pytest.mark.parametrize(
    ("pattern", "kind", "words"),
    [
        ("?x a rskg:Compny", "absent-term", "did you mean rskg:Company?"),
        ("?x rskg:basdIn ?c", "absent-term", "did you mean rskg:basedIn?"),
        ("?x rdfs:labl ?l", "absent-term", "did you mean rdfs:label?"),
        ("actor:rio-tnto rdfs:label ?l", "absent-term", "did you mean actor:rio-tinto?"),
        ("?x rskg:adopts process:irma-standrd", "absent-term", "mean process:irma-standard?"),
        ("?x <http://example.org/p> ?y", "absent-term", "nothing has the property"),
        ("?x a skos:Collection", "absent-term", "nothing is a skos:Collection"),
        ("?x a dcat:Dataset", "other-graph", "in GRAPH graph:provenance"),
        ("?x dcat:distribution ?y", "other-graph", "in GRAPH graph:provenance"),
        (
            "GRAPH <https://w3id.org/rskg/graph/data/actor> { ?s ?p ?o }",
            "absent-graph",
            "did you mean <https://w3id.org/rskg/graph/data/actors>?",
        ),
        ("?x a rskg:Process ; rskg:basedIn ?c", "never-meet", "?x is rskg:Actor"),
        ('?x skos:prefLabel "Gewinnung"@en', "other-language", 'there is "Gewinnung"@de'),
        ('?x skos:prefLabel "Extraction"', "other-language", '"Extraction"@en'),
        ('?x skos:prefLabel "extraction"@en', "spelling", '"Extraction"@en'),
        ('?x skos:prefLabel "Extractoin"@en', "spelling", '"Extraction"@'),
        ('?x rskg:involvedSince "2020"', "other-datatype", '"2020"^^xsd:gYear'),
        ("?x rskg:involvedSince 2020", "other-datatype", '"2020"^^xsd:gYear'),
        ("?x rskg:rank -5", "no-match", "there is for example"),
        ('?x skos:prefLabel ?l FILTER(LANG(?l) = "zz")', "other-language", "de, en, "),
        ('?x skos:prefLabel ?l FILTER(?l = "Extraction")', "other-language", '"Extraction"@en'),
        ("?x rskg:adopts ?y FILTER(?x = actor:rio-tnto)", "condition", "mean actor:rio-tinto?"),
        ("VALUES ?x { actor:rio-tnto } ?x rdfs:label ?l", "condition", "mean actor:rio-tinto?"),
        ("?x rdfs:label ?l FILTER(STRLEN(?l) > 9999)", "condition", "leaves nothing of `?x rdfs"),
        ("process:irma-standard rskg:issues ?x", "direction", "the other way round"),
        ("?x rskg:basdIn/rdfs:label ?n", "absent-term", "did you mean rskg:basedIn?"),
        ("?x rdfs:subClassOf+ rskg:Proces", "absent-term", "did you mean rskg:Process?"),
        ("process:irma-standrd rskg:relatesTo+ ?n", "absent-term", "mean process:irma-standard?"),
        ("?x rskg:adopts/rskg:basedIn ?n", "no-match", "nothing matches `?x rskg:adopts/rskg:"),
        ("?x a <https://w3id.org/rskg/ontology/Process>", "absent-term", "mean rskg:Process?"),
        ("?x <http://w3id.org/rskg/#basedIn> ?c", "absent-term", "did you mean rskg:basedIn?"),
        ('?x rskg:involvedSince "2020-01-01"^^xsd:date', "other-datatype", '"^^xsd:gYear'),
        (
            '?x a rskg:Stage ; skos:prefLabel ?n FILTER(LANG(?n) = "it")',
            "other-language",
            "leaves nothing of what matches; languages there: de, en, es, fr",
        ),
        (
            "?x a rskg:Process . BIND(STR(?x) AS ?n) FILTER(?n = 'x')",
            "condition",
            "without `FILTER(?n = 'x')` there are rows",
        ),
        ("?x a rskg:Process MINUS { ?x rdfs:label ?n }", "condition", "without `MINUS { ?x rdfs"),
        (
            "?x a rskg:Process FILTER NOT EXISTS { ?x rdfs:label ?n }",
            "condition",
            "without `FILTER NOT EXISTS {",
        ),
        (
            "GRAPH <https://w3id.org/rskg/graph/data/events> { ?x a rskg:Instrument }",
            "absent-term",
            "in this graph",
        ),
        (
            "GRAPH <https://w3id.org/rskg/graph/data/actors> { ?x rskg:eventDate ?n }",
            "other-graph",
            "in this graph, but in GRAPH <https://w3id.org/rskg/graph/data/events>",
        ),
        (
            "?x rdfs:label ?l ; rskg:adopts ?p . ?p rdfs:label ?m FILTER(STR(?l) = STR(?m))",
            "condition",
            "leaves nothing of what matches",
        ),
    ],
)
def test_a_reason_is_told(
    reader: Reader, files: Files, pattern: str, kind: str, words: str
) -> None:
    text = f"SELECT * WHERE {{\n  {pattern}\n}}"
    assert len(reader.select(text)) == 0
    (one,) = why(reader, files, text)
    assert (one.kind, one.line, one.column > 2) == (kind, 2, True)
    assert words in one.sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * { ?x a rskg:Process } LIMIT 0", "without `LIMIT 0` there are rows"),
        ("SELECT * { ?x a rskg:Process } OFFSET 99999", "without `OFFSET 99999` there"),
        (
            "SELECT ?x (COUNT(*) AS ?n) { ?x rdfs:label ?l } GROUP BY ?x HAVING(COUNT(*) > 9999)",
            "without `HAVING(COUNT(*) > 9999)` there are rows",
        ),
        ("SELECT ?n { ?x a rskg:Stage ; rskg:basedIn ?c . ?c rdfs:label ?n }", "never meet in ?x"),
        (
            "SELECT * FROM <https://w3id.org/rskg/graph/data/events> { ?x a rskg:Rule }",
            "in the graphs of FROM",
        ),
    ],
)
def test_what_ends_a_query_is_told_too(reader: Reader, files: Files, text: str, words: str) -> None:
    assert len(reader.select(text)) == 0
    assert words in why(reader, files, text)[0].sentence


def test_a_union_is_told_when_all_its_branches_fail(reader: Reader, files: Files) -> None:
    branches = "SELECT * {{ {{ ?x a rskg:Compny }} UNION {{ ?x a {} }} }}"
    assert why(reader, files, branches.format("rskg:Company")) == []
    both = why(reader, files, branches.format("rskg:Proces"))
    assert [one.suggestion for one in both] == ["rskg:Company", "rskg:Process"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (COUNT(*) AS ?n) { ?x a rskg:Compny }",
        "SELECT * { ?x a rskg:Company OPTIONAL { ?x rskg:basdIn ?c } }",
        "SELECT * { ?x a rskg:Company FILTER NOT EXISTS { ?x rskg:basdIn ?c } }",
        "SELECT * { ?x a rskg:Company MINUS { ?x a rskg:Proces } }",
        "SELECT * { ?x a rskg:Company { SELECT (COUNT(*) AS ?n) { ?x a rskg:Proces } } }",
        "SELECT * { VALUES ?x { actor:rio-tinto actor:rio-tnto } ?x rdfs:label ?l }",
        "SELECT * { ?x a rskg:Company FILTER(?x != actor:rio-tnto) }",
        "SELECT * { _:a a rskg:Company . _:a rdfs:label ?l }",
        "SELECT * FROM <https://w3id.org/rskg/graph/provenance> { ?x a dcat:Dataset }",
        "SELECT * { ?x rskg:basdIn* ?y } LIMIT 1",
    ],
)
def test_what_has_an_answer_gets_no_reason(reader: Reader, files: Files, text: str) -> None:
    assert reader.select(text)
    assert why(reader, files, text) == []


def test_our_own_questions_raise_no_alarm(reader: Reader, files: Files) -> None:
    questions = load_all(files.queries)
    assert len(questions) > 34
    for slug, query in questions.items():
        defaults = query.bindings({})
        if why(reader, files, query.sparql, defaults):
            answer = reader.answer(query.sparql, format_name="csv", bindings=defaults)
            assert answer.empty, slug


def test_no_text_is_too_strange(files: Files) -> None:
    """Whatever the query, and whatever can't be had: a list, and never an exception."""

    def nothing(query: str) -> bytes:
        assert query.count("LIMIT") > 0
        return b"?n\n"

    strange = [
        "",
        "SELECT",
        "ASK {",
        "}{",
        "FILTER(",
        "VALUES",
        "SELECT * { ?s ?p <<( ?a ?b 1 )>> }",
    ]
    texts = [*HOSTILE.values(), *strange]
    for text in texts:
        assert isinstance(told(reasons(text), nothing), list)


def test_python_tells_it(store: Path) -> None:
    kg = rskg.open(store)
    found = kg.query("SELECT * { ?x a rskg:Compny }")
    (one,) = found.why()
    assert str(one).startswith("1:17: absent-term: ")
    assert one.suggestion == "rskg:Company"
    assert "did you mean rskg:Company?" in found._repr_html_()
    assert kg.query("ASK { ?x a rskg:Compny }").why()
    assert kg.query("CONSTRUCT WHERE { ?x a rskg:Compny }").why()
    assert kg.query("SELECT * { ?x a rskg:Company }").why() == []
    (parameter,) = kg.ask("uptake-by-instrument", process="irma-standrd").why()
    assert parameter.suggestion == "process:irma-standard"
    assert parameter.sentence.startswith("the parameter process = process:irma-standrd leaves")
    (parameter,) = kg.ask("open-leads", dataset="actor").why()
    assert parameter.suggestion == '"actors"'
    (parameter,) = kg.ask("recorded-achievements", process="irma-standard", operator="apple").why()
    assert parameter.sentence.startswith("the parameter operator = actor:apple leaves nothing; ")
    assert "for example with actor:" in parameter.sentence


def test_the_commands_tell_it(rskg: Run, store: Path, tmp_path: Path) -> None:
    text = "SELECT * { ?x a rskg:Process ; rskg:basedIn ?c }"
    for form in ("table", "csv", "json"):
        told = rskg("query", "-", "--store", store, "--format", form, stdin=text)
        assert told.returncode == 0
        assert "query:1:32: never-meet: " in told.stderr
        assert "never-meet" not in told.stdout
    (tmp_path / "empty.rq").write_text("SELECT * { ?x rdfs:labl ?l }")
    assert rskg("lint-query", "empty.rq").returncode == 0
    linted = rskg("lint-query", "empty.rq", "--against", store)
    assert (linted.returncode, linted.stdout[:26]) == (1, "empty.rq:1:15: absent-term")
