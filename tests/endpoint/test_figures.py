"""Every figure on a page leads to what it counts: statements with their sources, one click away.

The pages are written with figures marked, by a server of their own, so that none can hide: what
the templates' filters write as a number stands in a link to its evidence, in a row that begins
with one, beside its sources, or is marked as the page's own (how much of something it shows).
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import State

from rskg.endpoint.languages import numbered
from rskg.endpoint.pages.kept import Pages
from rskg.endpoint.pages.solutions import Value
from rskg.endpoint.pages.words import cell, count
from rskg.namespaces import graph
from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.conftest import serving

HTML = {"Accept": "text/html"}
MARK = "\u2063"
PAGES = (
    "/",
    "/instruments",
    "/instruments?stage=trading&topic=conflict",
    "/actors",
    "/actors?kind=government",
    "/value-chains",
    "/value-chains/cobalt",
    "/map",
    "/datasets",
    "/datasets/instruments",
    "/graphs",
    "/graph/data/instruments",
    "/queries",
    "/queries/voice-by-stage",
    "/queries/instrument-coverage",
    "/relations/actor-process",
    "/id",
    "/id/actor",
    "/id/country/CD.html",
    "/id/process/oecd-ddg-minerals.html",
    "/id/commodity/cobalt.html",
    "/ontology",
    "/shapes",
    "/search?q=cobalt",
    "/contributions",
    "/revisions",
    "/revisions/1",
    "/id/commodity/cobalt/history",
    "/instruments/evidence?topic=conflict",
)
#: Where a number leads: to statements, or to the triples or things that it counts.
LEADS = re.compile(r"/evidence(\?|$)|^/(graph|graphs|revisions|contributions|id|datasets)\b")
#: Not figures of the graph: what is read aloud, a choice that leads to its own count, the scale of
#: a picture.
APART = {"title", "desc", "option", "code", "pre", "script", "style"}
EVIDENCE = re.compile(r'href="(/(?!ontology)[^"]*/evidence\b[^"]*)"')
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"}


class Figures(HTMLParser):
    """The figures of a page that lead nowhere, and how many there are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.traced: list[bool] = []
        self.stray: list[str] = []
        self.found = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "tr":
            self.traced.append(False)
        if tag == "a" and self.traced and "trace" in self._classes():
            self.traced[-1] = bool(LEADS.search(told.get("href") or ""))
        if tag not in VOID:
            self.open.append((tag, told))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stands in it."""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag == "tr":
            self.traced.pop()
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        bare = re.fullmatch(r"\s*[\d\u202f][\d\u202f.,]*\s*", data) and not self._labels()
        if MARK in data or bare:
            self.found += 1
            if not self._leads():
                self.stray.append(f"{self.open[-1][0]}: {data.strip()}")

    def _classes(self) -> set[str]:
        return {name for _, told in self.open for name in (told.get("class") or "").split()}

    def _labels(self) -> bool:
        """True where a bare number is a date, an axis or the name of something."""
        return bool(self._classes() & {"axis", "day", "nowrap", "lead", "facts"})

    def _leads(self) -> bool:
        tags = {tag for tag, _ in self.open}
        links = [told.get("href") or "" for tag, told in self.open if tag == "a"]
        beside = "source" in self._classes() or any(self.traced)
        return (
            bool(tags & APART)
            or bool(self._classes() & {"own", "axis", "trace"})
            or beside
            or any(LEADS.search(link) for link in links)
        )


def marked(state: State) -> None:
    """Have this server's templates write each figure with a mark before it."""

    def marking(number: float) -> str:
        return MARK + count(number)

    def marking_cell(value: Value) -> str:
        return (MARK if value.is_number else "") + cell(value)

    made, state.pages = state.environment, Pages()
    made.filters.update(count=marking, cell=marking_cell, plural=numbered(marking))


@pytest.fixture(scope="module")
def marking_site(store: Path, files: Files) -> Iterator[httpx.Client]:
    """The endpoint over the built store, whose pages mark their figures."""
    revisions = Revisions(store, load(files.ontology).prefixes)
    with serving(revisions, files, marked) as client:
        yield client


@pytest.fixture(scope="module")
def pages(marking_site: httpx.Client) -> dict[str, str]:
    """The text of each page."""
    answers = {address: marking_site.get(address, headers=HTML) for address in PAGES}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.text for address, answer in answers.items()}


@pytest.mark.parametrize("address", PAGES)
def test_each_figure_leads_to_what_it_counts(pages: dict[str, str], address: str) -> None:
    page = Figures()
    page.feed(pages[address])
    assert not page.stray
    assert page.found or address == "/contributions"


def test_the_links_of_figures_have_statements_with_sources(
    marking_site: httpx.Client, pages: dict[str, str]
) -> None:
    """One of each kind: followed, it tells statements, and who says so."""
    kinds = defaultdict(list)
    for link in map(html.unescape, EVIDENCE.findall("".join(pages.values()))):
        kinds[re.sub("=[^&]*", "=", link)].append(link)
    assert len(kinds) > 20
    for links in kinds.values():
        link = links[len(links) // 2]
        answer = marking_site.get(link, headers={"Accept": "application/json"})
        assert answer.status_code == 200, (link, answer.text)
        rows = answer.json()["results"]["bindings"]
        if link.startswith("/asks/kinds"):  # nobody states a code list of a dataset
            continue
        assert any("source" in row or _defined(row) for row in rows), link


def _defined(row: dict[str, dict[str, str]]) -> bool:
    """True for what nobody states, as the ontology defines it."""
    return row["graph"]["value"] == graph("ontology")


def test_a_figure_without_a_link_is_found() -> None:
    page = Figures()
    page.feed(f"<p>{MARK}12 actors</p><table><tr><td>7</td></tr></table>")
    assert page.stray == [f"p: {MARK}12 actors", "td: 7"]
    page = Figures()
    page.feed(f'<a href="/asks/x/evidence?y=1">{MARK}12</a><option>a ({MARK}3)</option>')
    assert (page.stray, page.found) == ([], 2)
