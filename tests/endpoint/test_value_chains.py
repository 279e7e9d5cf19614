"""Value chains: a stage's numbers lead to what they count, gaps are told as gaps."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest

HTML = {"Accept": "text/html"}
#: A row of the table of stages: its anchor and its cells.
ROW = re.compile(r'<tr id="([\w-]+)">(.*?)</tr>', re.DOTALL)
STAGES = 9


def rows(text: str) -> dict[str, str]:
    return dict(ROW.findall(text))


def test_the_list_leads_to_every_chain_and_tells_gaps(real_site: httpx.Client) -> None:
    text = real_site.get("/value-chains", headers=HTML).text
    linked = set(re.findall(r'class="thing chain" href="(/value-chains/[\w-]+)"', text))
    assert len(linked) == 15
    assert (
        'href="/value-chains/rare-earths#exploration" aria-label="Rare earths, Exploration: a gap'
        in text
    )
    for path in linked:
        answer = real_site.get(path, headers=HTML)
        assert answer.status_code == 200
        assert len(rows(answer.text)) == STAGES


def test_the_numbers_are_those_of_the_question(real_site: httpx.Client) -> None:
    shown = rows(real_site.get("/value-chains/gold", headers=HTML).text)
    told = real_site.get(
        "/queries/instrument-coverage", params={"commodity": "gold", "format": "csv"}
    )
    for row in csv.DictReader(io.StringIO(told.text)):
        cells = shown[row["stage"].rpartition("/")[2]]
        assert f">{row['general']}</a>" in cells
        if row["named"] != "0":
            assert f">{row['named']}</a>" in cells
        elif row["nodeKnown"] == "true":
            assert "unknown-cell" in cells
            assert "/queries/nodes-that-no-instrument-names?commodity=gold" in cells


def test_every_number_opens_what_it_counts(real_site: httpx.Client) -> None:
    text = real_site.get("/value-chains/tin", headers=HTML).text
    cells = rows(text)["extraction"]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]+)"', cells)}
    assert any(
        link.startswith("/asks/chain-named/evidence?commodity=commodity/tin") for link in links
    )
    for link in links:
        assert real_site.get(link, headers=HTML, follow_redirects=True).status_code == 200, link
    drawn = text[text.index('<svg class="chart chain-lanes"') :]
    assert 'href="/sparql?query=' in drawn
    assert "unknown, not none" in drawn[: drawn.index("</svg>")]


def test_a_commodity_without_a_chain_says_so(real_site: httpx.Client) -> None:
    text = real_site.get("/value-chains/coal", headers=HTML).text
    assert "Nobody has recorded" in text
    assert "/value-chains/coal" in real_site.get("/id/commodity/coal.html", headers=HTML).text
    assert "/value-chains" in real_site.get("/", headers=HTML).text


@pytest.mark.parametrize("name", ["unobtainium", "x> <y"])
def test_what_is_no_commodity_is_not_found(real_site: httpx.Client, name: str) -> None:
    assert real_site.get(f"/value-chains/{name}").status_code == 404


def test_the_stages_speak_french(real_site: httpx.Client) -> None:
    text = real_site.get("/value-chains/tin", params={"lang": "fr"}, headers=HTML).text
    assert "Étain, de l\u2019exploration à la fin de vie" in text
    assert "Extraction" in text
    assert "lacune" in text


def test_a_store_without_chains_says_how_to_make_one(site: httpx.Client) -> None:
    assert "No value chain is on record yet" in site.get("/value-chains", headers=HTML).text
