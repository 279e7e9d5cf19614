"""What an engine is sent means what was asked: shown by evaluating it here."""

from __future__ import annotations

import json

import pytest

from rskg.errors import QuerySyntaxError, RefusedFeature, UsageError
from rskg.paths import installed
from rskg.query import Query, load_all
from rskg.store import Reader, Workbench
from rskg.store.engines import Address, profiles
from rskg.store.engines.wording import worded
from rskg.syntax import Literal, NamedNode, Term, Triple

QUESTIONS = [each for each in load_all(installed().queries).values() if each.parameters]
A = NamedNode("https://w3id.org/rskg/id/commodity/cobalt")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", 1),
        ("SELECT $g WHERE { GRAPH $g { ?s ?p ?o . { ?s ?p ?o } } . ?s ?q ?r }", 1),
        ("SELECT ?g WHERE { ?s ?p ?o OPTIONAL { GRAPH ?g { ?o ?q ?s } } }", 1),
        ("SELECT ?s WHERE { ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?o ?q ?s } } }", 0),
        ("SELECT (COUNT(*) AS ?n) WHERE { { GRAPH ?g { ?a ?b ?c } } UNION { GRAPH ?h {} } }", 1),
    ],
)
def test_what_is_being_loaded_is_no_graph(query: str, rows: int) -> None:
    triple, back = Triple(A, A, Literal("1")), Triple(A, A, A)
    bench = Workbench()
    for name in (None, "urn:graph", "urn:staging/x"):
        bench.add([triple], name)
    bench.add([back], "urn:staging/y")
    assert len(bench.select(query)) >= rows
    found = bench.select(worded(query, {}, {}, "urn:staging/").text)
    assert len(found) == rows
    assert all("staging" not in str(row) for row in found)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.slug)
def test_parameters_in_the_text_mean_what_they_mean_beside_it(
    reader: Reader, question: Query
) -> None:
    bindings = question.bindings({})
    said = worded(question.sparql, bindings, {})
    here = reader.answer(question.sparql, format_name="json", bindings=bindings)
    assert _rows(reader.answer(said.text, format_name="json").body) == _rows(here.body)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?c ?o WHERE { ?c ?p ?o }",
        "SELECT ?c ?o WHERE { ?c ?p ?o FILTER(BOUND(?c)) }",
        "SELECT ?c (COUNT(*) AS ?n) WHERE { ?c ?p ?o } GROUP BY ?c ORDER BY ?c",
        "SELECT * WHERE { { SELECT ?c (COUNT(?o) AS ?n) WHERE { ?c ?p ?o } GROUP BY ?c } }",
        "SELECT ?c ?n WHERE { { SELECT (COUNT(*) AS ?n) WHERE { ?c a ?k } } ?c ?p ?o }",
        "SELECT ?c WHERE { ?x ?p ?y BIND(?x AS ?c) }",
        "SELECT ?c WHERE { VALUES ?c { <urn:x> <https://w3id.org/rskg/id/commodity/cobalt> } }",
        "SELECT ?c ?k WHERE { ?k a ?t FILTER NOT EXISTS { ?c skos:broader ?k } }",
        "ASK { ?s a skos:Concept }",
        "ASK { ?s a <urn:x> }",
        "CONSTRUCT { ?s skos:broader ?o } WHERE { ?s skos:broader ?o }",
        "CONSTRUCT WHERE { ?s skos:broader ?o }",
    ],
)
def test_every_form_is_asked_as_a_table(reader: Reader, query: str) -> None:
    prefixes = {"skos": "http://www.w3.org/2004/02/skos/core#"}
    bindings: dict[str, Term] = {"c": A} if "?c" in query else {}
    said = worded(query, bindings, prefixes)
    rows = json.loads(reader.answer(said.text, format_name="json").body)["results"]["bindings"]
    here = reader.answer(query, bindings=bindings)
    assert said.form == here.form
    if here.form == "boolean":
        assert bool(rows) == (b"true" in here.body)
    elif here.form == "graph":
        assert len(rows) == len(set(reader.construct(query, **bindings))) > 0
    else:
        direct = json.loads(reader.answer(query, format_name="json", bindings=bindings).body)
        assert len(rows) == len(direct["results"]["bindings"])


def test_what_no_engine_is_asked_is_refused() -> None:
    with pytest.raises(RefusedFeature, match="DESCRIBE"):
        worded("DESCRIBE <urn:x>", {}, {})
    with pytest.raises(RefusedFeature, match="SERVICE"):
        worded("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", {}, {})
    with pytest.raises(RefusedFeature):
        worded("DROP ALL", {}, {})
    with pytest.raises(QuerySyntaxError):
        worded("SELECT * WHERE { ?s ?p }", {"s": Literal("x")}, {})


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sparql+https://host/?profile=none", "there is no profile none"),
        ("sparql+https://host/?timeout=3", "only ?profile="),
        ("sparql+https://me:secret@host/", "a password has no place"),
        ("sparql+https://", "an engine's address is"),
        ("sparql+ftp://host/", "an engine's address is"),
    ],
)
def test_an_address_is_read_or_told(address: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        Address.of(address)
    assert told in str(error.value)
    assert "secret" not in str(error.value)


def test_every_quirk_has_its_source() -> None:
    assert set(profiles()) == {
        *("generic", "virtuoso", "fuseki", "graphdb", "stardog", "neptune", "qlever"),
        "oxigraph",
    }
    for profile in profiles().values():
        for quirk in profile.quirks:
            assert quirk.what and quirk.answer and quirk.source, profile.name


def _rows(answer: bytes) -> list[str]:
    return sorted(
        json.dumps(row, sort_keys=True) for row in json.loads(answer)["results"]["bindings"]
    )
