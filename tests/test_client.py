"""`import rskg`: the store and an endpoint asked from Python, and what results can become."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from html import escape
from pathlib import Path

import pyarrow as pa
import pytest
from IPython.core.interactiveshell import InteractiveShell
from rdflib import RDFS, Literal, URIRef

import rskg
from rskg.client import KnowledgeGraph, maps
from rskg.errors import EndpointFailed, QuerySyntaxError, StoreError, UsageError
from rskg.namespaces import THING
from rskg.query import Chart
from rskg.store import Revisions
from rskg.tables import tsv_of
from rskg.world import equal_earth

LABELS = "SELECT ?i ?label { ?i a rskg:Process ; rdfs:label ?label } ORDER BY ?label LIMIT 5"
KINDS = """SELECT ?none ?n ?half ?year ?mixed {
  VALUES (?n ?half ?year ?mixed) { (1 0.5 "2020"^^xsd:gYear 1) (2 1.5 "2021"^^xsd:gYear 2.5) }
}"""


@pytest.fixture(scope="module")
def kg(store: Path) -> KnowledgeGraph:
    return rskg.open(store)


def test_rows_come_as_values_and_as_terms(kg: KnowledgeGraph) -> None:
    found = kg.query(KINDS)
    assert (len(found), found.variables) == (2, ["none", "n", "half", "year", "mixed"])
    first, second = found
    assert first == {"none": None, "n": 1, "half": Decimal("0.5"), "year": 2020, "mixed": 1}
    assert second["mixed"] == Decimal("2.5")
    assert str(next(iter(found.terms()))["year"]).startswith('"2020"^^')
    assert kg.query("ASK { ?s ?p ?o }")
    assert not kg.query("ASK { ?s a rskg:Nothing }")


def test_frames_have_types(kg: KnowledgeGraph) -> None:
    found = kg.query(KINDS)
    table = found.to_arrow()
    assert table.schema.field("n").type == pa.int64()
    assert pa.types.is_decimal(table.schema.field("half").type)
    polars, pandas = found.to_polars(), found.to_pandas()
    assert polars["n"].to_list() == pandas["n"].to_list() == [1, 2]
    assert polars["mixed"].to_list() == pandas["mixed"].to_list() == [1.0, 2.5]
    exact = found.to_polars(exact=True)["mixed"].to_list()
    assert [term["datatype"].rsplit("#")[-1] for term in exact] == ["integer", "decimal"]


def test_rdflib_has_the_same(kg: KnowledgeGraph) -> None:
    rows = {(row["i"], row["label"]) for row in kg.query(LABELS).to_rdflib()}
    assert len(rows) == 5
    graph = kg.graph()
    for thing, label in rows:
        assert isinstance(thing, URIRef)
        assert (thing, RDFS.label, label) in graph.default_graph
    built = kg.query(
        "CONSTRUCT { ?s rdfs:label ?l } { { SELECT * { ?s rdfs:label ?l } LIMIT 7 } }"
    ).to_rdflib()
    assert len(built) == 7
    with pytest.raises(Exception, match="read"):
        graph.default_graph.add((URIRef("http://a.b/"), RDFS.label, Literal("no")))


def test_a_question_by_name(kg: KnowledgeGraph) -> None:
    slug = "uptake-by-instrument"
    assert kg.questions[slug].endswith("?")
    assert len(kg.ask(slug)) > 5
    with pytest.raises(UsageError, match=slug):
        kg.ask("uptake-by-instruments")
    with pytest.raises(UsageError, match="no parameter colour"):
        kg.ask(slug, colour="red")


def test_a_parameter_takes_the_code_of_a_thing_as_its_name(kg: KnowledgeGraph) -> None:
    slug = "cases-by-rule-of-law"
    (row,) = kg.ask(slug, country="CD")
    assert row["country"] == f"{THING}country/CD"
    for code in ("COD", "180", f"{THING}country/CD"):
        assert list(kg.ask(slug, country=code)) == [row]
    assert not kg.ask(slug, country="NONE")


def test_a_citation_names_the_revision_the_question_and_the_rows(kg: KnowledgeGraph) -> None:
    one, again = kg.query(LABELS).cite(), kg.query(f"\n{LABELS}\n").cite()
    assert (one, one.rows) == (again, 5)
    assert f"revision {one.revision}" in str(one)
    assert one.result in str(one)
    assert one.query in one.bibtex()
    cobalt, copper = (kg.ask("who-drives-one-commodity", commodity=c) for c in ("cobalt", "copper"))
    assert cobalt.cite().query != copper.cite().query, "what was asked has its parameters"
    assert cobalt.cite() == kg.ask("who-drives-one-commodity", commodity=None).cite()
    backwards = kg.query(LABELS.replace("BY ?label", "BY DESC(?label)")).cite()
    assert backwards.result != one.result
    everything = "SELECT ?i { ?i a rskg:Process } ORDER BY "
    up, down = (kg.query(f"{everything}{order}").cite() for order in ("?i", "DESC(?i)"))
    assert up.result == down.result, "the order of rows doesn't matter"
    assert up.query != down.query


def test_rows_lead_to_the_statements_behind_them(kg: KnowledgeGraph) -> None:
    found = kg.ask("power-by-reach")
    behind = list(found.evidence())
    assert {row["actor"] for row in found} <= {row["thing"] for row in behind}
    assert all(row["source"] and row["confidence"] for row in behind)


COUNTED = """
SELECT ?where (COUNT(DISTINCT ?process) AS ?number) {
  ?process a rskg:Process ; rskg:jurisdiction ?where
  FILTER EXISTS { ?process rskg:coversStage ?stage }
} GROUP BY ?where ORDER BY ?where
"""


def test_a_counted_number_leads_to_each_fact_that_it_counts(kg: KnowledgeGraph) -> None:
    found = kg.query(COUNTED)
    numbers = [row["number"] for row in found]
    of = kg.query("SELECT ?p { BIND(rskg:jurisdiction AS ?p) }")
    (jurisdiction,) = (row["p"] for row in of)
    for number, where in enumerate(row["where"] for row in found):
        behind = found.evidence(number)
        facts = [row for row in behind if row["property"] == jurisdiction]
        assert {row["value"] for row in facts} == {where}
        assert len({row["thing"] for row in facts}) == numbers[number]
        assert all(row["statement"] and row["source"] and row["confidence"] for row in facts)
        assert behind.counted == behind.shown == numbers[number]
    assert found.evidence().counted == sum(numbers)


def test_what_is_counted_inside_a_query_is_told_by_the_keys_that_its_rows_show(
    kg: KnowledgeGraph,
) -> None:
    found = kg.ask("voice-by-stage")
    first = next(iter(found))
    behind = found.evidence(0)
    covers = {row["thing"] for row in behind if row["value"] == first["stage"]}
    assert len(covers) == first["instruments"]
    everything = kg.query("SELECT (COUNT(*) AS ?n) { ?process rskg:coversStage ?stage }")
    assert everything.evidence().counted == next(iter(everything))["n"]


def test_an_older_revision_can_be_asked(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    for word in ("one", "two"):
        revisions.amend(
            lambda draft, word=word: draft.update(  # type: ignore[misc]
                f'DELETE {{ ?s ?p ?o }} INSERT {{ <http://a.b/> <http://a.b/is> "{word}" }} '
                "WHERE { OPTIONAL { ?s ?p ?o } }"
            ),
            word,
        )
    kg = rskg.open(tmp_path)
    words = [list(g.query("SELECT ?w { ?s ?p ?w }")) for g in (kg, kg.revision(1), kg.revision(2))]
    assert [row["w"] for rows in words for row in rows] == ["two", "one", "two"]
    with pytest.raises(UsageError, match="no revision 9"):
        kg.revision(9)


def test_notebook_cells_are_answered(store: Path) -> None:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "rskg")
    shell.run_line_magic("rskg", str(store))
    shown = shell.run_cell_magic("sparql", "", KINDS)
    assert "<th>year</th>" in shown._repr_html_()
    assert shown._repr_html_().count("<tr>") == 3
    assert shell.run_cell_magic("sparql", "kept", LABELS) is None
    assert len(shell.user_ns["kept"]) == 5
    assert '<a href="https://w3id.org/rskg/id/' in shell.user_ns["kept"]._repr_html_()
    text = shell.run_cell_magic("sparql", "", 'SELECT ("<b>" AS ?x) {}')._repr_html_()
    assert "&lt;b&gt;" in text
    assert "<b>" not in text


def test_what_can_t_be_asked_is_told(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(QuerySyntaxError, match="does not parse"):
        kg.query("SELECT * {")
    with pytest.raises(StoreError, match="rskg build"):
        rskg.open(tmp_path)
    with pytest.raises(EndpointFailed, match="does not answer"):
        rskg.open("http://127.0.0.1:9/sparql").query("ASK {}")
    with pytest.raises(UsageError, match="to_rdflib"):
        kg.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3").to_arrow()


def test_importing_rskg_loads_nothing_heavy() -> None:
    heavy = "{'rdflib', 'pyarrow', 'pandas', 'polars', 'fastapi', 'httpx'}"
    code = f"import sys, rskg; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


POINTS = """SELECT ?what ?where {
  VALUES (?what ?where) { ("A & B" "POINT(27.5 -10.7)") ("C" "POINT(200 0)") ("D" "nowhere") }
}"""
DEGREES = """SELECT ?name ?lat ?long {
  VALUES (?name ?lat ?long) { ("A" -10.7 27.5) ("B" 91 0) ("C" "x" 1) ("D" UNDEF 1) }
}"""


@pytest.mark.parametrize("text", [POINTS, DEGREES])
def test_rows_with_points_come_with_a_map(kg: KnowledgeGraph, text: str) -> None:
    """What lies on no globe is left out of the map, and stands in the table."""
    shown = kg.query(text)._repr_html_()
    assert shown.count("<circle") == 1
    x, y = equal_earth(27.5, -10.7)
    assert f'cx="{x}" cy="{y}"' in shown
    assert "1 of 1 places on the map" in shown
    assert shown.index("<svg") < shown.index("<table>")
    assert "<svg" not in kg.query(KINDS)._repr_html_()
    assert "A & B<" not in shown


def test_a_question_with_a_map_is_drawn_with_it(whole_store: Path) -> None:
    kg = rskg.open(whole_store)
    assert kg.ask("facilities-of-listed-goods", country="COD")._repr_html_().count("<circle") > 9
    sites = kg.query(
        """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
        SELECT DISTINCT ?site ?siteLabel (1 AS ?size) {
          ?site a rskg:Site ; rdfs:label ?siteLabel ; geo:hasGeometry/geo:asWKT ?point .
        } ORDER BY ?site LIMIT 3"""
    )
    names = sites.variables
    rows = [list(row.values()) for row in sites.terms()]
    assert len(rows) == 3

    def answer(query: str) -> bytes:
        found = kg.query(query)
        return tsv_of(found.to_arrow())

    chart = Chart("map", {"place": "site", "value": "size"})
    drawn = maps.drawn(names, rows, chart, answer)
    assert drawn.count("<circle") == 3
    assert f"<title>{escape(str(sites.to_pandas()['siteLabel'][0]))}: 1</title>" in drawn
    assert maps.drawn(names, rows, Chart("bar"), answer) == ""
    assert maps.drawn(names, rows, Chart("map", {"place": "other"}), answer) == ""
