"""Revisions on disk, and queries that are answered whole or refused."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from rskg.errors import NotAcceptable, QuerySyntaxError, RefusedFeature, StoreError, UsageError
from rskg.store import Reader, Revisions, Workbench
from rskg.syntax import Literal, NamedNode, Triple

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")
EVERYTHING = "SELECT * WHERE { ?s ?p ?o }"


def bench(*values: str) -> Workbench:
    made = Workbench()
    made.add(Triple(A, P, Literal(value)) for value in values)
    return made


@pytest.fixture
def small(tmp_path: Path) -> Reader:
    revisions = Revisions(tmp_path, {"ex": "http://example.org/"})
    made = bench("one", "two")
    made.add([Triple(A, P, Literal("told"))], "http://example.org/graph")
    revisions.commit(made, "test")
    return revisions.open()


def test_each_commit_is_a_revision_and_older_ones_stay(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    assert revisions.current() is None
    assert [revisions.commit(bench("1"), "a"), revisions.commit(bench("1", "2"), "b")] == [1, 2]
    assert len(revisions.open(1).select(EVERYTHING)) == 1
    assert len(revisions.open().select(EVERYTHING)) == 2
    assert (revisions.describe(2).note, revisions.describe(2).triples) == ("b", 2)


def test_an_empty_store_and_an_unknown_revision_are_told(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    with pytest.raises(StoreError, match="rskg build"):
        revisions.open()
    revisions.commit(bench("1"), "a")
    with pytest.raises(UsageError, match="no revision 7"):
        revisions.open(7)


def test_litter_of_a_crash_is_no_revision_and_goes_away(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    revisions.commit(bench("1"), "a")
    litter = tmp_path / "revisions" / ".making-2-12345"
    litter.mkdir()
    assert revisions.numbers() == [1]
    assert revisions.commit(bench("2"), "b") == 2
    assert not litter.exists()


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    revisions.commit(bench("1"), "a")
    with (tmp_path / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another process"):
            Revisions(tmp_path, patience=0.1).commit(bench("2"), "b")
    assert revisions.numbers() == [1]


def test_a_folder_that_is_a_file_can_not_be_a_store(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    with pytest.raises(StoreError, match="--store"):
        Revisions(tmp_path / "store").commit(bench("1"), "a")


def test_a_query_sees_the_default_graph_and_names_the_others(small: Reader) -> None:
    assert small.size() == 2
    assert small.graph_names() == ["http://example.org/graph"]
    assert len(small.select("SELECT ?o { GRAPH ex:graph { ?s ?p ?o } }")) == 1
    told = small.answer(EVERYTHING, default_graphs=["http://example.org/graph"], format_name="csv")
    assert b"told" in told.body
    nothing = small.answer(EVERYTHING, default_graphs=["http://nowhere/"], format_name="csv")
    assert nothing.body.count(b"\r\n") == 1, "a graph that isn't there is empty"


def test_bindings_set_a_variable(small: Reader) -> None:
    rows = small.select("SELECT ?s ?o WHERE { ?s ?p ?o }", o=Literal("two"))
    assert rows == [{"s": A, "o": Literal("two")}]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (EVERYTHING, "text/csv", "text/csv"),
        ("ASK { ?s ?p ?o }", "*/*", "application/sparql-results+json"),
        (
            "CONSTRUCT WHERE { ?s ?p ?o }",
            "text/html,application/ld+json;q=0.5",
            "application/ld+json",
        ),
    ],
)
def test_the_form_of_a_query_decides_its_formats(
    small: Reader, query: str, accept: str, media_type: str
) -> None:
    assert small.answer(query, accept).media_type == media_type


def test_a_format_that_the_form_lacks_is_refused_with_the_offer(small: Reader) -> None:
    with pytest.raises(NotAcceptable) as error:
        small.answer("ASK {}", "text/csv")
    assert "application/sparql-results+xml" in error.value.offered


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE\t<http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { <http://a#b> ?p ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '#' . SERVICE #comment\n <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '''it's''' . SERVICE ?where { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd>",
        "PREFIX a: <b:c> DELETE WHERE { ?s ?p ?o }",
        "INSERT DATA { <a:a> <a:b> 'SELECTed' }",
    ],
)
def test_what_reaches_out_or_writes_is_refused(small: Reader, query: str) -> None:
    with pytest.raises(RefusedFeature):
        small.answer(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE' }",
        "SELECT * { ?s <http://example.org/SERVICE> ?o } # SERVICE",
        "PREFIX service: <http://example.org/> SELECT * { ?s service:load ?o }",
        'SELECT * { ?s ?p """LOAD "quoted" SERVICE""" }',
    ],
)
def test_the_words_alone_are_harmless(small: Reader, query: str) -> None:
    assert small.answer(query).form == "solutions"


@pytest.mark.parametrize(
    ("query", "line"),
    [("SELECT * WHERE {\n ?s ?p }", 2), ("SELECT ?s\nWHERE { ?s no:where ?o }", 2), ("SELEC *", 1)],
)
def test_a_query_that_does_not_parse_is_told_by_line(small: Reader, query: str, line: int) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        small.answer(query)
    assert error.value.line == line
    assert len(str(error.value)) < 120
