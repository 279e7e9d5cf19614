"""The map without a browser: the form's choices, the rows behind the picture, cards, refusals."""

from __future__ import annotations

import csv
import io
import math
import re

import httpx
import pytest

from rskg.endpoint.charts.bands import bands
from rskg.world import HEIGHT, WIDTH, equal_earth

HTML = {"Accept": "text/html"}
LAW = "estimate.rule-of-law"
NARROW = {"commodity": "cobalt", "stage": "smelting-refining", "indicator": LAW}


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_page_shows_form_picture_rows_limits_and_sources(whole_site: httpx.Client) -> None:
    answer = whole_site.get("/map", headers=HTML)
    text = answer.text
    order = [
        "<h1>",
        '<form class="row map-form"',
        '<svg class="world"',
        "<table>",
        "What it cannot say",
        "CC BY",
    ]
    found = [text.index(each) for each in order]
    assert found == sorted(found)
    for choice in ("cobalt", "extraction", "CD", LAW, "forcedLabourListed", "isMet.c138-ratified"):
        assert f'<option value="{choice}"' in text, choice
    drawn = text[text.index('<g class="sites">') : text.index("</g>", found[2])]
    places = whole_site.get("/map/sites").json()
    apart = {(round(x, 1), round(y, 1)) for x, y in zip(places["x"], places["y"], strict=True)}
    assert len(places["site"]) > 9000
    assert len(apart) <= drawn.count("h0") <= len(places["site"])
    again = whole_site.get("/map", headers={**HTML, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_rows_are_the_same_on_the_page_and_in_the_graph(whole_site: httpx.Client) -> None:
    found = rows(whole_site.get("/map", params={**NARROW, "format": "csv"}))
    assert found
    assert all("cobalt" in row["commodities"].split() for row in found)
    assert all("smelting-refining" in row["stages"].split() for row in found)
    page = whole_site.get("/map", params=NARROW, headers=HTML).text
    assert f">{len(found)} sites</a></strong>" in page
    finland = next(row for row in found if row["countryLabel"] == "Finland")
    assert float(finland["value"]) > 1.5
    assert f"{float(finland['value']):.2f} ({finland['year']})" in page


def test_a_class_of_an_indicator_chooses_the_countries(whole_site: httpx.Client) -> None:
    weak = rows(whole_site.get("/map", params={**NARROW, "band": "0", "format": "csv"}))
    strong = rows(whole_site.get("/map", params={**NARROW, "band": "4", "format": "csv"}))
    assert all(float(row["value"]) < 0 for row in weak)
    assert strong
    assert all(float(row["value"]) > 1 for row in strong)
    unknown = {"indicator": "isMet.c138-ratified", "band": "unknown", "format": "csv"}
    assert {row["value"] for row in rows(whole_site.get("/map", params=unknown))} == {""}


def test_listed_goods_are_counted_for_each_country(whole_site: httpx.Client) -> None:
    params = {"indicator": "forcedLabourListed", "country": "CN", "commodity": "cobalt"}
    counted = {
        row["value"] for row in rows(whole_site.get("/map", params=params | {"format": "csv"}))
    }
    assert len(counted) == 1
    (number,) = counted
    page = whole_site.get("/map", params=params, headers=HTML).text
    assert re.search(rf'data-country="CN"[^>]*><title>China: {number} \(', page)


def test_a_card_tells_owner_source_and_confidence(whole_site: httpx.Client) -> None:
    told = whole_site.get("/map/sites/fineprint-marathon", headers=HTML).text
    assert "Sibanye" in told
    assert 'href="/id/site/fineprint-marathon"' in told
    assert "confidence" in told
    assert "<html" not in told
    page = whole_site.get("/map", params={"site": "fineprint-marathon"}, headers=HTML).text
    assert 'class="card toned chain site-card"' in page


@pytest.mark.parametrize(
    "params",
    [
        {"commodity": "unobtainium"},
        {"stage": "x> <y"},
        {"indicator": "estimate"},
        {"indicator": LAW, "band": "9"},
    ],
)
def test_what_the_form_does_not_offer_is_refused(
    whole_site: httpx.Client, params: dict[str, str]
) -> None:
    answer = whole_site.get("/map", params=params)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == list(params)[-1]
    assert whole_site.get("/map/sites/nowhere").status_code == 404


def test_a_store_without_sites_has_an_empty_map(site: httpx.Client) -> None:
    answer = site.get("/map", headers=HTML)
    assert answer.status_code == 200
    assert "No site on record" in answer.text
    assert site.get("/map/sites").json()["site"] == []


def test_points_lie_where_the_projection_says() -> None:
    assert equal_earth(0, 0) == (WIDTH / 2, HEIGHT / 2)
    x, y = equal_earth(180, 0)
    assert math.isclose(x, WIDTH, abs_tol=0.1)
    assert y == HEIGHT / 2
    assert equal_earth(10, 50)[1] < equal_earth(10, -50)[1]


def test_classes_hold_every_value_once() -> None:
    for values in (
        [True, False],
        [-2.5, -1.0, 0.0, 0.2, 1.9, 2.5],
        [0.0, 1.0, 2.0, 3.0, 8.0, 40.0, 1250.0],
        [3.0, 3.0, 3.0],
        ["Good", "Bad"],
        [f"Some \u2013 of kind {n}" for n in range(9)],
    ):
        made = bands(values)
        for value in values:
            assert sum(band.takes(value) for band in made) == 1, (value, [b.label for b in made])
    assert bands([]) == []
    assert [band.style for band in bands([-1.0, 1.0])][2] == "side-3"
