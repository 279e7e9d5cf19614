"""Tables with a map: results stand at the row and the cell behind the triple at fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rskg as rskg_package
from rskg.cells import Layout
from rskg.errors import InputError
from tests.conftest import Run

SHAPES = """
@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Toy ;
  sh:property [ sh:path ex:name ; sh:minLength 2 ] ;
  sh:property [ sh:path ex:price ; sh:minCount 1 ] ;
  sh:property [ sh:path ex:colour ; sh:in ( ex:red ex:blue ) ] ;
  sh:property [ sh:path ex:maker ; sh:class ex:Firm ] ;
  sh:property [ sh:path ex:box ; sh:minCount 1 ] .
"""
MAP = """
PREFIX col: <urn:rskg:column:> PREFIX ex: <http://example.org/>
PREFIX rskg: <https://w3id.org/rskg/ontology#>
CONSTRUCT { ?toy a ex:Toy ; ?p ?o . ?statement a rskg:Statement ; rskg:states ?toy }
WHERE {
  ?row col:id ?id ; col:colour ?colour ; col:maker ?maker .
  BIND(IRI(CONCAT("http://example.org/statement-", ?id)) AS ?statement)
  BIND(IRI(CONCAT("http://example.org/toy-", ?id)) AS ?toy)
  { ?row col:colour ?colour BIND(ex:colour AS ?p) BIND(IRI(CONCAT(STR(ex:), ?colour)) AS ?o) }
  UNION { ?row col:maker ?maker BIND(ex:maker AS ?p) BIND(IRI(CONCAT(STR(ex:), ?maker)) AS ?o) }
  UNION { ?row col:name ?o BIND(ex:name AS ?p) } UNION { ?row col:price ?o BIND(ex:price AS ?p) }
}
"""
TABLE = (
    "id,name,price,colour,maker\n"
    'a,"A, ""big""\ntoy",3,red,none\n'
    'b,B,1,"green",none\r\n'
    "c,Cé,,blue,none\n"
)


@pytest.fixture
def toys(tmp_path: Path) -> Path:
    folder = tmp_path / "toys"
    folder.mkdir()
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (folder / "map.rq").write_text(MAP)
    (folder / "toys.csv").write_bytes(TABLE.encode())
    return folder


def test_a_result_stands_at_its_cell(rskg: Run, toys: Path) -> None:
    told = rskg("validate", "toys", "--shapes", "shapes.ttl", "--report", "json")
    assert told.returncode == 1, told.stderr
    assert "not checked" not in told.stderr
    found = {}
    for result in json.loads(told.stdout)["results"]:
        place = result["place"]
        assert place["path"] == "toys/toys.csv"
        key = result["focus"].rstrip(">")[-1], result["path"].rstrip(">").rsplit("/", 1)[-1]
        found[key] = (place["line"], place["column"], place["cell"])
    assert found == {
        ("a", "maker"): (3, 12, "maker"),
        ("b", "maker"): (4, 15, "maker"),
        ("c", "maker"): (5, 12, "maker"),
        ("b", "name"): (4, 3, "name"),
        ("b", "colour"): (4, 7, "colour"),
        ("c", "price"): (5, 6, "price"),
        ("a", "box"): (2, 1, "id"),
        ("b", "box"): (4, 1, "id"),
        ("c", "box"): (5, 1, "id"),
    }


def test_a_table_that_was_named_itself_is_checked_and_told_in_words(rskg: Run, toys: Path) -> None:
    told = rskg("validate", "toys/toys.csv", "--shapes", "shapes.ttl")
    assert "toys/toys.csv:4:7: violation:" in told.stdout
    (toys / "toys.csv").write_text("id,colour,maker\na,red\n")
    broken = rskg("validate", "toys", "--shapes", "shapes.ttl")
    assert broken.returncode == 3
    assert "toys/toys.csv:2:6: this row has 2 cells" in broken.stderr


def test_a_map_with_the_tables_name_is_found_where_there_are_several(rskg: Run, toys: Path) -> None:
    (toys / "map.rq").rename(toys / "toys.rq")
    (toys / "other.csv").write_text("id\na\n")
    told = rskg("validate", "toys", "--shapes", "shapes.ttl")
    assert told.returncode == 1
    assert "not checked, no RDF documents: toys/other.csv\n" in told.stderr


def test_a_layout_knows_each_cell_and_its_end(toys: Path) -> None:
    layout = Layout(toys / "toys.csv")
    assert layout.at(3, "name") == (2, 3, 3, 5)
    assert layout.at(5, "price") == (5, 6, 5, 6)


def test_python_gets_the_report_that_the_command_tells(toys: Path) -> None:
    report = rskg_package.validate(toys, toys.parent / "shapes.ttl")
    assert not report.conforms()
    assert {result.place.line for result in report.results if result.place} == {2, 3, 4, 5}
    many = rskg_package.validate([str(toys / "toys.csv")], [toys.parent / "shapes.ttl"])
    assert len(many.results) == len(report.results)
    with pytest.raises(InputError):
        rskg_package.validate(toys / "map.rq")
