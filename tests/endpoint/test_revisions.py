"""Every kept state stays askable over HTTP, and says which one it is."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import httpx
import pytest

from rskg.namespaces import BASE, DCAT, OWL
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.conftest import bench, said, serving, triples
from tests.endpoint.test_protocol import SELECT

ATOM = "{http://www.w3.org/2005/Atom}"
HTML = {"Accept": "text/html"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/rskg/ontology#Company> }"
NEW = 'actor:new a rskg:Company ; rdfs:label "New"@en .'
ACME = "/id/actor/acme"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Revisions:
    """Revision 1 was removed, 2 is the release 2026.1, 3 has a company more, 4 isn't counted."""
    revisions = Revisions(tmp_path_factory.mktemp("kept"))
    revisions.commit(bench(), "first")
    revisions.commit(bench(), "second")
    revisions.name(2, "2026.1")
    revisions.commit(bench(NEW), "third")
    revisions.amend(lambda draft: draft.add(triples(NEW)), "fourth")
    revisions.prune(2)
    for number, made in ((2, "2026-01-02"), (3, "2026-03-04"), (4, "2026-05-06")):
        path = revisions.folder / str(number) / "revision.json"
        told = {**json.loads(path.read_text()), "made": f"{made}T00:00:00Z"}
        if number == 4:
            told["triples"] = None
        path.write_text(json.dumps(told))
    return revisions


@pytest.fixture(scope="module")
def client(kept: Revisions, toy_files: Files) -> Iterator[httpx.Client]:
    with serving(kept, toy_files) as client:
        yield client


def companies(answer: httpx.Response) -> str:
    return str(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_the_list_is_a_page_and_data(client: httpx.Client) -> None:
    page = client.get("/revisions", headers=HTML)
    assert "not counted" in page.text
    assert 'href="/revisions/2026.1"' in page.text
    found = client.get("/revisions", headers={"Accept": "application/json"})
    assert found.headers["content-type"] == "application/json"
    assert [each["number"] for each in found.json()] == [4, 3, 2]
    assert found.json()[2]["names"] == ["2026.1"]
    described = said(client.get("/revisions", headers={"Accept": "text/turtle"}))
    assert (f"{BASE}revisions/2026.1", f"{OWL}sameAs", f"{BASE}revisions/2") in described
    assert (f"{BASE}revisions", f"{DCAT}hasCurrentVersion", f"{BASE}revisions/4") in described
    tag = {"If-None-Match": found.headers["etag"], "Accept": "application/json"}
    assert client.get("/revisions", headers=tag).status_code == 304


def test_one_revision_is_found_by_number_and_by_release(client: httpx.Client) -> None:
    told = client.get("/revisions/3", params={"format": "json"}).json()
    assert (told["number"], told["note"], told["names"]) == (3, "third", [])
    assert told["graphs"][f"{BASE}graph/data/toy"] > 0
    page = client.get("/revisions/2026.1", headers=HTML)
    assert f"{BASE}revisions/2026.1" in page.text
    assert page.headers["revision"] == "2"
    links = page.headers["link"]
    assert f'<{BASE}revisions/2026.1>; rel="cite-as"' in links
    assert '</revisions/3>; rel="successor-version"' in links
    assert '</revisions/4>; rel="latest-version"' in links
    assert "predecessor-version" not in links
    assert "not counted" in client.get("/revisions/4", headers=HTML).text
    turtle = client.get("/revisions/2026.1", headers={"Accept": "text/turtle"})
    assert (f"{BASE}revisions/2", f"{DCAT}version", "2026.1") in said(turtle)


@pytest.mark.parametrize("method", ["GET", "form", "direct", "QUERY"])
@pytest.mark.parametrize("name", ["2026.1", "2"])
def test_a_revision_has_the_whole_protocol(client: httpx.Client, method: str, name: str) -> None:
    path = f"/revisions/{name}/sparql"
    direct = {"Content-Type": "application/sparql-query"}
    answer = {
        "GET": lambda: client.get(path, params={"query": COUNT}),
        "form": lambda: client.post(path, data={"query": COUNT}),
        "direct": lambda: client.post(path, content=COUNT, headers=direct),
        "QUERY": lambda: client.request("QUERY", path, content=COUNT, headers=direct),
    }[method]()
    assert companies(answer) == "2"
    assert answer.headers["revision"] == "2"
    assert f'<{BASE}revisions/2026.1>; rel="cite-as"' in answer.headers["link"]
    assert '</revisions>; rel="version-history"' in answer.headers["link"]


def test_the_parameter_takes_numbers_and_releases(client: httpx.Client) -> None:
    def ask(revision: str) -> str:
        return companies(client.get("/sparql", params={"query": COUNT, "revision": revision}))

    assert [ask("2026.1"), ask("2"), ask("3"), ask("")] == ["2", "2", "3", "3"]
    editor = client.get("/revisions/2026.1/sparql", headers=HTML)
    assert 'action="/revisions/2026.1/sparql"' in editor.text
    assert client.get("/revisions/2/sparql", headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("1", 410, "Revision 1 was removed; see /revisions."),
        ("9", 404, "There is no revision or release '9'; see /revisions."),
        ("2031.1", 404, "There is no revision or release '2031.1'; see /revisions."),
        ("9" * 40, 404, None),
        ("-1", 404, None),
    ],
)
def test_what_is_not_there_is_told(
    client: httpx.Client, name: str, status: int, sentence: str | None
) -> None:
    for path in (f"/revisions/{name}", f"/revisions/{name}/sparql", f"/id?revision={name}"):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert sentence in (None, answer.json()["detail"])
    answer = client.get("/revisions/diff", params={"from": name, "to": "3"})
    assert answer.status_code == status


def test_a_difference_is_told_by_graph(client: httpx.Client) -> None:
    asked = {"from": "2026.1", "to": "3"}
    found = client.get("/revisions/diff", params={**asked, "format": "json"}).json()
    assert (found["before"], found["after"]) == (2, 3)
    changed = {each["graph"]: (each["added"], each["removed"]) for each in found["graphs"]}
    assert changed[f"{BASE}graph/data/toy"] == (2, 0)
    page = client.get("/revisions/diff", params=asked, headers=HTML)
    assert "From revision 2 to 3" in page.text
    same = client.get("/revisions/diff", params={"from": "3", "to": "3"}, headers=HTML)
    assert "The two hold the same triples." in same.text
    assert client.get("/revisions/diff", params={"from": "3"}).status_code == 400


def test_pages_tell_when_they_were_so(client: httpx.Client) -> None:
    answer = client.get(f"{ACME}.ttl")
    assert answer.headers["memento-datetime"] == "Wed, 06 May 2026 00:00:00 GMT"
    assert answer.headers["content-location"] == f"{ACME}.ttl?revision=4"
    assert "Accept-Datetime" in answer.headers["vary"]
    links = answer.headers["link"]
    assert f'<{ACME}.ttl>; rel="original timegate"' in links
    assert f'</revisions/timemap{ACME}.ttl>; rel="timemap"' in links
    old = client.get(f"{ACME}.html", params={"revision": "2026.1"})
    assert old.headers["memento-datetime"] == "Fri, 02 Jan 2026 00:00:00 GMT"
    assert "content-location" not in old.headers
    assert f'<{ACME}.html>; rel="original timegate"' in old.headers["link"]
    assert "memento-datetime" not in client.get("/sparql", params={"query": SELECT}).headers


@pytest.mark.parametrize(
    ("date", "number"),
    [
        ("Thu, 01 Jan 2015 00:00:00 GMT", "2"),
        ("Fri, 02 Jan 2026 00:00:00 GMT", "2"),
        ("Tue, 03 Mar 2026 23:59:59 GMT", "2"),
        ("Wed, 04 Mar 2026 00:00:00 GMT", "3"),
        ("Fri, 01 Jan 2038 00:00:00 GMT", "4"),
    ],
)
def test_a_date_chooses_a_revision(client: httpx.Client, date: str, number: str) -> None:
    then = {"Accept-Datetime": date, "Accept": "text/turtle"}
    assert client.get("/graph/ontology", headers=then).headers["revision"] == number
    sent = client.get(ACME, headers=then)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{ACME}.ttl?revision={number}")
    answer = client.get(sent.headers["location"], headers=then)
    assert answer.headers["revision"] == number
    assert client.get(ACME, headers={"Accept-Datetime": "yesterday"}).status_code == 400


def test_the_time_map_lists_every_state(client: httpx.Client) -> None:
    answer = client.get(f"/revisions/timemap{ACME}.ttl")
    assert answer.headers["content-type"].startswith("application/link-format")
    lines = answer.text.strip().split(",\n")
    states = [line for line in lines if "memento" in line.partition(";")[2]]
    assert [line.partition(">")[0][-10:] for line in states] == [f"revision={n}" for n in (2, 3, 4)]
    assert 'rel="first memento"; datetime="Fri, 02 Jan 2026 00:00:00 GMT"' in states[0]
    for line in states:
        assert client.get(line.partition(">")[0].lstrip("<")).status_code == 200
    paged = client.get("/revisions/timemap/graph/ontology", params={"page": "1"})
    assert "/graph/ontology?page=1&revision=3>" in paged.text


def test_what_a_server_answers_from_is_held(toy_files: Files, tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    revisions.commit(bench(), "first")
    with serving(revisions, toy_files) as client:
        assert client.get("/id?revision=1").status_code == 200
        newest, deadline = 1, time.monotonic() + 60
        while 1 in revisions.numbers() and time.monotonic() < deadline:
            newest = revisions.rollback(newest)
            assert client.get("/id").headers["revision"] == str(newest)
            time.sleep(0.2)  # a worker holds a revision until it has opened two newer ones
            assert newest not in revisions.prune(1)
        assert client.get("/id?revision=1").status_code == 410
        assert client.get("/id").headers["revision"] == str(newest)


def test_the_feed_tells_each_revision(client: httpx.Client) -> None:
    answer = client.get("/feed")
    assert answer.headers["content-type"] == "application/atom+xml"
    found = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert (found.bozo, found.version) == (False, "atom10")
    assert found.feed.updated == found.entries[0].updated == "2026-05-06T00:00:00Z"
    assert [entry.id for entry in found.entries] == [f"{BASE}revisions/{n}" for n in (4, 3, 2)]
    assert [entry.title for entry in found.entries][1:] == [
        "Revision 3, third",
        "Release 2026.1: revision 2, second",
    ]
    assert found.entries[1].summary.startswith("third. The default graph has ")
    assert ", +2 since revision 2." in found.entries[1].summary
    for entry in found.entries:
        assert entry.updated_parsed
        for link in entry.links:
            there = client.get(link.href, headers=HTML)
            assert there.status_code == 200
            assert there.headers["content-type"].startswith(link.type)
    self_link = next(link for link in found.feed.links if link.rel == "self")
    again = client.get(self_link.href, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_feed_is_as_the_schema_of_atom_has_it(client: httpx.Client) -> None:
    """RFC 4287 4.1: what a feed and an entry hold once, and what a link has."""
    root = ElementTree.fromstring(client.get("/feed").content)
    once = {"id", "title", "updated"}
    assert {f"{ATOM}author"} < {child.tag for child in root}
    for element in (root, *root.iter(f"{ATOM}entry")):
        counted = Counter(child.tag.removeprefix(ATOM) for child in element)
        assert {name for name in once if counted[name] == 1} == once
        assert counted.keys() <= {*once, "author", "link", "entry", "summary"}
    assert all(link.get("href") and link.get("rel") for link in root.iter(f"{ATOM}link"))


def test_pages_lead_to_the_feed(client: httpx.Client) -> None:
    link = '<link rel="alternate" href="/feed" type="application/atom+xml"'
    for path in ("/", "/revisions", "/id/actor/acme.html"):
        assert link in client.get(path, headers=HTML).text
    assert 'href="/feed">' in client.get("/revisions", headers=HTML).text
