"""Pages for people: they open, lead on within the host, show who says what, and run no scripts."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from rskg.endpoint.catalogue import graphs
from rskg.endpoint.pages.kept import Pages
from rskg.endpoint.problems import KINDS
from rskg.endpoint.things import resources
from rskg.namespaces import BASE
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.conftest import DATA, bench, serving, triples

HTML = {"Accept": "text/html"}
PAGES = (
    "/",
    "/queries",
    "/queries/adopters",
    "/sparql",
    "/datasets",
    "/datasets/toy",
    "/ontology",
    "/ontology/modules/drivers",
    "/shapes",
    "/validate",
    "/graphs",
    "/graph/data/toy",
    "/id",
    "/id/actor",
    "/id/actor/acme.html",
    "/id/actor/acme/history",
    "/search",
    "/search?q=acme",
    "/docs",
    "/revisions",
    "/instruments",
    "/instruments/evidence",
    "/actors",
    "/actors/evidence",
    "/relations/actor-process",
    "/relations/actor-ties",
    "/relations/factor-actor",
    "/relations/factor-process",
    "/relations/process-process",
    "/dataset/toy/table",
    "/problem/not-found",
)
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_loads_nothing_from_elsewhere(site: httpx.Client, path: str) -> None:
    answer = site.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    text = answer.text
    for script in re.findall(r"<script[^>]*>.*?</script>", text, re.S):
        assert re.fullmatch(r'<script type="module" src="/assets/[\w.-]+"></script>', script)
    assert " style=" not in text
    assert "<title>" in text
    assert text.count("<h1") == 1
    assert not [link for link in LINK.findall(text) if link.startswith("javascript")]
    loaded = re.findall(r'<(?:link|img|script)[^>]*(?:href|src)="([^"]+)"', text)
    assert all(address.startswith("/") for address in loaded)


@pytest.mark.parametrize("path", PAGES)
def test_links_to_our_iris_stay_on_this_host_and_open(site: httpx.Client, path: str) -> None:
    text = site.get(path, headers=HTML).text
    links = {link.replace("&amp;", "&").partition("#")[0] for link in LINK.findall(text)}
    assert not [link for link in links if link.startswith(BASE)]
    for link in sorted(link for link in links if link.startswith("/")):
        answer = site.get(link, headers=HTML, follow_redirects=True)
        assert answer.status_code == 200, f"{path} leads to {link}"


def test_what_data_says_is_text_never_markup(site: httpx.Client) -> None:
    text = site.get("/id/actor/acme.html").text
    assert "Acme &lt;Mining&gt; &amp; Sons" in text
    assert "<Mining>" not in text


def test_a_thing_shows_who_says_it_and_how_sure(site: httpx.Client) -> None:
    text = site.get("/id/actor/acme.html").text
    assert '<span class="badge high"' in text
    assert "https://example.org/source" in text
    assert "CC BY 4.0" in text
    assert "What follows" in text
    assert "An audit of Acme" in text
    assert "Adoption: A code of conduct (2020)" in text
    assert '<span class="badge medium"' in site.get("/id/process/code.html").text


def test_the_home_picture_counts_the_graph(site: httpx.Client) -> None:
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", site.get("/").text))
    assert "2 actors, 1 of them with a recorded relation" in text
    assert "1 actor issue, adopt or sign 1 instrument" in text
    assert "1 factor hold 1 actor to account in 1 recorded event" in text
    assert "Extraction: 1 instrument" in text
    assert "1 of 3" in text


def test_numbers_follow_a_new_revision_and_the_old_one_stays(
    toy_files: Files, tmp_path: Path
) -> None:
    revisions = Revisions(tmp_path)
    with serving(revisions, toy_files) as client:
        assert client.get("/health/live").status_code == 200
        empty = client.get("/health/ready")
        assert (empty.status_code, empty.headers["retry-after"]) == (503, "10")
        assert client.get("/", headers=HTML).status_code == 503
        revisions.commit(bench(), "first")
        first = client.get("/")
        assert client.get("/health/ready").json() == {"status": "ready", "revision": 1}
        revisions.commit(bench('actor:new a rskg:Actor ; rdfs:label "New"@en .'), "second")
        second = client.get("/")
        assert (first.headers["revision"], second.headers["revision"]) == ("1", "2")
        assert "3 actors, " in second.text
        assert "2 actors, " in client.get("/?revision=1").text
        tag = second.headers["etag"]
        assert client.get("/", headers={"If-None-Match": tag}).status_code == 304


def test_the_ontology_page_has_an_anchor_for_every_term(site: httpx.Client) -> None:
    text = site.get("/ontology", headers=HTML).text
    for term in ("Actor", "Company", "Process", "adopts"):
        assert f'id="{term}"' in text
    for label in ("Acteur", "Akteur"):
        assert label in text
    assert "used 2 times" in text


def test_the_shapes_page_shows_targets_and_messages(site: httpx.Client) -> None:
    text = site.get("/shapes", headers=HTML).text
    assert 'id="CompanyShape"' in text
    assert "A company has a name." in text
    assert "at least 1" in text


def test_a_module_is_drawn_with_its_classes_and_the_properties_between_them(
    site: httpx.Client,
) -> None:
    text = site.get("/ontology/modules/drivers", headers=HTML).text
    drawing = ElementTree.fromstring(text[text.index("<svg class") : text.rindex("</svg>") + 6])
    assert [one.tag for one in drawing[:2]] == ["title", "desc"]
    links = {"".join(one.itertext()).strip(): one.get("href") for one in drawing.findall("a")}
    assert {
        "Actor": "#Actor",
        "Company": "#Company",
        "Process": "#Process",
    }.items() <= links.items()
    told = [one.text for one in drawing.findall("g/path/title")]
    assert "Company → Actor" in told and told.count("Actor adopts Process") == 2
    left, top, width, height = map(float, drawing.attrib["viewBox"].split())
    for box in drawing.findall("a/rect"):
        x, y, wide, high = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert left <= x <= x + wide <= left + width and top <= y <= y + high <= top + height
    assert site.get("/ontology/modules/none", headers=HTML).status_code == 404


def test_pages_that_are_kept_are_bounded_and_those_asked_for_stay() -> None:
    pages = Pages(10)
    for number, body in enumerate((b"12345", b"1234", b"123456")):
        pages.keep((number, "en", "/"), body)
        assert pages.get((0, "en", "/")) == (b"12345" if number < 2 else None)
    assert pages.get((2, "en", "/")) == b"123456"
    pages.keep((2, "en", "/"), b"1")
    pages.keep((3, "en", "/"), b"123456789")
    assert pages.get((2, "en", "/")) == b"1"


def test_a_kept_page_is_written_anew_for_another_revision_or_language(
    toy_files: Files, tmp_path: Path
) -> None:
    revisions = Revisions(tmp_path / "store")
    revisions.commit(bench(), "toys")
    with serving(revisions, toy_files) as client:
        first = [client.get("/ontology", headers=HTML) for _ in range(2)]
        assert first[0].content == first[1].content
        tag = first[0].headers["etag"]
        assert client.get("/ontology", headers={**HTML, "If-None-Match": tag}).status_code == 304
        french = client.get("/ontology", headers={**HTML, "Accept-Language": "fr"}).text
        assert ">Acteur</a>" in french and "utilisé 2 fois" in french
        revisions.commit(bench("actor:more a rskg:Company ."), "more toys")
        for address, number in {"/ontology": 3, "/ontology?revision=1": 2}.items():
            text = client.get(address, headers=HTML).text
            company = text[text.index('id="Company"') :]
            assert f"used {number} times" in company[: company.index("</article>")]


def test_a_dataset_tells_its_limits_its_period_and_its_source(site: httpx.Client) -> None:
    text = site.get("/datasets/toy").text
    assert "Only toys of one shop." in text
    assert "Speaks of 1996 to 2019." in text
    assert "Cite as: The Shop, 2020" in text
    row = text[text.index("The shop&#39;s list") : text.index("</tbody>")]
    assert all(told in row for told in ("The Shop<", "2026-11-20", 'title="6880cc7bba6e8e89"'))
    assert "https://example.org/toys.csv" in text


@pytest.mark.parametrize("most", [1, 100])
def test_many_things_and_large_graphs_are_shown_unsorted(
    site: httpx.Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(resources, "MOST_SORTED", most)
    monkeypatch.setattr(graphs, "MOST_SORTED", most)
    things = site.get("/id/process").text
    assert ("too many to sort" in things) is (most == 1)
    assert all(name in things for name in ("A code of conduct", "A guide", "A lonely text"))
    page = site.get("/graph/data/toy").text
    assert page.count("<tr>") == 1 + len(triples(DATA))


def test_search_finds_labels_in_any_language(site: httpx.Client) -> None:
    assert "/id/stage/extraction" in site.get("/search", params={"q": "gewinn"}).text
    assert "No label holds" in site.get("/search", params={"q": "nowhere"}).text
    assert "at least two letters" in site.get("/search", params={"q": "x"}).text


def test_every_kind_of_problem_has_a_page_and_is_listed(site: httpx.Client) -> None:
    docs = site.get("/docs").text
    assert "<code>/queries/{slug}</code>" in docs
    for kind in KINDS:
        assert site.get(f"/problem/{kind.slug}").status_code == 200
        assert f"/problem/{kind.slug}" in docs


def test_problems_are_pages_for_people_and_documents_for_programs(site: httpx.Client) -> None:
    page = site.get("/id/actor/nobody", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Nothing here" in page.text
    document = site.get("/id/actor/nobody", headers={"Accept": "application/json"})
    assert document.headers["content-type"] == "application/problem+json"
    assert document.json()["iri"] == BASE + "id/actor/nobody"
    plain = site.get("/id/actor/nobody", headers={"Accept": "text/plain"})
    assert plain.text.startswith("Nothing here: ")


def test_the_unforeseen_tells_nothing_of_the_inside(toy_files: Files, tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    revisions.commit(bench(), "first")
    with serving(revisions, toy_files) as client:
        (tmp_path / "revisions" / "1" / "revision.json").write_text("not json")
        answer = client.get("/revisions", headers={"Accept": "application/json"})
        assert answer.status_code == 500
        assert answer.json()["type"].endswith("/problem/internal")
        assert "not json" not in answer.text
        assert "JSONDecode" not in answer.text


def test_no_page_of_the_framework_that_loads_scripts(site: httpx.Client) -> None:
    assert "cdn" not in site.get("/docs").text
    assert site.get("/redoc").status_code == 404
    paths = site.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/queries/{slug}", "/id/{kind}/{slug}", "/health/ready"} <= paths.keys()
