"""What is behind a row: facts that a query counts, passes on its paths, or that others entail."""

from __future__ import annotations

from pathlib import Path

import pytest

import rskg
from rskg.client import KnowledgeGraph
from rskg.evidence import FEW, MOST
from rskg.namespaces import BASE, TERM, THING, graph
from rskg.store import Revisions, Workbench
from rskg.syntax import GRAPH_FORMATS, parse_bytes

PREFIXES = f"""
@prefix rskg: <{TERM}> . @prefix id: <{THING}x/> . @prefix statement: <{THING}statement/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
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
#: What nobody states one by one, in a dataset of its own; and its description.
LISTED = 'id:h rskg:listed "one" .'
DESCRIBED = f"""
<{BASE}graph/data/list> prov:wasAttributedTo id:us ; prov:wasDerivedFrom <{BASE}dataset/list> .
<{BASE}dataset/list> dcterms:source <https://example.org/list> .
"""
INFERRED = "id:e rskg:hasInvolvement id:f ; rskg:issues id:d ."

Fact = tuple[str, str, str]


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A few things in a row, an involvement, and what follows from it."""
    made = Workbench()
    graphs = {
        "data/toy": STATED,
        "data/list": LISTED,
        "ontology": SCHEMA,
        "inferred": INFERRED,
        "provenance": DESCRIBED,
    }
    for name, text in graphs.items():
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


def test_a_fact_without_a_statement_leads_to_its_dataset(kg: KnowledgeGraph) -> None:
    text = f"SELECT (COUNT(?what) AS ?n) {{ ?thing <{TERM}listed> ?what }}"
    (told,) = kg.query(text).evidence()
    assert (short(told["thing"]), told["value"]) == ("h", "one")
    assert (told["statement"], told["source"]) == (
        f"{BASE}dataset/list",
        "https://example.org/list",
    )


def test_of_more_solutions_than_are_looked_at_a_small_part_is(tmp_path: Path) -> None:
    lines = (f'<{THING}x/{n}> <{TERM}listed> "{n:04}" .' for n in range(MOST + 1))
    made = Workbench()
    made.read("\n".join(lines).encode())
    Revisions(tmp_path).commit(made, "many")
    many = rskg.open(tmp_path)
    for wanted, shown in ((MOST, MOST), (MOST + 1, FEW)):
        pattern = f'?thing <{TERM}listed> ?what FILTER(?what < "{wanted:04}")'
        behind = many.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}").evidence()
        assert (behind.counted, behind.shown) == (wanted, shown)
