"""Instruments and actors at a glance: filters, matrix, pictures, the rows behind numbers."""

from __future__ import annotations

import csv
import io
import re

import httpx

from rskg.endpoint.charts.abreast import Measured, abreast
from rskg.endpoint.charts.timelines import Span, timeline
from rskg.namespaces import thing

HTML = {"Accept": "text/html"}
CELL = re.compile(
    r'href="(/instruments/evidence\?[^"]*)"(?: aria-current="true")? '
    r'aria-label="[^"]*: (\d+) instruments?"'
)


def rows(site: httpx.Client, address: str) -> list[dict[str, str]]:
    """The rows of an address as CSV."""
    answer = site.get(address, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_each_cell_counts_the_rows_of_its_list(real_site: httpx.Client) -> None:
    cells = CELL.findall(real_site.get("/instruments", headers=HTML).text)
    assert len(cells) > 100
    for address, number in (*cells[:3], *cells[-3:]):
        listed = address.replace("&amp;", "&").replace("/evidence", "")
        assert len(rows(real_site, listed)) == int(number)


def test_filters_go_together_and_the_matrix_keeps_its_other_cells(real_site: httpx.Client) -> None:
    kept = rows(real_site, "/instruments?kind=regulatory-framework&jurisdiction=EU&stage=trading")
    assert kept
    assert {row["kind"] for row in kept} == {thing("process-kind", "regulatory-framework")}
    assert {row["jurisdiction"] for row in kept} == {thing("jurisdiction", "EU")}
    text = real_site.get("/instruments?jurisdiction=EU&stage=trading&topic=conflict").text
    assert len(CELL.findall(text)) > 20
    assert text.count('aria-current="true"') == 1
    assert '<option value="EU" selected>' in text


def test_one_for_all_commodities_counts_for_each(real_site: httpx.Client) -> None:
    every, cobalt = (
        rows(real_site, "/instruments"),
        rows(real_site, "/instruments?commodity=cobalt"),
    )
    assert len(every) > len(cobalt)
    text = """PREFIX rskg: <https://w3id.org/rskg/ontology#>
      SELECT DISTINCT ?instrument { ?instrument a rskg:Process
        { ?instrument rskg:coversCommodity <https://w3id.org/rskg/id/commodity/cobalt> }
        UNION { ?instrument rskg:coversAllCommodities true } }"""
    asked = real_site.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"}).text
    assert len(asked.split()) - 1 == len(cobalt)


def test_recognitions_are_those_of_the_list(real_site: httpx.Client) -> None:
    link = re.compile(r'<td><a href="(/id/link/[^"]+)">')
    every = set(link.findall(real_site.get("/instruments", headers=HTML).text))
    address = "/instruments?binding=mandatory"
    some = set(link.findall(real_site.get(address, headers=HTML).text))
    assert set() < some < every
    kept = {row["instrument"].rpartition("/")[2] for row in rows(real_site, address)}
    for one in some:
        ends = one.removeprefix("/id/link/").split("-recognises-")
        assert kept & set(ends), one


def test_a_list_leads_to_its_statements_and_its_query(real_site: httpx.Client) -> None:
    page = real_site.get("/instruments?kind=benchmark", headers=HTML).text
    assert 'href="/instruments/evidence?kind=benchmark"' in page
    assert 'href="/sparql?query=' in page
    listed = {row["instrument"] for row in rows(real_site, "/instruments?kind=benchmark")}
    behind = rows(real_site, "/instruments/evidence?kind=benchmark")
    assert listed <= {row["thing"] for row in behind}
    assert all(row["confidence"] for row in behind)
    third = rows(real_site, "/instruments/evidence?kind=benchmark&row=3")
    assert set() < {row["thing"] for row in third} < {row["thing"] for row in behind}


def test_each_number_of_an_actor_counts_the_rows_behind_it(real_site: httpx.Client) -> None:
    page = real_site.get("/actors?kind=government", headers=HTML).text
    found = re.findall(r'href="(/relations/actor-ties/evidence[^"]+)">(\d+)</a>', page)
    assert len(found) > 10
    for address, number in (*found[:3], *found[-3:]):
        listed = address.replace("&amp;", "&").replace("/evidence", "")
        assert len(rows(real_site, listed)) == int(number)


def test_a_share_counts_for_the_actor_whose_name_was_confirmed(whole_site: httpx.Client) -> None:
    owns = {row["actor"]: int(row["owns"]) for row in rows(whole_site, "/actors?kind=company")}
    assert owns[thing("actor", "glencore")]
    assert not owns[thing("actor", "anglo-american-platinum")], "its parent's share is not its own"
    address = "/relations/actor-ties?relation=owns&actor=glencore"
    behind = rows(whole_site, address)
    assert len(behind) == owns[thing("actor", "glencore")]
    assert {row["thing"] for row in behind} > {thing("site", "fineprint-mutanda")}
    assert all(row["reported"] and row["share"] for row in behind)


def test_actors_are_told_apart_by_kind_and_country(real_site: httpx.Client) -> None:
    kept = rows(real_site, "/actors?kind=company&country=CH")
    assert kept
    assert {(row["kind"], row["country"]) for row in kept} == {
        (thing("actor-kind", "company"), thing("country", "CH"))
    }
    behind = rows(real_site, "/actors/evidence?kind=company&country=CH")
    assert {row["actor"] for row in kept} <= {row["thing"] for row in behind}


def test_what_can_be_no_thing_is_refused_and_what_is_unknown_matches_nothing(
    site: httpx.Client,
) -> None:
    assert site.get("/instruments", params={"kind": "a b<c"}).status_code == 400
    answer = site.get("/instruments?kind=nothing-like-it", headers=HTML)
    assert answer.status_code == 200
    assert "Nothing on record matches" in answer.text


def test_a_page_is_not_sent_twice(site: httpx.Client) -> None:
    for path in ("/instruments", "/actors"):
        first = site.get(path, headers=HTML)
        again = site.get(path, headers={**HTML, "If-None-Match": first.headers["etag"]})
        assert again.status_code == 304


def test_spans_that_overlap_stand_below_each_other() -> None:
    spans = [
        Span("a", "A", "law", 2010, 2020),
        Span("b", "B", "law", 2012),
        Span("c", "C", "law", 2025),
        Span("d", "D", "guide", 1930),
    ]
    drawn = timeline(spans, ["law", "guide", "none"], 2026)
    assert drawn is not None
    law, guide = drawn.lanes
    places = {mark.span.iri: mark for mark in law.marks}
    assert places["a"].y == places["c"].y < places["b"].y
    assert places["a"].end is not None
    assert places["b"].end is None
    assert drawn.early == guide.marks[0].x < places["a"].x
    assert timeline([], ["law"], 2026) is None


def test_bars_abreast_have_a_scale_each_and_say_what_is_empty() -> None:
    things = [
        Measured("a", "A", {"x": 1, "y": 40}),
        Measured("b", "B", {"x": 2}),
        Measured("c", "C", {}),
    ]
    drawn = abreast(things, ("x", "y", "z"))
    assert drawn is not None
    assert [line.label for line in drawn.lines] == ["A", "B"]
    assert drawn.empty == {"z"}
    one, other = (line.stripes for line in drawn.lines)
    assert one[1].length == other[0].length == round(drawn.column, 1)
    assert abreast([Measured("c", "C", {})], ("x",)) is None
