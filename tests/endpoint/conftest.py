"""A small store made by hand, and real servers over it and over the store of the real files."""

from __future__ import annotations

import math
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.datastructures import State

from rskg.endpoint import create_app
from rskg.endpoint.ahead import Ahead
from rskg.endpoint.front import connection
from rskg.namespaces import graph
from rskg.ontology import load
from rskg.paths import Files
from rskg.settings import MAX_REQUEST_BYTES
from rskg.store import Revisions, Workbench
from rskg.store.workers.housekeeping import Housekeeper, keep_of_settings
from rskg.syntax import GRAPH_FORMATS, Triple, format_named, parse_bytes, skolemise
from tests.endpoint import contributing
from tests.endpoint.contributing import Partner

PREFIXES = """
@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix rskgsh: <https://w3id.org/rskg/shapes#> .
@prefix id: <https://w3id.org/rskg/id/> .
@prefix actor: <https://w3id.org/rskg/id/actor/> .
@prefix process: <https://w3id.org/rskg/id/process/> .
@prefix factor: <https://w3id.org/rskg/id/factor/> .
@prefix event: <https://w3id.org/rskg/id/event/> .
@prefix stage: <https://w3id.org/rskg/id/stage/> .
@prefix scheme: <https://w3id.org/rskg/id/scheme/> .
@prefix statement: <https://w3id.org/rskg/id/statement/> .
@prefix confidence: <https://w3id.org/rskg/id/confidence/> .
@prefix involvement: <https://w3id.org/rskg/id/involvement/> .
@prefix question: <https://w3id.org/rskg/id/question/> .
@prefix session: <https://w3id.org/rskg/id/session/> .
@prefix dataset: <https://w3id.org/rskg/dataset/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """
<https://w3id.org/rskg/ontology> a owl:Ontology ;
  dcterms:title "A small ontology"@en ; owl:versionInfo "0.0.1" .
rskg:Actor a owl:Class ; rdfs:label "Actor"@en, "Acteur"@fr, "Actor"@es, "Akteur"@de ;
  skos:definition "Who acts."@en ; rdfs:isDefinedBy <https://w3id.org/rskg/ontology> .
rskg:Company a owl:Class ; rdfs:subClassOf rskg:Actor ; rdfs:label "Company"@en ;
  rdfs:isDefinedBy <https://w3id.org/rskg/ontology> .
rskg:Process a owl:Class ; rdfs:label "Process"@en ;
  rdfs:isDefinedBy <https://w3id.org/rskg/ontology> .
rskg:Adoption a owl:Class ; rdfs:label "Adoption"@en ;
  rdfs:isDefinedBy <https://w3id.org/rskg/ontology> .
rskg:adopts a owl:ObjectProperty ; rdfs:label "adopts"@en ; rdfs:domain rskg:Actor ;
  rdfs:range rskg:Process ; rdfs:isDefinedBy <https://w3id.org/rskg/ontology> .
scheme:stage a skos:ConceptScheme ; rdfs:label "Stages"@en .
stage:extraction a skos:Concept ; skos:prefLabel "Extraction"@en, "Gewinnung"@de ;
  skos:inScheme scheme:stage ; rskg:rank 1 .
confidence:high a skos:Concept ; skos:prefLabel "High"@en .
confidence:medium a skos:Concept ; skos:prefLabel "Medium"@en .
"""
DATA = """
actor:acme a rskg:Company ; rdfs:label "Acme <Mining> & Sons"@en ;
  rdfs:seeAlso <https://example.org/acme> ; rskg:roleNote "javascript:alert(1)" .
actor:quiet a rskg:Company ; rdfs:label "Quiet Ltd"@en .
process:code a rskg:Process ; rdfs:label "A code of conduct"@en ;
  rskg:coversStage stage:extraction ;
  rskg:relatesTo process:guide .
process:guide a rskg:Process ; rdfs:label "A guide"@en .
process:lonely a rskg:Process ; rdfs:label "A lonely text"@en .
involvement:one a rskg:Adoption ; rskg:involvedActor actor:acme ; rskg:adoptedProcess process:code ;
  rskg:involvedSince "2020"^^xsd:gYear .
factor:audit a rskg:MitigatingFactor ; rdfs:label "Audit"@en .
event:e1 rdfs:label "An audit of Acme"@en ; a rskg:Event ; rskg:manifests factor:audit ;
  rskg:concernsActor actor:acme ; rskg:concernsProcess process:code .
statement:toy-1 a rskg:Statement ; rskg:states actor:acme ; rskg:confidence confidence:high ;
  dcterms:source <https://example.org/source> .
statement:toy-2 a rskg:Statement ; rskg:states process:code ; rskg:confidence confidence:medium ;
  dcterms:source "a printed book" .
session:one a rskg:Session ; rdfs:label "First session"@en ; rskg:sectionNumber 1 .
question:Q01 a rskg:Question ; rskg:questionNumber 1 ; rskg:askedIn session:one ;
  rskg:competencyQuestion "Who adopts what?"@en .
question:Q02 a rskg:Question ; rskg:questionNumber 2 ; rskg:askedIn session:one ;
  rskg:competencyQuestion "What is still open?"@en .
"""
INFERRED = "actor:acme a rskg:Actor ; rskg:adopts process:code . actor:quiet a rskg:Actor ."
PROVENANCE = """
dataset:toy a dcat:Dataset ; dcterms:title "Toys"@en ; dcterms:description "A small dataset."@en ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  skos:scopeNote "Only toys of one shop."@en ; dcterms:bibliographicCitation "The Shop, 2020" ;
  dcterms:temporal <https://w3id.org/rskg/dataset/toy/period> ;
  dcterms:source <https://example.org/toys.csv> ;
  dcat:distribution <https://w3id.org/rskg/dataset/toy/table> .
<https://w3id.org/rskg/graph/data/toy> <http://www.w3.org/ns/prov#wasDerivedFrom> dataset:toy ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
<https://w3id.org/rskg/dataset/toy/period> dcat:startDate "1996"^^xsd:gYear ;
  dcat:endDate "2019"^^xsd:gYear .
<https://example.org/toys.csv> dcterms:title "The shop's list"@en ;
  dcterms:publisher <https://w3id.org/rskg/dataset/toy/shop> ;
  <http://purl.org/pav/retrievedOn> "2026-11-20"^^xsd:date ;
  <http://spdx.org/rdf/terms#checksum> <https://w3id.org/rskg/dataset/toy/sum> .
<https://w3id.org/rskg/dataset/toy/sum>
  <http://spdx.org/rdf/terms#checksumValue> "6880cc7bba6e8e89" .
<https://w3id.org/rskg/dataset/toy/shop> rdfs:label "The Shop" .
<https://w3id.org/rskg/dataset/toy/table> a dcat:Distribution ; dcterms:title "The table"@en .
"""
SHAPES = """
rskgsh:CompanyShape a sh:NodeShape ; rdfs:label "Company"@en ; sh:targetClass rskg:Company ;
  sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "A company has a name."@en ] .
"""
QUERIES = """
<https://w3id.org/rskg/queries/adopters> a sh:SPARQLExecutable ; rdfs:label "Who adopts what?"@en ;
  sh:select "SELECT * { ?s ?p ?o }" .
"""
STATISTICS = "<https://w3id.org/rskg/dataset/rskg> <http://rdfs.org/ns/void#triples> 1 ."
ADOPTERS = """\
#+ summary: Who adopts what?
#+ question: Q01
#+ description: One row is an actor and an instrument that it adopts.
#+ limits: Only what is on record.
#+ missing: Adoptions of toys; to copy, `examples/adoption/valid.ttl`.
#+ datasets: [toy]
#+ parameters:
#+   - name: process
#+     type: iri
#+     scheme: process
#+     description: Only this instrument
#+ chart: bar
PREFIX rskg: <https://w3id.org/rskg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?process ?processLabel (COUNT(?actor) AS ?adopters) {
  ?actor rskg:adopts ?process .
  ?process rdfs:label ?processLabel .
}
GROUP BY ?process ?processLabel
"""
TOO_LARGE = int(MAX_REQUEST_BYTES.default)

Start = Callable[[Revisions, Files], httpx.Client]


def triples(text: str) -> list[Triple]:
    """Turtle with the usual prefixes as triples without blank nodes."""
    return skolemise(parse_bytes((PREFIXES + text).encode(), GRAPH_FORMATS[0]))


def said(answer: httpx.Response) -> set[tuple[str, str, str]]:
    """The triples of an answer in any RDF format: IRIs and texts as plain strings."""
    form = format_named(answer.headers["content-type"].partition(";")[0], GRAPH_FORMATS)
    assert form is not None
    parsed = parse_bytes(answer.content, form)
    return {
        (
            str(getattr(t.subject, "value", t.subject)),
            t.predicate.value,
            str(getattr(t.object, "value", t.object)),
        )
        for t in parsed
    }


def bench(more: str = "") -> Workbench:
    """The toy store, with some more facts."""
    made = Workbench()
    for name, text in {
        "ontology": ONTOLOGY,
        "data/toy": DATA + more,
        "inferred": INFERRED,
    }.items():
        made.add(triples(text), graph(name))
        made.add(triples(text))
    for name, text in {
        "provenance": PROVENANCE,
        "shapes": SHAPES,
        "queries": QUERIES,
        "statistics": STATISTICS,
    }.items():
        made.add(triples(text), graph(name))
    return made


@contextmanager
def serving(
    revisions: Revisions, files: Files, prepare: Callable[[State], None] | None = None
) -> Iterator[httpx.Client]:
    """A real server on a free port of this machine, and a client that speaks to it."""
    app = create_app(revisions, files)
    # looks once: tests in this process may change what a store is kept tidy by
    app.state.housekeeper = Housekeeper(revisions, keep_of_settings(), pulse=math.inf)
    app.state.ahead = Ahead(app.state.evaluator, math.inf)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, http=connection(app), log_level="critical", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=60) as client:
        if prepare:
            client.get("/queries")  # the site is loaded when it is asked for
            prepare(app.state)
        yield client
    server.should_exit = True
    thread.join(timeout=30)
    listener.close()


@pytest.fixture(scope="session")
def toy_files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A folder with one ontology file and one question."""
    root = tmp_path_factory.mktemp("files")
    (root / "ontology").mkdir()
    (root / "ontology" / "drivers.ttl").write_text(PREFIXES + ONTOLOGY, encoding="utf-8")
    (root / "queries").mkdir()
    (root / "queries" / "adopters.rq").write_text(ADOPTERS, encoding="utf-8")
    return Files(root)


@pytest.fixture(scope="session")
def site(toy_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The endpoint over the toy store."""
    revisions = Revisions(tmp_path_factory.mktemp("toy"))
    revisions.commit(bench(), "toys")
    with serving(revisions, toy_files) as client:
        yield client


@pytest.fixture(scope="session")
def real_site(store: Path, files: Files) -> Iterator[httpx.Client]:
    """The endpoint over the store that was built from the real files."""
    with serving(Revisions(store, load(files.ontology).prefixes), files) as client:
        yield client


@pytest.fixture(scope="session")
def whole_site(whole_store: Path, files: Files) -> Iterator[httpx.Client]:
    """The endpoint over the store of all files, with every site and observation."""
    with serving(Revisions(whole_store, load(files.ontology).prefixes), files) as client:
        yield client


@pytest.fixture(scope="session")
def place(few_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of few files, to which the tests' partners contribute."""
    root = tmp_path_factory.mktemp("contributed") / "store"
    return Path(shutil.copytree(few_store, root))


@pytest.fixture(scope="session")
def desk(place: Path, few: Files) -> Iterator[httpx.Client]:
    """A server over this store, as a process of its own."""
    with contributing.server(place, few) as (_, client):
        yield client


@pytest.fixture
def acme(desk: httpx.Client, place: Path) -> Iterator[Partner]:
    """A partner whose dataset is empty again afterwards."""
    made = contributing.partner(desk, place)
    yield made
    made.clear()


@pytest.fixture
def other(desk: httpx.Client, place: Path) -> Iterator[Partner]:
    """Another partner, with another dataset."""
    made = contributing.partner(desk, place, "others", contributing.OTHER)
    yield made
    made.clear()
