"""Queries against the ontology alone: what is wrong is told with its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rskg import ontology
from rskg.errors import QuerySyntaxError
from rskg.linting import Finding, Vocabulary, lint
from rskg.paths import Files
from tests.conftest import Run

HEAD = "PREFIX rskg: <https://w3id.org/rskg/ontology#>\n"


@pytest.fixture(scope="module")
def vocabulary(files: Files) -> Vocabulary:
    return Vocabulary.of(ontology.load(files.ontology).triples)


def found(text: str, vocabulary: Vocabulary) -> list[Finding]:
    return lint(HEAD + text, vocabulary)


def test_our_own_queries_are_clean(files: Files, vocabulary: Vocabulary) -> None:
    prefixes = ontology.load(files.ontology).prefixes
    ours = [
        *files.queries.glob("*.rq"),
        *(files.root / "rskg").rglob("*.rq"),
        *files.data.rglob("*.rq"),
    ]
    assert len(ours) > 60
    for path in ours:
        assert lint(path.read_text(encoding="utf-8"), vocabulary, prefixes) == [], path


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("rskg:Compny", "rskg:Company"),
        ("rskg:company", "rskg:Company"),
        ("rskg:basdIn", "rskg:basedIn"),
        ("rskg:coverStage", "rskg:coversStage"),
        ("<https://w3id.org/rskg/ontology#Proces>", "https://w3id.org/rskg/ontology#Process"),
    ],
)
def test_a_typo_is_told_with_its_place_and_what_was_meant(
    typo: str, meant: str, vocabulary: Vocabulary
) -> None:
    (one,) = found(f"SELECT ?x WHERE {{\n  ?x ?p {typo}, rskg:Actor .\n}}", vocabulary)
    assert (one.line, one.column, one.kind, one.suggestion) == (3, 9, "unknown-term", meant)
    assert f"did you mean {meant}?" in one.sentence


def test_a_word_like_nothing_gets_no_guess(vocabulary: Vocabulary) -> None:
    (one,) = found("ASK { ?x rskg:qqqqqqqq ?y }", vocabulary)
    assert one.suggestion is None
    assert "did you mean" not in one.sentence


@pytest.mark.parametrize(
    "pattern",
    [
        "?y a rskg:Process . ?y rskg:actorKind ?k .",
        "?y rskg:actorKind ?k ; a rskg:Process .",
        "?y a rskg:Process OPTIONAL { ?y rskg:actorKind ?k }",
        "?y rskg:lei ?l . ?l rskg:basedIn ?c .",
        '?z rskg:basedIn "Peru"@en .',
        "?z rskg:basedIn 5 .",
        "?y a rskg:Process, rskg:Actor .",
    ],
)
def test_what_can_never_be_is_told(pattern: str, vocabulary: Vocabulary) -> None:
    (one,) = found(f"SELECT * WHERE {{ {pattern} }}", vocabulary)
    assert one.kind == "impossible"
    assert (one.line, one.column > 1) == (2, True)


@pytest.mark.parametrize(
    "pattern",
    [
        "{ ?y a rskg:Process } UNION { ?y a rskg:Actor }",
        "?y a rskg:Company ; rskg:actorKind ?k .",
        "?y a rskg:Process { SELECT ?k { ?y rskg:actorKind ?k } }",
        '?y rskg:lei "x" . FILTER(?y != rskg:Process)',
        "?y a rskg:Process ; rskg:actorKind/rskg:basedIn ?k .",
        "?y a rskg:Process . VALUES (?y ?z) { (rskg:Actor 1) }",
        "[ a rskg:Process ] rskg:relatedTo* [ rskg:actorKind ?k ] .",
        "GRAPH ?g { ?y a rskg:Process } BIND(STR(?y) AS ?s)",
    ],
)
def test_what_may_be_is_not(pattern: str, vocabulary: Vocabulary) -> None:
    told = list(found(f"SELECT * WHERE {{ {pattern} }}", vocabulary))
    assert [one for one in told if one.kind == "impossible"] == []


def test_a_prefix_without_use_and_a_namespace_nearly_ours(vocabulary: Vocabulary) -> None:
    text = "PREFIX foo: <f:>\nPREFIX r: <http://w3id.org/rskg/ontology#>\nASK { ?x a r:Actor }"
    told = lint(text, vocabulary)
    assert [(one.line, one.column, one.kind) for one in told] == [
        (1, 8, "unused-prefix"),
        (2, 11, "namespace"),
    ]


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p", "SELEC * {}", "", "ASK { ?x foo:bar ?y }"])
def test_what_is_no_query_is_told_with_its_place(text: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(QuerySyntaxError):
        lint(text, vocabulary)


def test_the_command_exits_by_what_it_found(rskg: Run, files: Files, tmp_path: Path) -> None:
    good = rskg("lint-query", files.queries)
    assert (good.returncode, good.stdout) == (0, "")
    (tmp_path / "typo.rq").write_text(HEAD + "ASK { ?x a rskg:Compny }")
    typo = rskg("lint-query", "typo.rq")
    assert typo.returncode == 1
    assert typo.stdout.startswith("typo.rq:2:12: unknown-term: ")
    (tmp_path / "broken.rq").write_text("SELECT *\n{ ?s ?p")
    broken = rskg("lint-query", ".")
    assert broken.returncode == 3
    assert "rskg: broken.rq:2:" in broken.stderr
    assert "typo.rq:2:12" in broken.stdout
    assert rskg("lint-query").returncode == 2
    assert rskg("lint-query", "nowhere.rq").returncode == 3
