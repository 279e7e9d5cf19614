"""A page shows the beginning of a large answer, says so, and has no more of it made."""

from __future__ import annotations

import json
import re

import httpx

from rskg.endpoint.pages.beginning import Beginning
from tests.endpoint.processes import until

PAGE = {"Accept": "text/html"}
#: More rows than any answer may have.
MANY = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


def words(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub("<[^>]+>", "", page)


def test_a_page_shows_the_first_of_more_rows_than_an_answer_may_have(site: httpx.Client) -> None:
    asked = {"query": f"SELECT * {{ {MANY} }}"}
    page = site.get("/sparql", params=asked, headers=PAGE)
    assert page.status_code == 200
    assert re.search(r"more than (1\W000) rows; the first \1 are shown", words(page.text))
    assert page.text.count("<tr>") == 1001  # and a heading

    def resting() -> bool:
        busy = re.findall(r'rskg_queries\{phase="\w+"\} (\S+)', site.get("/metrics").text)
        return bool(busy) and not any(map(float, busy))

    until(resting)  # nobody makes the rest


def test_a_page_shows_the_first_lines_of_a_large_graph(site: httpx.Client) -> None:
    asked = {"query": f"CONSTRUCT {{ ?a ?b ?n }} {{ {MANY} BIND(RAND() AS ?n) }}"}
    page = site.get("/sparql", params=asked, headers=PAGE)
    assert page.status_code == 200
    assert "The text is cut here; a download has all of it." in page.text


def test_a_small_answer_is_shown_whole(site: httpx.Client) -> None:
    page = site.get("/sparql", params={"query": "SELECT ?n { VALUES ?n { 1 2 } }"}, headers=PAGE)
    assert "2 rows." in words(page.text)


def test_wherever_it_is_cut_only_complete_rows_are_read() -> None:
    rows = [{"n": {"type": "literal", "value": f"}} \u00e9\u4e2d, {n}"}} for n in range(4)]
    document = {"head": {"vars": ["n", "m"]}, "results": {"bindings": rows}}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    whole = Beginning(body, cut=False).table
    assert [row["n"].text for row in whole] == [row["n"]["value"] for row in rows]
    counts = set()
    for size in range(len(body)):
        found = Beginning(body[:size], cut=True).table
        assert found.rows == whole.rows[: len(found)]
        assert found.names in ((), whole.names)
        counts.add(len(found))
    assert counts == {0, 1, 2, 3, 4}
