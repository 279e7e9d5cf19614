"""The questions in `queries/federated/`, asked of a second real server that holds an excerpt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rskg.namespaces import BASE
from rskg.query import Query, load
from rskg.store import Reader, Revisions, Workbench
from rskg.syntax import GRAPH_FORMATS, parse_bytes
from tests.conftest import Run
from tests.endpoint.processes import free_port
from tests.endpoint.servers import running

FOLDER = Path(__file__).resolve().parent.parent / "queries" / "federated"
QUERIES = {path.stem: load(path) for path in sorted(FOLDER.glob("*.rq"))}
SERVICE = re.compile(r"SERVICE (SILENT )?<([^>]*)>")

#: Some triples as the endpoints have them; the second company has no LEI that we know.
EXCERPT = """
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix cdm: <http://publications.europa.eu/ontology/cdm#> .
@prefix celex: <http://publications.europa.eu/resource/celex/> .
@prefix minmod: <https://minmod.isi.edu/resource/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
wd:Q974 wdt:P297 "CD" ; wdt:P1082 105789731 .
wd:Q1 wdt:P1082 8000000000 .
wd:Q1000001 wdt:P1278 "WZE1WSENV6JSZFK0JC28" ; wdt:P452 wd:Q44497 .
wd:Q1000002 wdt:P1278 "00000000000000000000" ; wdt:P452 wd:Q44497 .
<http://publications.europa.eu/resource/cellar/one> owl:sameAs celex:32017R0821 ;
  cdm:resource_legal_in-force true ; cdm:work_date_document "2017-05-17"^^xsd:date .
minmod:Q537 rdfs:label "Cobalt (there)" .
"""
#: What each query must tell by the excerpt: variables of one of its rows.
TOLD = {
    "people-and-sites-by-country": {"country": "country/CD", "population": "105789731"},
    "mining-companies-on-wikidata": {"actor": "actor/bhp", "lei": "WZE1WSENV6JSZFK0JC28"},
    "european-acts-in-force": {"celex": "32017R0821", "inForce": "true", "date": "2017-05-17"},
    "commodity-names-in-minmod": {"commodity": "commodity/cobalt", "name": "Cobalt (there)"},
}
#: Queries that are answered without the service.
LOCAL = "european-acts-in-force"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a second server, which holds the excerpt."""
    root = tmp_path_factory.mktemp("there")
    bench = Workbench()
    bench.add(parse_bytes(EXCERPT.encode(), GRAPH_FORMATS[0]))
    Revisions(root).commit(bench, "an excerpt")
    with running(root) as client:
        yield f"{client.base_url}/sparql"


def at(query: Query, address: str) -> str:
    """The text of a query, with another address for its service."""
    return SERVICE.sub(rf"SERVICE \1<{address}>", query.sparql)


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(output)))


def test_each_has_an_expectation_here() -> None:
    assert QUERIES.keys() == TOLD.keys()


@pytest.mark.parametrize("slug", QUERIES)
def test_the_header_names_the_host(slug: str) -> None:
    services = SERVICE.findall(QUERIES[slug].sparql)
    assert services
    for _, address in services:
        assert f"Asks {urlsplit(address).hostname}." in QUERIES[slug].description


@pytest.mark.parametrize("slug", QUERIES)
def test_it_joins_what_is_here_and_there(rskg: Run, store: Path, there: str, slug: str) -> None:
    options = ["query", "-", "--store", store, "--allow-service", there, "--format", "csv"]
    answer = rskg(*options, stdin=at(QUERIES[slug], there))
    assert answer.returncode == 0, answer.stderr
    found = [
        {name: row[name].removeprefix(f"{BASE}id/") for name in TOLD[slug]}
        for row in rows(answer.stdout)
    ]
    assert TOLD[slug] in found
    full = [row for row in found if all(row.values())]
    assert full == [TOLD[slug]], "nothing else is in the excerpt"


@pytest.mark.parametrize("slug", QUERIES)
def test_a_host_that_is_not_there_is_told(rskg: Run, store: Path, slug: str) -> None:
    dead = f"http://127.0.0.1:{free_port()}/sparql"
    options = ["query", "-", "--store", store, "--allow-service", dead, "--format", "csv"]
    answer = rskg(*options, stdin=at(QUERIES[slug], dead))
    if slug == LOCAL:
        assert answer.returncode == 0, answer.stderr
        assert "32017R0821" in [row["celex"] for row in rows(answer.stdout)]
        assert not any(row["inForce"] for row in rows(answer.stdout))
    else:
        assert (answer.returncode, answer.stdout) == (5, "")
        assert f"SERVICE <{dead}> failed" in answer.stderr


@pytest.mark.parametrize(
    ("slug", "name", "asked"),
    [
        ("european-acts-in-force", "celex", "?process rskg:celex ?celex ; skos:closeMatch ?match"),
        ("commodity-names-in-minmod", "minmod", "?c a rskg:Commodity ; skos:exactMatch ?match"),
    ],
)
def test_what_a_block_names_is_what_the_graph_has(
    reader: Reader, slug: str, name: str, asked: str
) -> None:
    text = QUERIES[slug].sparql
    space = re.search(rf"PREFIX {name}: <([^>]*)>", text)
    assert space is not None
    found = reader.select(f"SELECT DISTINCT ?match {{ {asked} }}")
    here = {str(getattr(row["match"], "value", "")) for row in found}
    named = set(re.findall(rf"\b{name}:(\w+)", text))
    assert named == {iri[len(space[1]) :] for iri in here if iri.startswith(space[1])}
