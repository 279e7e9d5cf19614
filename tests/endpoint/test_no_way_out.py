"""No query and no document reaches a host: a listener that waits at every turn hears nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rskg.errors import InputError, RefusedFeature
from rskg.store import Workbench
from rskg.store.writes.reading import UpdateParser
from rskg.syntax import GRAPH_FORMATS, parse_bytes
from tests.conftest import Run
from tests.endpoint.servers import running
from tests.listening import Ear
from tests.stores import small_store
from tests.ways_out import DOCUMENTS, HARMLESS, HOSTS, OTHER_IRIS, SCHEMES, SERVICES

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    made = Ear()
    with socket.create_connection(("127.0.0.1", made.port)) as caller:
        caller.settimeout(30)
        assert caller.recv(1) == b""
    assert made.heard == 1, "it can hear"
    made.heard = 0
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    root = tmp_path_factory.mktemp("closed")
    small_store(root)
    with running(root) as client:
        yield client


@pytest.mark.parametrize("name", SERVICES)
def test_a_query_that_would_call_out_is_refused(site: httpx.Client, ear: Ear, name: str) -> None:
    template, status = SERVICES[name]
    query = ear.fill(template)
    answers = [
        site.get("/sparql", params={"query": query}),
        site.post("/sparql", data={"query": query}),
        site.post("/sparql", content=query.encode(), headers={"Content-Type": QUERY}),
        site.request("QUERY", "/sparql", content=query.encode(), headers={"Content-Type": QUERY}),
    ]
    for answer in answers:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert ear.heard == 0


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_it_is_answered(site: httpx.Client, ear: Ear, name: str) -> None:
    answer = site.get("/sparql", params={"query": ear.fill(HARMLESS[name])})
    assert answer.status_code == 200, answer.text
    assert ear.heard == 0


@pytest.mark.parametrize("name", [*HOSTS, *SCHEMES, *OTHER_IRIS])
def test_an_iri_names_a_graph_and_is_never_fetched(site: httpx.Client, ear: Ear, name: str) -> None:
    iri = ear.fill(
        OTHER_IRIS.get(name)
        or f"{name if name in SCHEMES else 'http'}://{HOSTS.get(name, '127.0.0.1:PORT')}/graph"
    )
    service = site.get("/sparql", params={"query": f"SELECT * {{ SERVICE <{iri}> {{}} }}"})
    assert service.status_code in (400, 403), service.text
    counting = "SELECT (COUNT(*) AS ?n)"
    for clause in (
        f"FROM <{iri}> {{ ?s ?p ?o }}",
        f"FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        _empty(site.get("/sparql", params={"query": f"{counting} {clause}"}))
    for parameter, pattern in {
        "default-graph-uri": "?s ?p ?o",
        "named-graph-uri": "GRAPH ?g { ?s ?p ?o }",
    }.items():
        fields = {"query": f"{counting} {{ {pattern} }}", parameter: iri}
        _empty(site.get("/sparql", params=fields))
        _empty(site.post("/sparql", data=fields))
    assert ear.heard == 0


def _empty(answer: httpx.Response) -> None:
    """No row where the IRI is one; a problem where it is none."""
    if answer.status_code == 400:
        assert answer.headers["content-type"] == "application/problem+json"
        return
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == "0"


@pytest.mark.parametrize(
    "update", ["LOAD <~>", "LOAD SILENT <~> INTO GRAPH <a:b>", "LOAD <file:///etc/passwd>"]
)
def test_no_update_gets_in(site: httpx.Client, ear: Ear, update: str) -> None:
    text = ear.fill(update)
    sent = site.post("/sparql", data={"update": text})
    direct = site.post(
        "/sparql", content=text, headers={"Content-Type": "application/sparql-update"}
    )
    assert (sent.status_code, direct.status_code) == (403, 403)
    assert ear.heard == 0


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <~>",
        "CLEAR ALL ; load silent <~> INTO GRAPH <a:b> ; LOAD # SILENT <refused:>\n <~>",
        "LOAD<file:///etc/passwd>",
        "PREFIX : <~> LOAD:x",
        "PREFIX p: <~> INSERT DATA {} ; LOADp:x",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <~> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT ?s { ?s ?p ?o } }",
        "PREFIX : <~> DELETE { ?s ?p ?o } WHERE { SERVICE:x { ?s ?p ?o } }",
        "#\\u000a '''\nLOAD <~> #'''",
    ],
)
def test_an_update_that_would_call_out_is_refused(ear: Ear, update: str) -> None:
    with pytest.raises(RefusedFeature):
        UpdateParser().harmless(ear.fill(update))
    assert ear.heard == 0


@pytest.mark.parametrize(
    "update",
    ["LOAD SILENT <~>", "PREFIX p: <~> load silentp:x INTO GRAPH <a:load> ; LOAD # !\n SILENT <~>"],
)
def test_a_silent_load_fails_without_a_call(ear: Ear, update: str) -> None:
    text = UpdateParser().harmless(ear.fill(update))
    Workbench().update(text)
    assert ear.heard == 0
    assert text.count("<refused:>") == update.lower().count("silent")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <~load> <a:download> 'SERVICE LOAD', 'LOAD SILENT <a:b>' }",
        "PREFIX load: <a:b> DELETE WHERE { ?load load:service ?service }",
    ],
)
def test_an_update_with_the_words_in_its_data_stays_as_it_is(ear: Ear, update: str) -> None:
    text = ear.fill(update)
    assert UpdateParser().harmless(text) == text


TOKEN = {"Authorization": "Bearer let me"}


def test_no_update_reaches_out_from_a_bare_store(ear: Ear, tmp_path: Path) -> None:
    updates = {
        "LOAD <~>": 403,
        "load <~> INTO GRAPH <a:b>": 403,
        "LOAD<file:///etc/passwd>": 403,
        "CLEAR ALL ; LOAD # it's\n <~>": 403,
        "PREFIX : <~> LOAD:x": 403,
        "PREFIX p: <~> INSERT DATA {} ; LOADp:x": 403,
        "#\\u000a '''\nLOAD <~> #'''": 403,
        "LOAD SILENT <~>": 200,
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <a:b>": 200,
        "INSERT { ?s ?p ?o } WHERE { SERVICE <~> { ?s ?p ?o } }": 403,
        "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT <~> { ?s ?p ?o } }": 403,
        "PREFIX : <~> DELETE { ?s ?p ?o } WHERE { SERVICE:x { ?s ?p ?o } }": 403,
        "INSERT { ?s ?p ?o } USING <~> WHERE { ?s ?p ?o }": 200,
        "INSERT DATA { <~load> <a:download> 'SERVICE LOAD' }": 200,
    }
    with running(tmp_path, "--empty", RSKG_ADMIN_TOKEN="let me") as bare:
        for update, status in updates.items():
            answer = bare.post("/sparql", data={"update": ear.fill(update)}, headers=TOKEN)
            assert answer.status_code // 100 == status // 100, f"{update}: {answer.text}"
            assert status == 200 or answer.status_code in (400, 403)
        told = bare.put("/graphs", params={"graph": ear.fill("~")}, content=b"", headers=TOKEN)
        assert told.status_code < 500
        everything = bare.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}).json()
        assert len(everything["results"]["bindings"]) == 1
    assert ear.heard == 0


FORMATS = {form.name: form for form in GRAPH_FORMATS}
SUFFIXES = {"jsonld": "jsonld", "rdfxml": "rdf", "ttl": "ttl", "trig": "trig"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_brings_nothing_in(rskg: Run, ear: Ear, tmp_path: Path, name: str) -> None:
    form, template, readable = DOCUMENTS[name]
    text = ear.fill(template)
    if readable:
        parse_bytes(text.encode(), FORMATS[form])
    else:
        with pytest.raises(InputError):
            parse_bytes(text.encode(), FORMATS[form])
    (tmp_path / f"sent.{SUFFIXES[form]}").write_text(text)
    told = rskg("validate", f"sent.{SUFFIXES[form]}")
    assert told.returncode in ((0, 4) if readable else (3,)), told.stderr
    assert ear.heard == 0
