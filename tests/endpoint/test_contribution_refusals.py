"""What is refused, by which status, and that nothing of it is stored."""

from __future__ import annotations

import gzip
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest

from rskg.contribution.desk import told_of
from rskg.contribution.partners import Partners
from rskg.contribution.record import TABLES
from rskg.errors import BudgetExceeded
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint import contributing
from tests.endpoint.contributing import ACME, PREFIXES, TURTLE, Partner, site

BASE = "https://w3id.org/rskg/"
GENID = f"<{BASE}.well-known/genid/0123456789abcdef0123456789abcdef>"
SAID = site("wrong")


@dataclass(frozen=True)
class Case:
    """A request: what it sends, and the status that it gets."""

    name: str
    status: int
    body: str | bytes = SAID
    method: str = "POST"
    path: str = "/contributions"
    headers: dict[str, str] = field(default_factory=dict)
    token: str = "acme"


def _more(triple: str) -> str:
    return f"{SAID}{triple} .\n"


def _type(media: str) -> dict[str, str]:
    return {"Content-Type": media}


LAUGHS = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
<rdf:Description rdf:about="https://acme.example/x"><rdfs:label>&g;</rdfs:label></rdf:Description>
</rdf:RDF>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
<rdf:Description rdf:about="https://acme.example/x"><rdfs:label>&a;</rdfs:label></rdf:Description>
</rdf:RDF>"""
JSONLD, XML = _type("application/ld+json"), _type("application/rdf+xml")
INVALID = "rskg_0123456789ab_" + "A" * 43

CASES = [
    # who
    Case("no token", 401, token=""),
    Case("another scheme", 401, headers={"Authorization": "Basic YWNtZTphY21l"}, token=""),
    Case("a scheme alone", 401, headers={"Authorization": "Bearer"}, token=""),
    Case("no token of ours", 401, headers={"Authorization": "Bearer secret"}, token=""),
    Case("a token never made", 401, headers={"Authorization": f"Bearer {INVALID}"}, token=""),
    Case("a token's hash", 401, token="hash"),
    Case("a token with more behind it", 401, token="longer"),
    Case("an expired token", 401, token="expired"),
    Case("a revoked token", 401, token="revoked"),
    Case("a token of another store", 401, token="elsewhere"),
    Case("a token in the address", 401, path="/contributions?access_token=TOKEN", token=""),
    Case("a token in a cookie", 401, headers={"Cookie": "token=TOKEN"}, token=""),
    Case("a withdrawal without a token", 401, method="DELETE", path="/contributions/THEIRS", token=""),
    # whose
    Case("another's dataset", 403, path="/contributions?dataset=others"),
    Case("to replace another's dataset", 403, method="PUT", path="/contributions?dataset=others"),
    Case("a dataset from files", 403, path="/contributions?dataset=countries"),
    Case("a dataset by a path", 403, path="/contributions?dataset=../others"),
    Case("a dataset by an escaped path", 403, path="/contributions?dataset=%2e%2e%2fothers"),
    Case("a dataset by its IRI", 403, path=f"/contributions?dataset={BASE}dataset/others"),
    Case("no dataset's name", 403, path="/contributions?dataset="),
    Case("another's contribution", 403, method="DELETE", path="/contributions/THEIRS"),
    Case("a contribution that never was", 404, method="DELETE", path="/contributions/acme-sites-0"),
    Case("a contribution by a path", 405, method="DELETE", path="/contributions/..%2fgraphs"),
    Case("a contribution of no name", 404, method="DELETE", path="/contributions/%00"),
    Case("a quote in a name", 404, method="DELETE", path="/contributions/%3E%7D%20DROP%20ALL"),
    Case("all contributions", 405, method="DELETE"),
    Case("a document put at a contribution", 405, method="PUT", path="/contributions/THEIRS"),
    Case("a patch", 405, method="PATCH"),
    # other ways in
    Case("a graph by PUT", 403, method="PUT", path="/graphs?graph=GRAPH"),
    Case("a graph by POST", 403, path="/graphs?graph=GRAPH"),
    Case("a graph by DELETE", 403, method="DELETE", path="/graphs?graph=GRAPH"),
    Case("the default graph", 403, method="PUT", path="/graphs?default"),
    Case("an update", 403, "DROP ALL", path="/sparql", headers=_type("application/sparql-update")),
    # what
    Case("TriG", 415, headers=_type("application/trig")),
    Case("N-Quads", 415, headers=_type("application/n-quads")),
    Case("any text", 415, headers=_type("text/plain")),
    Case("any JSON", 415, "{}", headers=_type("application/json")),
    Case("any XML", 415, "<a/>", headers=_type("text/xml")),
    Case("a form", 415, "a=b", headers=_type("application/x-www-form-urlencoded")),
    Case("a spreadsheet", 415, headers=_type("application/vnd.ms-excel")),
    Case("a table that is no template", 422, "name\nx\n", headers=_type("text/csv")),
    Case("a template without a row", 422, "id,type\n", headers=_type("text/csv")),
    Case("a workbook that is none", 422, "PK", headers=_type(TABLES["xlsx"])),
    Case("no type", 415, headers=_type("")),
    Case("an archive", 415, headers=_type("application/zip")),
    Case("brotli", 415, headers={"Content-Encoding": "br"}),
    Case("packed twice", 415, headers={"Content-Encoding": "gzip, gzip"}),
    # how
    Case("a format of reports nobody has", 400, path="/contributions?report=pdf"),
    Case("a dry run perhaps", 400, path="/contributions?dry-run=maybe"),
    Case("a key too long", 400, headers={"Idempotency-Key": "k" * 256}),
    Case("a report as a picture", 406, headers={"Accept": "image/png"}),
    Case("a key that came with another document", 422, headers={"Idempotency-Key": "used"}),
    # documents that can't be read
    Case("nothing", 422, ""),
    Case("a comment", 422, "# nothing\n"),
    Case("no Turtle", 422, "site:x a rskg:Site"),
    Case("an unknown prefix", 422, "x:y a x:z ."),
    Case("a relative IRI", 422, _more("<../../etc/passwd> rdfs:label 'x'")),
    Case("TriG that says it is Turtle", 422, f"{PREFIXES}GRAPH <{BASE}graph/ontology> {{ <x:a> a <x:b> }}"),
    Case("bytes", 422, bytes(range(256))),
    Case("no UTF-8", 422, SAID.encode("utf-16")),
    Case("not packed at all", 422, headers={"Content-Encoding": "gzip"}),
    Case("packed otherwise", 422, gzip.compress(SAID.encode()), headers={"Content-Encoding": "zstd"}),
    Case("packed and cut", 422, gzip.compress(SAID.encode())[:-20], headers={"Content-Encoding": "gzip"}),
    Case("a named graph in JSON-LD", 422, f'{{"@id": "{BASE}graph/ontology", "@graph": [{{"@id": "x:a", "@type": "x:b"}}]}}', headers=JSONLD),
    Case("a context from elsewhere", 422, '{"@context": "http://127.0.0.1:1/", "@id": "x:a"}', headers=JSONLD),
    Case("a thousand laughs", 422, LAUGHS, headers=XML),
    Case("an entity from elsewhere", 422, OUTSIDE, headers=XML),
    Case("an IRI without end", 422, _more(f"<https://acme.example/{'x' * 70_000}> rdfs:label 'x'@en")),
    # what isn't theirs to say
    Case("a term of the ontology", 422, _more("rskg:Site rdfs:label 'Mine'@en")),
    Case("a subclass", 422, _more("<https://acme.example/Mine> rdfs:subClassOf rskg:Site")),
    Case("everything is nothing", 422, _more("rskg:Site rdfs:subClassOf owl:Nothing")),
    Case("a class", 422, _more("<https://acme.example/Mine> a owl:Class")),
    Case("a property's domain", 422, _more("rdfs:label rdfs:domain rskg:Country")),
    Case("a code of a list", 422, _more("confidence:high rdfs:label 'low'@en")),
    Case("two countries as one", 422, _more("country:CL owl:sameAs country:PE")),
    Case("the ontology itself", 422, _more(f"<{BASE}ontology> dcterms:license <x:none>")),
    Case("a shape", 422, _more(f"<{BASE}shapes#Site> rdfs:comment 'off'")),
    Case("another's graph", 422, _more("<GRAPH> dcterms:license <x:none>")),
    Case("the graph of provenance", 422, _more(f"<{BASE}graph/provenance> rdfs:label 'x'")),
    Case("another's dataset described", 422, _more(f"<{BASE}dataset/others> dcterms:publisher <{ACME}>")),
    Case("a contribution's activity", 422, _more(f"<{BASE}contributions/x> rdfs:label 'x'")),
    Case("another's blank node", 422, _more(f"{GENID} rdfs:label 'x'@en")),
    Case("a link to another's blank node", 422, _more(f"site:wrong rdfs:seeAlso {GENID}")),
    Case("another's statement", 422, _more("statement:theirs rskg:note 'false'")),
    Case("a triple within a triple", 422, _more("site:wrong rdfs:seeAlso <<( <x:a> <x:b> <x:c> )>>")),
    # what the shapes refuse
    Case("an unknown country", 422, site("wrong", country="QQ")),
    Case("no source", 422, SAID.partition("statement:wrong a")[0]),
    Case("a site in two countries", 422, _more("site:wrong rskg:locatedIn country:PE")),
    Case("another place for a thing of others", 422, site("theirs", country="PE").replace("statement:theirs", "statement:wrong")),
]  # fmt: skip
ADDRESSES = count(1)


@pytest.fixture(scope="module")
def tokens(
    place: Path, desk: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Tokens that are good and bad, by their names."""
    now, partners = datetime.now(UTC), Partners(place)
    acme, grant = partners.create(ACME, "acme-sites", now)
    expired, _ = partners.create(ACME, "acme-sites", now - timedelta(2), expires=now - timedelta(1))
    revoked, ended = partners.create(ACME, "acme-sites", now)
    partners.revoke(ended.id, now)
    elsewhere, _ = Partners(tmp_path_factory.mktemp("elsewhere")).create(ACME, "acme-sites", now)
    return {
        "acme": acme,
        "hash": grant.hashed,
        "longer": acme + "A",
        "expired": expired,
        "revoked": revoked,
        "elsewhere": elsewhere,
    }


@pytest.fixture(scope="module")
def theirs(place: Path, desk: httpx.Client, tokens: dict[str, str]) -> Iterator[dict[str, str]]:
    """What another partner has contributed, and a key that was used."""
    another = contributing.partner(desk, place, "others", contributing.OTHER)
    made = another.post(site("theirs")).json()
    mine = Partner(desk, "acme-sites", tokens["acme"])
    assert mine.post(site("keyed"), Idempotency_Key="used").status_code == 201
    yield made
    another.clear()
    mine.clear()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused_and_nothing_stored(
    case: Case, place: Path, desk: httpx.Client, tokens: dict[str, str], theirs: dict[str, str]
) -> None:
    def filled(text: str) -> str:
        for name, value in (
            ("TOKEN", tokens["acme"]),
            ("THEIRS", theirs["id"]),
            ("GRAPH", theirs["graph"]),
        ):
            text = text.replace(name, value)
        return text

    before = _stored(place)
    body = (
        filled(case.body)
        if isinstance(case.body, str) and "GRAPH <" not in case.body
        else case.body
    )
    headers = {**TURTLE, "X-Forwarded-For": f"198.51.100.{next(ADDRESSES)}"}
    if case.token:
        headers["Authorization"] = f"Bearer {tokens[case.token]}"
    headers |= {name: filled(value) for name, value in case.headers.items()}
    told = desk.request(case.method, filled(case.path), content=body, headers=headers)
    assert told.status_code == case.status, told.text
    assert told.headers["content-type"].startswith("application/problem+json")
    assert told.json()["status"] == case.status
    assert "Traceback" not in told.text
    assert tokens["acme"] not in told.text
    assert "root:" not in told.text
    if case.status == 401:
        assert told.headers["www-authenticate"].startswith("Bearer")
    assert _stored(place) == before


def _stored(place: Path) -> tuple[int | None, list[str], list[Path]]:
    documents = sorted(path.name for path in (place / "contributions").iterdir())
    return Revisions(place).current(), documents, list(place.glob(".receiving-*"))


def test_the_table_is_long_enough() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) >= 60


def test_whoever_tries_many_tokens_has_to_wait(desk: httpx.Client, tokens: dict[str, str]) -> None:
    def attempt(token: str, address: str) -> httpx.Response:
        headers = {**TURTLE, "Authorization": f"Bearer {token}", "X-Forwarded-For": address}
        return desk.post("/contributions?dry-run", content=SAID, headers=headers)

    wrong = [attempt(INVALID, "203.0.113.1").status_code for _ in range(12)]
    assert wrong == [401] * 10 + [429] * 2
    told = attempt(tokens["acme"], "203.0.113.1")
    assert (told.status_code, int(told.headers["retry-after"]) <= 61) == (429, True)
    assert attempt(tokens["acme"], "203.0.113.2").status_code == 200


MOST = 200_000


@pytest.fixture(scope="module")
def strict(
    few_store: Path, few: Files, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, Partner, Path]]:
    """A server with narrow bounds, over a store of its own."""
    root = tmp_path_factory.mktemp("strict") / "store"
    shutil.copytree(few_store, root)
    bounds = {
        "RSKG_CONTRIBUTION_BYTES": str(MOST),
        "RSKG_CONTRIBUTION_TRIPLES": "500",
        "RSKG_RECEIVE_SECONDS": "2",
        "RSKG_CHECK_MEMORY": "1000000000",
    }
    with contributing.server(root, few, **bounds) as (_, client):
        yield client, contributing.partner(client, root), root


def _raw(client: httpx.Client, head: str, body: bytes = b"") -> bytes:
    """The answer to a request of which no more is sent."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), 60) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + body)
        told = b""
        while piece := line.recv(65_536):
            told += piece
            if b"\r\n\r\n" in told and told.endswith(b"}"):
                break
        return told


def test_bodies_that_are_too_large_too_slow_or_bombs(
    strict: tuple[httpx.Client, Partner, Path],
) -> None:
    client, partner, root = strict
    zstd = pytest.importorskip("backports.zstd")
    head = (
        f"POST /contributions HTTP/1.1\nHost: x\nContent-Type: text/turtle\n"
        f"Authorization: Bearer {partner.token}\n"
    )
    newest = Revisions(root).current()
    announced = _raw(client, head + "Content-Length: 200000000\n\n")
    assert announced.startswith(b"HTTP/1.1 413 "), announced
    chunk = b"%x\r\n%b\r\n" % (MOST + 1, b"#" * (MOST + 1))
    chunked = _raw(client, head + "Transfer-Encoding: chunked\n\n", chunk)
    assert chunked.startswith(b"HTTP/1.1 413 "), chunked
    slow = _raw(client, head + "Content-Length: 1000\n\n", b"#" * 10)
    assert slow.startswith(b"HTTP/1.1 408 "), slow
    silent = _raw(client, head + "Transfer-Encoding: chunked\n\n")
    assert silent.startswith(b"HTTP/1.1 408 "), silent
    bomb = b"#" * 50_000_000
    for coding, packed in (("gzip", gzip.compress(bomb)), ("zstd", zstd.compress(bomb))):
        assert len(packed) < MOST
        told = partner.post(packed, Content_Encoding=coding)
        assert (told.status_code, told.json()["type"]) == (413, BASE + "problem/request-too-large")
    deep = PREFIXES + "site:x rdfs:seeAlso " + "[ rdfs:seeAlso " * 12_000
    assert partner.post(deep).status_code in (413, 422)
    many = SAID + "".join(f"site:wrong rdfs:seeAlso <x:{n}> .\n" for n in range(600))
    told = partner.post(many)
    assert told.status_code == 422
    assert "more than 500 triples" in told.json()["detail"]
    assert Revisions(root).current() == newest
    assert not (root / "contributions").exists()
    assert not list(root.glob(".receiving-*"))
    fine = partner.post(SAID, "?dry-run")
    assert fine.status_code == 200, fine.text


def test_a_budget_that_is_used_up_is_told_by_the_setting_that_bounds_it() -> None:
    for budget, setting in (("time", "CONTRIBUTION_SECONDS"), ("memory", "CHECK_MEMORY")):
        told = told_of(BudgetExceeded(budget, 300, 300, "check", "raise --timeout"))
        assert f"the operator's bound is RSKG_{setting}" in str(told["detail"])
        assert (told["error"], told["budget"], told["limit"]) == ("budget", budget, 300)
