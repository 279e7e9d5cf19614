"""The home page: the figure's numbers lead on, the search answers as one types."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.endpoint.browser.conftest import Open


def test_every_number_of_the_figure_leads_to_a_page(opened: Open) -> None:
    page = opened("/")
    links = page.locator("svg.picture:visible a")
    addresses = {links.nth(i).get_attribute("href") or "" for i in range(links.count())}
    assert {"/id/actor", "/id/process", "/id/factor"} < addresses
    for relation in ("actor-process", "factor-actor", "factor-process"):
        assert f"/asks/home-relations/evidence?relation={relation}" in addresses
    assert sum("/id/stage/" in each for each in addresses) == 9
    for address in sorted(addresses):
        assert page.request.get(address, headers={"Accept": "text/html"}).ok, address


def test_the_search_answers_as_one_types(opened: Open) -> None:
    page = opened("/")
    field = page.get_by_role("combobox")
    field.press_sequentially("cobolt")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Cobalt")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    chosen = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url(re.compile("cobalt"))
    expect(page.locator("h1")).to_contain_text("Cobalt")


def test_a_search_begins_by_a_slash_and_ends_by_escape(opened: Open) -> None:
    page = opened("/queries")
    page.keyboard.press("/")
    page.keyboard.type("oecd")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_without_scripts_the_search_is_a_form(opened: Open) -> None:
    page = opened("/", java_script_enabled=False)
    page.locator("input[name=q]").fill("cobolt")
    page.locator("input[name=q]").press("Enter")
    expect(page.locator("main")).to_contain_text("These are alike")
    expect(page.locator("main li a").first).to_be_visible()


def test_what_changed_lately_is_told(opened: Open) -> None:
    lately = opened("/").locator(".lately")
    expect(lately.locator("a").first).to_have_attribute("href", "/revisions/1")
