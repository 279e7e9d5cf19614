"""A dataset's files as the catalogue tells of them, and the licences that go with answers."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from rskg.dataset import load_all
from rskg.endpoint.pages.licences import named_in
from rskg.namespaces import BASE, graph
from rskg.paths import Files
from rskg.store import Reader, Revisions
from rskg.syntax import NT, parse_bytes
from tests.endpoint.conftest import serving

FILES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX spdx: <http://spdx.org/rdf/terms#>
SELECT ?dataset ?address ?type ?size ?checksum ?licence {
  GRAPH <https://w3id.org/rskg/graph/provenance> {
    ?dataset a dcat:Dataset ; dcat:distribution ?file ; dcterms:license ?licence .
    ?file a dcat:Distribution ; dcat:downloadURL ?address ; dcat:mediaType ?type ;
      dcat:byteSize ?size ; dcterms:license ?licence ; spdx:checksum ?sum .
    ?sum a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
      spdx:checksumValue ?checksum .
  }
}
"""
CC_BY = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
PDDL = '<https://opendatacommons.org/licenses/pddl/1-0/>; rel="license"'


@pytest.fixture(scope="module")
def catalogue(reader: Reader) -> dict[str, dict[str, str]]:
    """What is told of each file, by its address on this host."""
    rows = [
        {name: str(getattr(term, "value", term)) for name, term in row.items()}
        for row in reader.select(FILES)
    ]
    return {row["address"].removeprefix(BASE): row for row in rows}


def test_each_dataset_has_a_dump_and_each_table_a_file(
    catalogue: dict[str, dict[str, str]], reader: Reader, files: Files
) -> None:
    wanted = {
        address
        for each in load_all(files.data)
        if each.graph in reader.graph_names()
        for address in (
            f"datasets/{each.slug}.nt",
            *(f"datasets/{each.slug}/{table.path.name}" for table in each.tables),
        )
    }
    assert set(catalogue) == wanted


def test_each_file_is_what_the_catalogue_says(
    catalogue: dict[str, dict[str, str]], reader: Reader, files: Files, real_site: httpx.Client
) -> None:
    for address, told in catalogue.items():
        answer = real_site.get(f"/{address}")
        assert answer.status_code == 200, address
        assert len(answer.content) == int(told["size"])
        assert sha256(answer.content).hexdigest() == told["checksum"]
        assert told["type"].endswith(answer.headers["content-type"].partition(";")[0])
        assert f'<{told["licence"]}>; rel="license"' in answer.headers["link"]
        slug = address.split("/")[1].removesuffix(".nt")
        if address.endswith(".nt"):
            stated = parse_bytes(answer.content, NT)
            assert len(stated) == len(set(stated))
            assert set(stated) == set(reader.graph(graph(f"data/{slug}")))
        else:
            assert answer.content == (files.data / address.removeprefix("datasets/")).read_bytes()


def test_a_dataset_s_page_and_description_offer_its_files(
    catalogue: dict[str, dict[str, str]], real_site: httpx.Client
) -> None:
    page = real_site.get("/datasets/countries", headers={"Accept": "text/html"}).text
    turtle = real_site.get("/datasets/countries?format=nt").text
    for address in ("datasets/countries.nt", "datasets/countries/countries.csv"):
        assert f'href="/{address}"' in page
        for text in (page, turtle):
            assert catalogue[address]["checksum"] in text


def test_a_table_that_changed_since_isn_t_given(store: Path, files: Files, tmp_path: Path) -> None:
    for folder in (files.ontology, files.queries):
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "data" / "countries").mkdir(parents=True)
    (tmp_path / "data" / "countries" / "countries.csv").write_text("another\n")
    with serving(Revisions(store), Files(tmp_path)) as client:
        answer = client.get("/datasets/countries/countries.csv")
        assert answer.status_code == 404
        assert "isn't here any more" in answer.json()["detail"]
        assert client.get("/datasets/countries.nt").status_code == 200


@pytest.mark.parametrize(
    "path", ["nowhere.nt", "countries/nowhere.csv", "countries/../actors/actors.csv"]
)
def test_there_are_no_other_files(real_site: httpx.Client, path: str) -> None:
    assert real_site.get(f"/datasets/{path.replace('..', '%2E%2E')}").status_code == 404


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("SELECT * FROM <https://w3id.org/rskg/graph/data/countries> { ?s ?p ?o } LIMIT 1", {}),
        ("SELECT * { GRAPH graph:data\\/countries { ?s ?p ?o } } LIMIT 1", {}),
        (
            "PREFIX d: <https://w3id.org/rskg/graph/data/> "
            "SELECT * { GRAPH d:countries { ?s ?p ?o } } LIMIT 1",
            {},
        ),
        (
            "SELECT * { ?s ?p ?o } LIMIT 1",
            {"default-graph-uri": "https://w3id.org/rskg/graph/data/countries"},
        ),
    ],
)
def test_an_answer_tells_the_licence_of_the_graphs_that_its_query_names(
    real_site: httpx.Client, query: str, parameters: dict[str, str]
) -> None:
    answer = real_site.get("/sparql", params={"query": query, **parameters})
    assert answer.status_code == 200, answer.text
    assert PDDL in answer.headers["link"]
    assert CC_BY not in answer.headers["link"]


def test_an_answer_of_the_merge_names_no_licence(real_site: httpx.Client) -> None:
    answer = real_site.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 1"})
    assert "license" not in answer.headers["link"]


@pytest.mark.parametrize(
    "path",
    [
        "/graph/data/countries?format=nt",
        "/graphs?graph=https://w3id.org/rskg/graph/data/countries",
        "/id/country/CL.ttl",
        "/id/country/CL.html",
    ],
)
def test_a_document_tells_the_licence_of_what_is_in_it(real_site: httpx.Client, path: str) -> None:
    assert PDDL in real_site.get(path).headers["link"]


def test_the_rows_of_a_question_tell_the_licences_of_its_datasets(real_site: httpx.Client) -> None:
    answer = real_site.get("/queries/voice-by-stage", params={"format": "csv"})
    assert CC_BY in answer.headers["link"]


def test_the_merge_names_every_licence(reader: Reader) -> None:
    licences = "GRAPH <https://w3id.org/rskg/graph/provenance> { %s dcterms:license ?l }"
    prefix = "PREFIX dcterms: <http://purl.org/dc/terms/> SELECT DISTINCT ?l "
    merged = licences % "<https://w3id.org/rskg/dataset/rskg>"
    each = "{ %s FILTER(STRSTARTS(STR(?d), 'https://w3id.org/rskg/graph/data/')) }"
    one = {str(row["l"]) for row in reader.select(f"{prefix} {{ {merged} }}")}
    assert one == {str(row["l"]) for row in reader.select(prefix + each % (licences % "?d"))}
    assert len(one) > 1


def test_names_in_texts_and_comments_are_no_graphs() -> None:
    here = graph("data/actors")
    assert named_in(f"SELECT * {{ GRAPH <{here}> {{ }} }}", {}) == {here}
    assert named_in(f"SELECT * {{ ?s ?p '<{here}>' }} # <{here}>", {}) == set()


@pytest.mark.parametrize("path", ["/graphs", "/graph/data/countries", "/datasets/countries"])
def test_a_page_shows_the_licence_of_its_graphs(real_site: httpx.Client, path: str) -> None:
    page = real_site.get(path, headers={"Accept": "text/html"}).text
    assert '<a href="https://opendatacommons.org/licenses/pddl/1-0/" rel="license">' in re.sub(
        ' class="[^"]*"', "", page
    )
