"""The open datasets in the whole store: every row is there, and every figure says what it is."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from rskg.dataset import Dataset, load_all
from rskg.namespaces import graph
from rskg.paths import Files
from rskg.statistics import VERDICTS
from rskg.store import Reader
from rskg.syntax import NamedNode, parse

FILES = Files(Path(__file__).resolve().parent.parent)
DATASETS = load_all(FILES.data)
STRUCTURED = [each for each in DATASETS if (each.folder / "structure.ttl").is_file()]
CUBES = [
    triple.subject.value
    for each in STRUCTURED
    for triple in parse(each.folder / "structure.ttl")
    if isinstance(triple.subject, NamedNode) and str(triple.object).endswith("cube#DataSet>")
]
STATEMENT = "<https://w3id.org/rskg/ontology#Statement>"
PREFIXES = """
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX rskg: <https://w3id.org/rskg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


def named(datasets: list[Dataset]) -> list[object]:
    return [pytest.param(each, id=each.slug) for each in datasets]


def number(reader: Reader, query: str) -> int:
    (row,) = reader.select(PREFIXES + query)
    return int(getattr(row["n"], "value", "0"))


@pytest.mark.parametrize("dataset", named([each for each in DATASETS if each.tables]))
def test_there_is_one_statement_a_row(dataset: Dataset, whole: Reader) -> None:
    rows = 0
    for table in dataset.tables:
        with table.path.open(encoding="utf-8", newline="") as lines:
            rows += sum(1 for _ in csv.reader(lines)) - 1
    for document in dataset.documents:
        rows += sum(str(triple.object) == STATEMENT for triple in parse(document))
    told = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{dataset.graph}> {{ ?s a {STATEMENT} }} }}"
    assert number(whole, told) == rows


@pytest.mark.parametrize("cube", CUBES, ids=lambda cube: cube.rpartition("/dataset/")[2])
def test_each_observation_has_every_dimension_and_a_measure(cube: str, whole: Reader) -> None:
    """Integrity constraints 11 and 14 of the RDF Data Cube vocabulary."""
    assert number(whole, f"SELECT (COUNT(*) AS ?n) {{ ?o qb:dataSet <{cube}> }}")
    for row in whole.select(
        PREFIXES + f"SELECT ?p {{ <{cube}> qb:structure/qb:component ?c . ?c qb:dimension ?p }}"
    ):
        without = f"?o qb:dataSet <{cube}> FILTER NOT EXISTS {{ ?o {row['p']} ?v }}"
        assert number(whole, f"SELECT (COUNT(*) AS ?n) {{ {without} }}") == 0
    measures = whole.select(
        PREFIXES + f"SELECT ?p {{ <{cube}> qb:structure/qb:component ?c . ?c qb:measure ?p }}"
    )
    none = " ".join(f"FILTER NOT EXISTS {{ ?o {row['p']} ?v }}" for row in measures)
    assert number(whole, f"SELECT (COUNT(*) AS ?n) {{ ?o qb:dataSet <{cube}> {none} }}") == 0


@pytest.mark.parametrize("cube", CUBES, ids=lambda cube: cube.rpartition("/dataset/")[2])
def test_no_two_observations_have_the_same_dimensions(cube: str, whole: Reader) -> None:
    """Integrity constraint 12 of the RDF Data Cube vocabulary."""
    dimensions = whole.select(
        PREFIXES + f"SELECT ?p {{ <{cube}> qb:structure/qb:component ?c . ?c qb:dimension ?p }}"
    )
    names = [f"?d{position}" for position in range(len(dimensions))]
    told = " ; ".join(f"{row['p']} {name}" for row, name in zip(dimensions, names, strict=True))
    grouped = " ".join(names)
    assert not whole.select(
        PREFIXES
        + f"SELECT {grouped} {{ ?o qb:dataSet <{cube}> ; {told} }} "
        + f"GROUP BY {grouped} HAVING (COUNT(*) > 1) LIMIT 5"
    )


def test_every_facility_has_a_country_or_is_listed_as_unresolved(whole: Reader) -> None:
    sites = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s rskg:icmmId ?id }"
    placed = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s rskg:icmmId ?id ; rskg:locatedIn ?country }"
    listed = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s rskg:icmmId ?id ; a rskg:UnresolvedSite }"
    assert number(whole, sites) == 8508
    assert number(whole, sites) == number(whole, placed) + number(whole, listed)
    assert number(whole, listed) < 20


def test_the_graphs_of_data_hold_what_they_should(whole: Reader) -> None:
    sizes = {n: size for n, size in whole.sizes().items() if "/graph/data/" in n}
    opened = [d for d in DATASETS if any("sha256" in str(t) for t in d.description)]
    assert sum(sizes.values()) >= 600_000
    assert sum(sizes.values()) - sizes[graph("data/wgi")] >= 60_000
    assert len([each for each in opened if each.graph in sizes]) >= 12


def test_nothing_is_inferred_from_observations(whole: Reader) -> None:
    assert CUBES
    assert not any(each.entailed for each in STRUCTURED)
    inferred = graph("inferred")
    assert not whole.select(
        PREFIXES + f"SELECT ?o {{ GRAPH <{inferred}> {{ ?o ?p ?v }} ?o qb:dataSet ?d }} LIMIT 5"
    )


def test_the_matches_of_each_verdict_are_counted(whole: Reader) -> None:
    told = Counter[str]()
    for table in (table for each in DATASETS for table in each.tables):
        with table.path.open(encoding="utf-8", newline="") as lines:
            told.update(row["verdict"] for row in csv.DictReader(lines) if "verdict" in row)
    counted = {
        str(getattr(row["verdict"], "value", "")): int(getattr(row["n"], "value", "0"))
        for row in whole.select(VERDICTS)
    }
    assert counted == told
    assert counted["confirmed"] and counted["rejected"]


def test_what_was_rejected_is_no_close_match(whole: Reader) -> None:
    wrong = """?match rskg:matchVerdict <https://w3id.org/rskg/id/match-verdict/rejected> ;
        rskg:matchesRecord ?one ; rskg:matchedWith ?other .
        ?one skos:closeMatch|^skos:closeMatch ?other"""
    skos = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    assert number(whole, f"{skos} SELECT (COUNT(*) AS ?n) {{ {wrong} }}") == 0
