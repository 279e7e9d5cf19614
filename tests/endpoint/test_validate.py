"""`/validate` over a real server: every report, every way to send, hostile documents, no traces."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import gzip
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import httpx
import jsonschema
import pytest
from backports import zstd
from pyoxigraph import RdfFormat

from rskg.endpoint.asking.admission import Admission
from rskg.errors import Overloaded
from rskg.report import FORMATS
from rskg.syntax import parse_bytes
from tests.conftest import ROOT
from tests.endpoint.processes import Served, served, until
from tests.schemas import schema

LIMIT = 3_000_000
PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = f"""{PREFIXES}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
  sh:property [ sh:path ex:p ; sh:in ( "good" ) ; sh:message "not good" ] ."""
BAD = f"{PREFIXES}ex:a ex:q 1 ;\n  ex:p 'Good' .\n"
GOOD = BAD.replace("Good", "good")
ENDLESS = (
    f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select '''"
    + "SELECT $this WHERE { "
    + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(9))
    + " FILTER(STRLEN(CONCAT(STR(?o0), STR(?o8))) < 0) }''' ] ."
)
MANY = PREFIXES + " ".join(f"ex:n{i} ex:q {i} ." for i in range(300)) + "ex:a ex:p 'x' ."
TURTLE = {"Content-Type": "text/turtle"}
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LEAD = (ROOT / "examples/lead/invalid-lead-row-blank.ttl").read_bytes()
BOMB = b" " * 90_000_000
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.fixture(scope="module")
def scraps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scraps")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, scraps: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("validate")
    settings = {"RSKG_VALIDATE_BYTES": str(LIMIT), "TMPDIR": str(scraps)}
    with served(folder / "store", folder / "log", "--empty", **settings) as running:
        yield running


@pytest.fixture
def http(server: Served, scraps: Path) -> Iterator[httpx.Client]:
    """A client; whatever it asked for, nothing is left behind."""
    with httpx.Client(base_url=server.address, timeout=120) as client:
        yield client
    until(lambda: left(scraps) == [] and checks(server) == set())


def left(scraps: Path) -> list[str]:
    return [path.name for path in scraps.glob("rskg-*")]


def checks(server: Served) -> set[int]:
    """The pids of the processes that check."""
    found = set()
    for pid in server.children():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if b"rskg.check.apart" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


def parts(document: str = BAD, shapes: str = SHAPES) -> dict[str, tuple[str, bytes]]:
    return {"document": ("mine.ttl", document.encode()), "shapes": ("s.ttl", shapes.encode())}


@pytest.mark.parametrize("form", FORMATS)
def test_each_report_by_its_name_tells_the_line(http: httpx.Client, form: str) -> None:
    answer = http.post("/validate", files=parts(), data={"report": form})
    assert answer.status_code == 200, answer.text
    text, place = answer.text, ("mine.ttl", 4)
    if form == "json":
        (one,) = answer.json()["results"]
        assert (one["place"]["path"], one["place"]["line"]) == place
        assert one["fix"]["text"] == '"good"'
    elif form == "sarif":
        jsonschema.validate(answer.json(), schema("sarif-2.1.0"))
        (one,) = answer.json()["runs"][0]["results"]
        assert one["locations"][0]["physicalLocation"]["region"]["startLine"] == 4
    elif form == "csv":
        (row,) = csv.DictReader(io.StringIO(text, newline=""))
        assert (row["file"], int(row["line"])) == place
    elif form in ("turtle", "jsonld"):
        kind = RdfFormat.from_media_type(answer.headers["content-type"])
        assert kind is not None
        said = {str(t.object) for t in parse_bytes(answer.content, kind)}
        assert '"4"^^<http://www.w3.org/2001/XMLSchema#integer>' in said
    elif form == "junit":
        (failure,) = ElementTree.fromstring(text).findall(".//failure")
        assert (failure.text or "").startswith("mine.ttl:4:8: ")
    elif form == "html":
        page = html5lib.parse(text, namespaceHTMLElements=False)
        assert page.find(".//tbody/tr/td").text.startswith("4:")
    else:
        assert {"text": "mine.ttl:4:8: ", "github": "file=mine.ttl,line=4,"}[form] in text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", "text/turtle"),
        ("application/sarif+json", "application/sarif+json"),
        ("application/xml", "application/xml"),
        ("text/csv;q=0.5, application/ld+json", "application/ld+json"),
        ("*/*", "application/json"),
    ],
)
def test_accept_chooses_a_report(http: httpx.Client, accept: str, kind: str) -> None:
    answer = http.post("/validate", content=LEAD, headers={**TURTLE, "Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind


def test_our_own_shapes_all_or_one_file_of_them(http: httpx.Client) -> None:
    told = http.post("/validate", content=LEAD, headers=TURTLE).json()
    (one,) = told["results"]
    assert one["place"]["line"] == 13
    assert told["conforms"] is False
    some = http.post("/validate?shapes=lead", content=LEAD, headers=TURTLE).json()
    assert some["coverage"]["shapes"] < told["coverage"]["shapes"]
    assert len(some["results"]) == 1
    lax = http.post("/validate?fail-on=none", content=LEAD, headers=TURTLE).json()
    assert lax["conforms"] is True
    lost = http.post("/validate?shapes=absent", content=LEAD, headers=TURTLE)
    assert (lost.status_code, "lead" in lost.json()["offered"]) == (400, True)


@pytest.mark.parametrize(
    ("kind", "body", "coding"),
    [
        ("text/turtle", BAD.encode(), ""),
        ("text/plain", BAD.encode(), ""),
        ("application/trig", BAD.encode(), ""),
        ("application/n-triples", b'<http://example.org/a> <http://example.org/p> "x" .', ""),
        (
            "application/n-quads",
            b"<a:a> <http://example.org/p> 'x' <a:g> .".replace(b"'", b'"'),
            "",
        ),
        ("application/ld+json", b'{"@id": "a:a", "http://example.org/p": "x"}', ""),
        (
            "application/rdf+xml",
            f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="http://example.org/"><rdf:Description '
            'rdf:about="a:a"><ex:p>x</ex:p></rdf:Description></rdf:RDF>'.encode(),
            "",
        ),
        ("text/turtle", gzip.compress(BAD.encode()), "gzip"),
        ("text/turtle", zstd.compress(BAD.encode()), "zstd"),
    ],
)
def test_a_body_in_each_format(http: httpx.Client, kind: str, body: bytes, coding: str) -> None:
    headers = {"Content-Type": kind} | ({"Content-Encoding": coding} if coding else {})
    answer = http.post("/validate", params={"shapes": SHAPES}, content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["results"]) == 1


def test_packed_files_and_a_table_with_its_map(http: httpx.Client) -> None:
    packed = {**parts(), "document": ("x.ttl.gz", gzip.compress(BAD.encode()))}
    assert http.post("/validate", files=packed).json()["results"][0]["place"]["line"] == 4
    mapped = (
        "PREFIX ex: <http://example.org/> PREFIX rskg: <https://w3id.org/rskg/ontology#> "
        "CONSTRUCT { ?s ex:p ?grade . ?t a rskg:Statement ; rskg:states ?s } WHERE "
        "{ ?row <urn:rskg:column:name> ?name ; <urn:rskg:column:grade> ?grade . "
        "BIND(IRI(CONCAT('http://example.org/', ?name)) AS ?s) "
        "BIND(IRI(CONCAT('http://example.org/told-', ?name)) AS ?t) }"
    )
    table = [
        ("document", ("table.csv", b"name,grade\na,good\nb,bad\n")),
        ("document", ("map.rq", mapped.encode())),
        ("shapes", ("s.ttl", SHAPES.encode())),
    ]
    told = http.post("/validate", files=table)
    assert told.status_code == 200, told.text
    (one,) = told.json()["results"]
    place = one["place"]
    assert (place["path"], place["line"], place["cell"]) == ("table.csv", 3, "grade")
    alone = http.post("/validate", content=b"a\n1\n", headers={"Content-Type": "text/csv"})
    assert (alone.status_code, "map" in alone.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("document", "shapes", "where"),
    [
        (f"{PREFIXES}ex:a ex:p\n  oops .", SHAPES, {"file": "mine.ttl", "line": 4}),
        (BAD, f"{PREFIXES}ex:S a sh:NodeShape ;\n oops", {"file": "shapes/s.ttl", "line": 4}),
        (BAD, SHAPES.replace("sh:in", "sh:inn"), {}),
        (BAD, ENDLESS.replace("SELECT $this", "SELECT $this {"), {}),
        ("<a:a> <a:b> 1 .", SHAPES, {}),  # no shape looks at any node
    ],
)
def test_what_cant_be_checked_is_a_problem(
    http: httpx.Client, document: str, shapes: str, where: dict[str, object]
) -> None:
    answer = http.post("/validate", files=parts(document, shapes))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert {name: told.get(name) for name in where} == where
    assert str(Path.cwd()) not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("status", "send"),
    [
        (415, {"content": b"x", "headers": {"Content-Type": "image/png"}}),
        (415, {"content": b"x", "headers": {**TURTLE, "Content-Encoding": "br"}}),
        (415, {"files": {"document": ("x.png", b"x", "image/png")}}),
        (400, {"content": b"x=1", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}),
        (400, {"data": {"x": "1"}}),
        (400, {"data": {"document": " "}}),
        (400, {"content": LEAD, "headers": TURTLE, "params": {"report": "pdf"}}),
        (400, {"content": LEAD, "headers": TURTLE, "params": {"fail-on": "all"}}),
        (406, {"content": LEAD, "headers": {**TURTLE, "Accept": "image/png"}}),
        (413, {"content": b" " * (LIMIT + 1), "headers": TURTLE}),
        (413, {"content": gzip.compress(BOMB), "headers": {**TURTLE, "Content-Encoding": "gzip"}}),
        (413, {"files": {"document": ("bomb.ttl.zst", zstd.compress(BOMB))}}),
    ],
)  # fmt: skip
def test_what_isnt_taken(http: httpx.Client, status: int, send: dict[str, object]) -> None:
    answer = http.post("/validate", **send)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert answer.json()["status"] == status


def test_a_body_that_says_how_large_it_is_isnt_read(server: Served, http: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as raw:
        raw.sendall(
            b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n"
            b"Content-Length: 200000000\r\n\r\n"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_billion_laughs_and_a_deep_document_are_unreadable(http: httpx.Client) -> None:
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "xxxxxxxxxx">'
        + "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
        + f']><rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="http://example.org/"><rdf:Description '
        'rdf:about="http://example.org/a"><ex:p>&a9;</ex:p></rdf:Description></rdf:RDF>'
    )
    kinds = {"application/rdf+xml": laughs, "application/ld+json": "[" * 200_000 + "]" * 200_000}
    for kind, body in kinds.items():
        answer = http.post("/validate", content=body.encode(), headers={"Content-Type": kind})
        assert answer.status_code == 422, answer.text
        assert len(answer.text) < 2000


def test_shapes_that_reach_out_are_refused(http: httpx.Client) -> None:
    out = ENDLESS.replace("WHERE {", "WHERE { SERVICE <http://127.0.0.1/> { ?a ?b ?c } ", 1)
    answer = http.post("/validate", files=parts(MANY, out))
    assert (answer.status_code, "SERVICE" in answer.json()["detail"]) == (422, True)


def test_the_page_is_a_form_that_shows_results_and_marks_lines(http: httpx.Client) -> None:
    empty = http.get("/validate", headers=HTML)
    assert "unsafe" not in empty.headers["content-security-policy"]
    page = html5lib.parse(empty.text, namespaceHTMLElements=False)
    form = page.find(".//main//form")
    assert (form.get("method"), form.get("action")) == ("post", "/validate")
    assert all(script.get("src") for script in page.iter("script")), "a form that needs none inline"
    assert "lead" in [option.text for option in page.findall(".//select[@name='shapes']/option")]
    sent = {**parts(f"{BAD}ex:b ex:p '<b>x</b>' ."), "report": (None, b"page")}
    answer = http.post("/validate", files=sent, headers=HTML)
    assert answer.status_code == 200
    page = html5lib.parse(answer.text, namespaceHTMLElements=False)
    rows = page.findall(".//tbody/tr")
    assert [row.find("td/a").text for row in rows] == ["mine.ttl:4:8", "mine.ttl:5:11"]
    assert 'Fix: write "good" instead of' in " ".join("".join(rows[0].itertext()).split())
    marked = [mark.text.strip() for mark in page.findall(".//pre/mark")]
    assert marked == ["4    ex:p 'Good' .", "5  ex:b ex:p '<b>x</b>' ."]
    assert page.find(".//b") is None
    assert "ex:p 'Good' ." in page.find(".//textarea").text


def test_the_page_keeps_the_text_of_what_cant_be_read(http: httpx.Client) -> None:
    fields = {"document": "@prefix ex: <http://example.org/> .\r\nex:a ex:p\r\n  oops .\r\n"}
    answer = http.post("/validate", data={**fields, "report": "page"}, headers=HTML)
    assert answer.status_code == 422
    page = html5lib.parse(answer.text, namespaceHTMLElements=False)
    alarm = "".join(page.find(".//*[@role='alert']").itertext())
    assert "Line 3, column" in alarm
    assert [mark.text.strip() for mark in page.findall(".//pre/mark")] == ["3    oops ."]
    assert "ex:a ex:p" in page.find(".//textarea").text


def test_the_html_report_is_styled_by_its_own_style_alone(http: httpx.Client) -> None:
    answer = http.post("/validate", files=parts(), data={"report": "html"})
    policy = answer.headers["content-security-policy"]
    assert "style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text


def test_openapi_describes_it(http: httpx.Client) -> None:
    told = http.get("/openapi.json").json()["paths"]["/validate"]
    assert set(told) == {"get", "post"}
    assert "text/turtle" in told["post"]["requestBody"]["content"]
    assert {"413", "415", "422", "429", "503", "504"} <= set(told["post"]["responses"])
    json.dumps(told)


def test_an_endless_constraint_ends_at_its_budget_or_with_whoever_asked(
    tmp_path: Path, scraps: Path
) -> None:
    settings = {"RSKG_VALIDATE_SECONDS": "4", "RSKG_VALIDATE_AT_ONCE": "1", "TMPDIR": str(scraps)}
    with served(tmp_path / "store", tmp_path / "log", "--empty", **settings) as server:
        endless = parts(MANY, ENDLESS)
        answer = httpx.post(f"{server.address}/validate", files=endless, timeout=120)
        assert (answer.status_code, answer.json()["budget"]) == (504, "time")
        assert (left(scraps), checks(server)) == ([], set())
        with contextlib.suppress(httpx.ReadTimeout):
            httpx.post(f"{server.address}/validate", files=endless, timeout=1)
        until(lambda: left(scraps) == [] and checks(server) == set())
        assert "Traceback" not in server.log.read_text()
        asking = threading.Thread(target=_ask_in_vain, args=(server.address, endless))
        asking.start()
        until(lambda: left(scraps) != [] and checks(server) != set())
        (orphan,) = checks(server)
        os.kill(server.pid, signal.SIGKILL)
        asking.join()
    until(lambda: not Path(f"/proc/{orphan}").exists())
    assert left(scraps) != []
    program = "from rskg.check import apart; apart.sweep()"
    environment = {**os.environ, "TMPDIR": str(scraps)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    assert left(scraps) == []


def _ask_in_vain(address: str, files: dict[str, tuple[str, bytes]]) -> None:
    with contextlib.suppress(httpx.HTTPError):
        httpx.post(f"{address}/validate", files=files, timeout=120)


def test_places_are_given_in_turn_and_the_line_is_bounded() -> None:
    async def run() -> list[str]:
        admission, told, begun = Admission(1, 2, 7), [], asyncio.Event()

        async def stay(client: str, until: asyncio.Event | None) -> None:
            async with admission.place(client):
                told.append(client)
                begun.set()
                if until:
                    await until.wait()

        go = asyncio.Event()
        first = asyncio.create_task(stay("a1", go))
        await begun.wait()
        waiting = [asyncio.create_task(stay(name, None)) for name in ("a", "a", "b")]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        (refused,) = done
        error = refused.exception()
        assert isinstance(error, Overloaded)
        assert (error.own, error.retry_after) == (True, 7)
        left = [task for task in waiting if task is not refused]
        left[0].cancel()
        await asyncio.wait(left[:1])
        go.set()
        await asyncio.gather(first, *left[1:])
        await stay("c", None)  # the place is free again
        return told

    assert asyncio.run(run()) == ["a1", "b", "c"]


def test_a_sender_who_is_too_slow_is_told(tmp_path: Path, scraps: Path) -> None:
    settings = {"RSKG_RECEIVE_SECONDS": "1", "TMPDIR": str(scraps)}
    with (
        served(tmp_path / "store", tmp_path / "log", "--empty", **settings) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as raw,
    ):
        raw.sendall(
            b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n"
            b"Content-Length: 9\r\n\r\n<a:a>"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 408 ")
