"""Things in a browser: a neighbourhood walked by click and by keyboard, the history seen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.endpoint.browser.conftest import Open
from tests.endpoint.browser.test_everyone import AXE, FINDINGS

THINGS = "Number(document.querySelector('.walk').dataset.things)"
WHERE = """iri => {
  const box = document.querySelector(".walk .network");
  const at = box._cyreg.cy.getElementById(iri).renderedPosition();
  const { left, top } = box.getBoundingClientRect();
  return [left + at.x, top + at.y];
}"""
RMAP = "/id/process/rmap.html"


def walk(page: Page) -> int:
    """Begin the walk; how many things are there."""
    page.get_by_role("button", name="Walk its neighbourhood").click()
    page.wait_for_selector(".walk[data-things]")
    return int(page.evaluate(THINGS))


def settled(page: Page, iri: str) -> tuple[float, float]:
    """Where a thing is in the window, once the picture moves no more."""
    before: tuple[float, float] | None = None
    while (now := tuple(page.evaluate(WHERE, iri))) != before:
        before = now
        page.wait_for_timeout(300)
    return now


def test_the_picture_of_a_neighbourhood_is_loaded_when_it_is_wanted(opened: Open) -> None:
    page = opened(RMAP)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    scripts = "[...document.scripts].map(one => one.src).join()"
    assert "cytoscape" not in page.evaluate(scripts)
    assert walk(page) > 20
    expect(page.locator(".walk canvas").first).to_be_visible()
    assert any("cytoscape" in address for address in loaded)


def test_a_click_on_a_thing_brings_what_lies_around_it(opened: Open) -> None:
    page = opened(RMAP)
    before = walk(page)
    page.locator(".walk .network").scroll_into_view_if_needed()
    page.mouse.click(*settled(page, "https://w3id.org/rskg/id/process/lbma-rgg"))
    expect(page.locator(".walk .beside h3")).to_have_text("Responsible Gold Guidance")
    expect(page.locator(".walk")).not_to_have_attribute("data-things", str(before))
    page.locator(".walk .beside a", has_text="Open its page").click()
    page.wait_for_url(re.compile("/id/process/lbma-rgg"))


def test_the_list_beside_walks_by_keyboard(opened: Open) -> None:
    page = opened(RMAP, reduced_motion="reduce")
    before = walk(page)
    step = page.locator(".walk .step", has_text="Responsible Gold Guidance")
    step.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".walk")).not_to_have_attribute("data-things", str(before))
    expect(page.locator(".walk .beside h3")).to_be_focused()
    expect(page.locator(".walk [role=status]")).to_contain_text("Responsible Gold Guidance")
    page.evaluate(AXE.read_text("utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(FINDINGS) == [], scheme
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_the_neighbours_are_listed_and_history_is_linked(opened: Open) -> None:
    page = opened(RMAP, java_script_enabled=False)
    expect(page.get_by_role("button", name="Walk its neighbourhood")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("What points here")
    page.get_by_role("link", name="Its history").click()
    expect(page.locator("h1")).to_contain_text("History: Responsible Minerals Assurance Process")
    expect(page.locator("section.step")).to_have_count(1)
    expect(page.locator(".changes.came li").first).to_be_visible()


def test_walk_and_history_speak_french(opened: Open) -> None:
    page = opened("/id/commodity/gold.html", locale="fr-FR")
    page.get_by_role("button", name="Parcourir son voisinage").click()
    expect(page.locator(".walk .beside h3")).to_have_text("Or")
    page.get_by_role("link", name="Son histoire").click()
    expect(page.locator("h1")).to_contain_text("Histoire")
