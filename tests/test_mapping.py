"""Tables to triples."""

from __future__ import annotations

from pathlib import Path

import pytest

from rskg.dataset import Dataset, load
from rskg.errors import InputError
from rskg.mapping import CHUNK, facts, rows_that_say

DESCRIPTION = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<https://w3id.org/rskg/dataset/toys> a dcat:Dataset .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
<https://w3id.org/rskg/dataset/toys/column/colours> csvw:name "colours" ; csvw:separator ";" .
"""
MAP = """
PREFIX col: <urn:rskg:column:>
PREFIX ex: <http://example.org/>
PREFIX rskg: <https://w3id.org/rskg/ontology#>
CONSTRUCT {
  ?toy ex:name ?name ; ex:colour ?colour ; ex:note ?note .
  ?statement a rskg:Statement .
}
WHERE {
  ?row col:id ?id .
  BIND(IRI(CONCAT("http://example.org/statement-", ?id)) AS ?statement)
  BIND(IRI(CONCAT("http://example.org/", ?id)) AS ?toy)
  { ?row col:name ?name } UNION { ?row col:colours ?colour } UNION { ?row col:note ?note }
}
"""


def toys(parent: Path, table: str, map_text: str = MAP, description: str = DESCRIPTION) -> Dataset:
    folder = parent / "toys"
    folder.mkdir(exist_ok=True)
    (folder / "dataset.ttl").write_text(description)
    (folder / "map.rq").write_text(map_text)
    (folder / "toys.csv").write_bytes(table.encode(errors="surrogateescape"))
    return load(folder)


def test_a_cell_is_a_string_a_list_is_many_and_an_empty_cell_is_nothing(tmp_path: Path) -> None:
    told = facts(toys(tmp_path, 'id,name,colours,note\nbear,"Bear; brown",red; blue,\n'))
    assert {str(t).split("example.org/")[-1] for t in told if "statement" not in str(t)} == {
        'name> "Bear; brown"',
        'colour> "red"',
        'colour> "blue"',
    }


def test_every_row_of_every_chunk_is_mapped(tmp_path: Path) -> None:
    rows = "".join(f"toy-{n},Toy {n},,\n" for n in range(2 * CHUNK + 7))
    assert len(facts(toys(tmp_path, f"id,name,colours,note\n{rows}"))) == 2 * (2 * CHUNK + 7)


def test_the_row_behind_a_subject_is_found(tmp_path: Path) -> None:
    table = toys(tmp_path, 'id,name,colours,note\na,"two\nlines",,\nb,B,,\n').tables[0]
    found = rows_that_say(table, ["<http://example.org/b>", "<http://example.org/none>"])
    assert [(subject, place.line) for subject, place in found.items()] == [
        ("<http://example.org/b>", 4)
    ]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            "id,name,colours,note\na,b\n",
            r"toys\.csv:2:4: this row has 2 .* column colours has none",
        ),
        ("id,name,colours,note\n\n", r"toys\.csv:2:1: this row has 0 cells"),
        ("id,name,colours,note\na,b,,,x\n", r"toys\.csv:2:7: this row has 5 .* from `x` on"),
        ("id,name,name,colours\n", "name each column once"),
        ("id,name,colours,note\n", "no row"),
        ("id,name,colours,note\na,A,,\n,B,,\n", r"toys\.csv:3: map\.rq makes no .* \(id, "),
        ("id,name,colours,note\na b,A,,\n", r"toys\.csv:2: map\.rq makes no rskg:Statement"),
        ("id,name,colours,note\na,A,,\na,B,,\n", "their ids are the same"),
        ("", "name each column once"),
        ("id,name,note\n", "list column `colours`"),
        ('id,name,colours,note\na,"b,,\n', r"toys\.csv:2:3: column name: not a CSV table"),
        ('id,name,colours,note\na,"b,,\nc,"d",,\n', r"toys\.csv:2:3: column name: not a CSV"),
        ('id,name,colours,note\na,"",,"b"c\n', r"toys\.csv:2:7: column note: not a CSV table"),
        ("id,name,colours,note\na,é\udce9,,\n", r"toys\.csv:2:4: column name: not UTF-8 text"),
        ("id,na\udce9,colours,note\n", r"toys\.csv:1:6: column na.: not UTF-8 text"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, table: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        facts(toys(tmp_path, table))


def test_a_map_that_does_not_parse_is_told_by_file_and_line(tmp_path: Path) -> None:
    broken = toys(tmp_path, "id,colours\na,\n", "CONSTRUCT { ?s ?p ?o }\nWHERE { ?s ?p\n")
    with pytest.raises(InputError) as error:
        facts(broken)
    assert error.value.path == tmp_path / "toys" / "map.rq"
    assert error.value.line == 3, "the text ends too early"


def test_a_folder_without_description_or_with_two_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs its description"):
        load(tmp_path)
    toys(tmp_path, "id,colours\n")
    (tmp_path / "toys" / "more.csv").write_text("id\n")
    with pytest.raises(InputError, match=r"needs a map beside it, more\.rq"):
        load(tmp_path / "toys")


def test_a_description_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must describe <https://w3id\.org/rskg/dataset/toys>"):
        toys(tmp_path, "id,colours\na,\n", description=DESCRIPTION.replace("toys> a", "dolls> a"))


@pytest.mark.parametrize(
    "construct",
    ["CONSTRUCT { ?s ?p _:b } WHERE { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "ASK {}"],
)
def test_a_map_that_publishes_its_scaffolding_is_refused(tmp_path: Path, construct: str) -> None:
    with pytest.raises(InputError, match=r"map\.rq"):
        facts(toys(tmp_path, "id,colours\na,\n", construct))
