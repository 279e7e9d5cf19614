"""The map: filtered by its form, a site opened, moved by hand and by keys, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.endpoint.browser.conftest import Open
from tests.endpoint.browser.test_everyone import AXE, FINDINGS, WIDTH
from tests.soak import FULL

READY = "html[data-map=ready]"
LAW = "/map?indicator=estimate.rule-of-law"
#: The longest frame that a map may take while it is moved, in milliseconds.
LONGEST = 100
FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const frame = (now) => {
    window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame((now) => {
    last = now;
    requestAnimationFrame(frame);
  });
}"""
#: How many pixels of the canvas have the colour of sites, roughly.
AMBER = """() => {
  const canvas = document.querySelector(".atlas canvas[role]");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i] - data[i + 2] > 90 && data[i + 1] > 60) found += 1;
  return found;
}"""


def ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


def test_the_form_filters_at_once_and_makes_an_address_to_share(opened_whole: Open) -> None:
    page = ready(opened_whole("/map"))
    everywhere = page.evaluate(AMBER)
    page.get_by_label("Commodity").select_option("cobalt")
    expect(page.locator("#legend .sum")).to_contain_text("of 10")
    assert 0 < page.evaluate(AMBER) < everywhere
    page.get_by_label("Countries coloured by").select_option("estimate.rule-of-law")
    page.get_by_label("Only in countries").select_option("0")
    page.wait_for_url(re.compile(r"commodity=cobalt&indicator=estimate\.rule-of-law&band=0"))
    expect(page.locator("#atlas")).to_have_attribute("aria-busy", "false")
    told = page.locator("#legend .sum")
    expect(page.locator("#rows thead")).to_contain_text("Rule of law")
    expect(page.locator("#rows tbody tr").first).to_contain_text("Cobalt")
    number = told.inner_text()
    again = ready(opened_whole(page.url.partition("#")[0]))
    expect(again.locator("#legend .sum")).to_have_text(number)
    with again.expect_download() as taken:
        again.get_by_role("link", name="CSV", exact=True).click()
    rows = taken.value.path().read_text("utf-8").strip().splitlines()[1:]
    assert f"{len(rows)} site" in number


def test_a_site_opens_by_a_click_and_by_keys(opened_whole: Open) -> None:
    page = ready(opened_whole("/map?country=AU&site=icmm06430"))
    card = page.locator(".site-card")
    expect(card).to_contain_text("Australia")
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    box = page.locator(".atlas canvas[role]").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card.locator("h2 a")).to_have_attribute("href", re.compile("^/id/site/"))
    expect(card).to_contain_text("confidence")
    page.wait_for_url(re.compile("site="))
    page.locator(".atlas canvas[role]").focus()
    for key in ("0", "ArrowLeft", "+", "-", "Enter"):
        page.keyboard.press(key)
    expect(card).to_be_visible()


@pytest.mark.soak
def test_the_map_moves_and_filters_with_every_site(opened_whole: Open) -> None:
    page = ready(opened_whole(LAW))
    longest = moved(page)
    print(f"longest frame {max(longest):.0f} ms of {len(longest)}")
    assert page.evaluate(AMBER) > 0
    if FULL:
        assert max(longest) <= LONGEST


def moved(page: Page) -> list[float]:
    """The frames, in milliseconds, while the map is dragged, enlarged and filtered."""
    box = page.locator(".atlas canvas[role]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.evaluate(FRAMES)
    for turn in range(3):
        page.mouse.wheel(0, -300)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 200 + 100 * turn, y - 60, steps=12)
        page.mouse.up()
    for commodity in ("gold", "cobalt", ""):
        page.get_by_label("Commodity").select_option(commodity)
        page.wait_for_timeout(150)
    return list(page.evaluate("window.frames_"))


def test_without_scripts_the_map_is_a_picture_a_form_and_a_table(opened_whole: Open) -> None:
    page = opened_whole("/map", java_script_enabled=False)
    expect(page.locator("svg.world .sites path").first).to_be_visible()
    page.get_by_label("Stage").select_option("smelting-refining")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#rows tbody tr").first).to_contain_text("Smelting")
    page.locator("#rows").get_by_role("link", name="on the map").first.click()
    expect(page.locator(".site-card h2 a")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_for_everyone(opened_whole: Open, scheme: str) -> None:
    page = ready(opened_whole(f"{LAW}&site=fineprint-kevitsa", color_scheme=scheme))
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(FINDINGS) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(WIDTH) <= 390
    french = opened_whole("/map", locale="fr-FR")
    expect(french.locator("h1")).to_contain_text("extraits")
    expect(french.get_by_label("Étape")).to_contain_text("Extraction")
