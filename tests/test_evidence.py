"""What is behind a row: facts that a query counts, passes on its paths, or that others entail."""

from __future__ import annotations

import pytest

import rskg
from rskg.client import KnowledgeGraph
from rskg.namespaces import BASE, TERM, THING, graph
from rskg.store import Revisions, Workbench
from rskg.syntax import GRAPH_FORMATS, parse_bytes

PREFIXES = f"""
@prefix rskg: <{TERM}> . @prefix id: <{THING}x/> . @prefix statement: <{THING}statement/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
#: a to e in a row by `next`, f beside; each thing has a statement.
STATED = (
    "".join(
        f"statement:{name} rskg:states id:{name} ; dcterms:source <https://example.org/{name}> .\n"
        for name in "abcdef"
    )
    + """
id:a rskg:next id:b . id:b rskg:next id:c . id:c rskg:next id:d . id:d rskg:next id:e .
id:a rskg:beside id:f . id:f rskg:near id:c .
id:f rskg:involvedActor id:e ; rskg:issuedProcess id:d .
"""
)
SCHEMA = """
rskg:involvedActor owl:inverseOf rskg:hasInvolvement .
rskg:issues owl:propertyChainAxiom rskg:list1 .
rskg:list1 rdf:first rskg:hasInvolvement ; rdf:rest rskg:list2 .
rskg:list2 rdf:first rskg:issuedProcess ; rdf:rest rdf:nil .
"""
INFERRED = "id:e rskg:hasInvolvement id:f ; rskg:issues id:d ."

Fact = tuple[str, str, str]


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A few things in a row, an involvement, and what follows from it."""
    made = Workbench()
    for name, text in {"data/toy": STATED, "ontology": SCHEMA, "inferred": INFERRED}.items():
        triples = parse_bytes((PREFIXES + text).encode(), GRAPH_FORMATS[0])
        made.add(triples, graph(name))
        made.add(triples)
    root = tmp_path_factory.mktemp("evidence")
    Revisions(root).commit(made, "toys")
    return rskg.open(root)


def facts(kg: KnowledgeGraph, pattern: str, row: int | None = None) -> set[Fact]:
    """What is behind the pattern, in short; each has a statement with its source."""
    prefixes = f"PREFIX rskg: <{TERM}> PREFIX id: <{THING}x/>"
    behind = list(kg.query(f"{prefixes} SELECT * {{ {pattern} }}").evidence(row))
    told = [each for each in behind if each["property"]]
    assert all(each["source"] == f"https://example.org/{short(each['thing'])}" for each in told)
    return {(short(e["thing"]), short(e["property"]), short(e["value"])) for e in told}


def short(term: object) -> str:
    return str(term).removeprefix(TERM).removeprefix(f"{THING}x/").removeprefix(BASE)


NEXT = [(one, "next", other) for one, other in ("ab", "bc", "cd", "de")]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("rskg:next", NEXT[:1]),
        ("rskg:next/rskg:next", NEXT[:2]),
        ("rskg:next/(rskg:next)/rskg:next", NEXT[:3]),
        ("rskg:next+", NEXT),
        ("rskg:next*", NEXT),
        ("(rskg:next/rskg:next)+", NEXT),
        ("rskg:next/rskg:next?", NEXT[:2]),
        ("rskg:beside/rskg:near", [("a", "beside", "f"), ("f", "near", "c")]),
        ("rskg:beside/^rskg:beside", [("a", "beside", "f")]),
        (
            "(rskg:beside|rskg:next)/(rskg:near|rskg:near)",
            [("a", "beside", "f"), ("f", "near", "c")],
        ),
        (
            "rskg:beside/!rskg:next",
            [
                ("a", "beside", "f"),
                ("f", "near", "c"),
                ("f", "involvedActor", "e"),
                ("f", "issuedProcess", "d"),
            ],
        ),
        ("!(rskg:next|rskg:beside)", []),
    ],
)
def test_what_a_path_passes_is_told(kg: KnowledgeGraph, path: str, found: list[Fact]) -> None:
    assert facts(kg, f"id:a {path} ?end") == set(found)


def test_a_path_is_told_for_the_row_alone(kg: KnowledgeGraph) -> None:
    rows = list(kg.query(f"SELECT * {{ <{THING}x/a> <{TERM}next>+ ?end }}"))
    number = next(n for n, row in enumerate(rows) if short(row["end"]) == "c")
    assert facts(kg, "id:a rskg:next+ ?end", number) == set(NEXT[:2])


def test_a_fact_that_follows_leads_to_those_it_follows_from(kg: KnowledgeGraph) -> None:
    premises = {("f", "involvedActor", "e"), ("f", "issuedProcess", "d")}
    assert facts(kg, "?actor rskg:issues ?process") == premises
    assert facts(kg, "?actor rskg:issues/^rskg:next ?process") == premises | {NEXT[2]}


def test_a_row_without_a_count_leads_to_the_facts_that_it_hides(kg: KnowledgeGraph) -> None:
    text = f"SELECT ?end {{ <{THING}x/a> <{TERM}beside> ?hidden . ?hidden <{TERM}near> ?end }}"
    told = [row for row in kg.query(text).evidence(0) if row["property"]]
    found = {(short(row["thing"]), short(row["property"])) for row in told}
    assert found == {("a", "beside"), ("f", "near")}
