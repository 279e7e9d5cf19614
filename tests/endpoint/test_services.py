"""SERVICE to listed endpoints: a second real server answers, a bad one is told, others unheard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from rskg.errors import RefusedFeature, UsageError
from rskg.store import Revisions, Workbench
from rskg.store.federation.hosts import Listed, is_public
from rskg.syntax import BlankNode, Literal, NamedNode, Triple
from tests.conftest import Run
from tests.endpoint.processes import free_port
from tests.endpoint.servers import running
from tests.listening import BadHost, Ear, bad_host

EX = "http://example.org/"
KNOWS, NAME = NamedNode(EX + "knows"), NamedNode(EX + "name")
ANN, BOB = NamedNode(EX + "ann"), NamedNode(EX + "bob")


@dataclass
class Sites:
    """A server that may ask two others, the one that answers and the one that doesn't."""

    here: httpx.Client
    there: str
    bad: BadHost
    ear: Ear
    dead: str

    def ask(self, query: str, **parameters: str) -> httpx.Response:
        return self.here.get("/sparql", params={"query": self.filled(query), **parameters})

    def rows(self, query: str) -> list[dict[str, str]]:
        answer = self.ask(query)
        assert answer.status_code == 200, answer.text
        found = answer.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in found]

    def filled(self, query: str) -> str:
        names = {"THERE": self.there, "BAD": self.bad.iri, "DEAD": self.dead}
        names |= {"EAR": f"http://127.0.0.1:{self.ear.port}/"}
        for name, iri in names.items():
            query = query.replace(name, iri)
        return query


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    here, there = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("there")
    one, other = Workbench(), Workbench()
    one.add([Triple(ANN, KNOWS, BOB)])
    other.add(
        [Triple(ANN, NAME, Literal("Ann")), Triple(BOB, NAME, Literal('B"o\\b\n', language="en"))]
    )
    other.add([Triple(BOB, KNOWS, BlankNode("x")), Triple(BlankNode("x"), NAME, Literal("X"))])
    Revisions(here).commit(one, "one")
    Revisions(there).commit(other, "other")
    ear = Ear()
    dead = f"http://127.0.0.1:{free_port()}/"
    with bad_host(f"http://127.0.0.1:{ear.port}/") as bad, running(there) as second:
        service = f"{second.base_url}/sparql"
        listed = [f"--allow-service={iri}" for iri in (service, bad.iri, dead)]
        with running(here, *listed) as first:
            yield Sites(first, service, bad, ear, dead)
    ear.close()


PREFIX = f"PREFIX ex: <{EX}> "
BOTH = [{"a": EX + "ann", "n": "Ann"}, {"a": EX + "bob", "n": 'B"o\\b\n'}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?a ?n { SERVICE <THERE> { ?a ex:name ?n FILTER(ISIRI(?a)) } } ORDER BY ?a",
        "SELECT ?a ?n {SERVICE SILENT<THERE>{?a ex:name ?n FILTER(ISIRI(?a))}} ORDER BY ?a",
        "PREFIX there: <THERE> SELECT ?a ?n { service # here {\n there: "
        "{ ?a ex:name ?n . ?a ?p '}' , ?o } } ORDER BY ?a",
        "SELECT ?a ?n { { SELECT * { SERVICE <THERE> { ?a ex:name ?n FILTER(?a != '{') } } } "
        "FILTER(ISIRI(?a)) FILTER(!STRSTARTS(STR(?a), 'urn:')) } ORDER BY ?a",
    ],
)
def test_a_listed_service_answers(sites: Sites, query: str) -> None:
    rows = sites.rows(PREFIX + query)
    assert rows == ([] if "'}'" in query else BOTH)


def test_what_is_here_and_there_is_joined(sites: Sites) -> None:
    query = PREFIX + "SELECT ?n { ?a ex:knows ?b . SERVICE <THERE> { ?b ex:name ?n } }"
    assert sites.rows(query) == [{"n": 'B"o\\b\n'}]
    optional = "SELECT ?b ?n { ?a ex:knows ?b OPTIONAL { SERVICE <THERE> { ?b ex:missing ?n } } }"
    assert sites.rows(PREFIX + optional) == [{"b": EX + "bob"}]
    exists = "SELECT ?b { ?a ex:knows ?b FILTER EXISTS { SERVICE <THERE> { ?b ex:name 'X' } } }"
    assert sites.rows(PREFIX + exists) == []
    block = "SERVICE <THERE> {{ ex:{} ex:name ?{} }}".format
    twice = f"SELECT ?n ?m {{ {block('ann', 'n')} {block('bob', 'm')} }}"
    assert sites.rows(PREFIX + twice) == [{"n": "Ann", "m": 'B"o\\b\n'}]
    nobody = "ASK { SERVICE <THERE> { ex:ann ex:name 'Ann' } }"
    assert sites.ask(PREFIX + nobody).json()["boolean"] is True


def test_a_graph_is_made_of_replies(sites: Sites) -> None:
    query = "CONSTRUCT { ?a ex:called ?n } { SERVICE <THERE> { ?a ex:name ?n } }"
    answer = sites.ask(PREFIX + query, format="nt")
    assert answer.status_code == 200, answer.text
    assert "urn:x-rskg:blank:" in answer.text, "others' blank nodes get a name"


def test_the_prefixes_of_the_table_go_along(sites: Sites) -> None:
    assert sites.rows("SELECT * { SERVICE <THERE> { ?s rdfs:label ?n ; a skos:Concept } }") == []


def test_what_others_say_is_asked_each_time(sites: Sites) -> None:
    query = PREFIX + "SELECT ?n { SERVICE SILENT <BAD/error> { ?a ex:name ?n } }"
    before = len(sites.bad.asked)
    first, second = sites.ask(query), sites.ask(query)
    assert first.headers["etag"] != second.headers["etag"]
    told = {"If-None-Match": second.headers["etag"]}
    third = sites.here.get("/sparql", params={"query": sites.filled(query)}, headers=told)
    assert third.status_code == 200
    assert len(sites.bad.asked) == before + 3


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("DEAD", "failed: Connection refused"),
        ("BAD/error", "it answered 500"),
        ("BAD/page", "text/html"),
        ("BAD/broken", "can't be read"),
        ("BAD/cut", "breaks off"),
        ("BAD/yes", "yes or no"),
        ("BAD/part", "only part of the answer (X-SPARQL-MaxRows: 10000)"),
        ("BAD/circle", "redirects more than"),
    ],
)
def test_a_bad_service_is_told_or_done_without(sites: Sites, path: str, sentence: str) -> None:
    pattern = f"?a ex:knows ?b . SERVICE <{path}> {{ ?b ex:name ?n }}"
    answer = sites.ask(f"{PREFIX} SELECT * {{ {pattern} }}")
    assert answer.status_code == 502, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]
    assert answer.json()["service"] == sites.filled(path)
    silent = pattern.replace("SERVICE", "SERVICE SILENT")
    optional = pattern.replace("SERVICE", "OPTIONAL { SERVICE") + " }"
    for local in (silent, optional):
        assert len(sites.rows(f"{PREFIX} SELECT * {{ {local} }}")) == 1


@pytest.mark.parametrize("path", ["BAD/silent", "BAD/drip"])
def test_a_slow_service_is_told_within_the_budget(sites: Sites, path: str) -> None:
    answer = sites.ask(f"SELECT * {{ SERVICE <{path}> {{ ?s ?p ?o }} }}", timeout="3s")
    assert answer.status_code == 504, answer.text
    assert answer.json()["type"].endswith("/service-late")
    assert "did not answer in" in answer.json()["detail"]


def test_a_slow_service_is_done_without_while_there_is_time(sites: Sites) -> None:
    query = f"{PREFIX} SELECT * {{ ?a ex:knows ?b SERVICE SILENT <BAD/silent> {{ ?b ?p ?o }} }}"
    answer = sites.ask(query, timeout="9s")
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["results"]["bindings"]) == 1


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize(
    "target",
    [
        "<EAR>",
        "<BAD/redirect>",
        "<BAD/moved>",
        "<BAD/../error>",
        "<BAD/%2E%2e/error>",
        "<THERE/../../graphs>",
        "<ftp://127.0.0.1/>",
        "<file:///etc/passwd>",
        "<http://user@127.0.0.1/sparql>",
        "<http://localhost/>",
        "?a",
    ],
)
def test_what_is_not_listed_is_refused_even_behind_a_redirect(
    sites: Sites, target: str, silent: str
) -> None:
    answer = sites.ask(f"SELECT * {{ ?a ?p ?o . SERVICE {silent} {target} {{ ?s ?p ?x }} }}")
    assert answer.status_code == 403, answer.text
    assert sites.ear.heard == 0


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "SELECT * { SERVICE <THERE> { ?s ?p ?o SERVICE <EAR> {} } }",
            "SERVICE inside SERVICE is refused: ask both from here",
        ),
        (
            "SELECT * { BIND (<THERE> AS ?there) SERVICE ?there { ?s ?p ?o } }",
            "SERVICE ?variable is refused: name the service by its IRI",
        ),
    ],
)
def test_what_no_list_can_decide_is_refused_in_a_sentence(
    sites: Sites, query: str, sentence: str
) -> None:
    answer = sites.ask(query)
    assert (answer.status_code, answer.json()["detail"]) == (403, sentence)
    assert sites.ear.heard == 0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["91.198.174.192", "2620:0:862:ed1a::1", "::ffff:8.8.8.8"])
def test_addresses_outside_are(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_a_name_that_leads_inside_is_refused_though_listed(host: str) -> None:
    listed = Listed.of([f"http://{host}/"])
    with pytest.raises(RefusedFeature, match="inside this network"):
        listed.addresses(listed.place(f"http://{host}/sparql"))


def test_the_list_goes_by_host_not_by_letters(rskg: Run, tmp_path: Path) -> None:
    listed = Listed.of(["https://example.org/sparql", "http://[::1]:7878"])
    for iri in (
        "https://example.org/sparql?x",
        "HTTPS://EXAMPLE.org:443/sparql",
        "https://example.org./sparql",
        "http://[::1]:7878/any",
    ):
        listed.place(iri)
    for iri in (
        "http://example.org/sparql",
        "https://example.org.evil.net/sparql",
        "https://example.org@evil.net/sparql",
        "https://example.org:8443/sparql",
        "https://example.org/other",
        "https://[::1]:7878/",
    ):
        with pytest.raises(RefusedFeature):
            listed.place(iri)
    for wrong in ("example.org", "file:///etc", "http://", "http://a b/"):
        with pytest.raises(UsageError):
            Listed.of([wrong])
    told = rskg("serve", "--store", tmp_path, "--allow-service", "example.org")
    assert told.returncode == 2
    assert "--allow-service" in told.stderr
