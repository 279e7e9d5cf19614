"""Instruments and actors in a browser: a cell followed, the timeline, filters, plain, in French."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.endpoint.browser.conftest import Open


def test_a_stage_of_the_matrix_opens_its_list_and_a_cell_what_is_behind_it(opened: Open) -> None:
    page = opened("/instruments")
    page.locator("table.matrix thead").get_by_role("link", name="Trading").click()
    page.wait_for_url(re.compile(r"stage=trading.*#list"))
    rows = page.locator("[aria-labelledby=list] tbody tr")
    expect(page.locator("#list")).to_contain_text(f"{rows.count()} instruments")
    page.get_by_role("link", name=re.compile("^Conflict and security, Trading: ")).click()
    page.wait_for_url(re.compile(r"/instruments/evidence\?.*stage=trading"))
    expect(page.locator("tbody .badge").first).to_be_visible()


def test_the_timeline_leads_to_instruments_and_recognition_has_directions(opened: Open) -> None:
    page = opened("/instruments?kind=regulatory-framework")
    marks = page.locator("svg.timeline .lane a")
    assert marks.count() > 30
    expect(page.locator("svg.timeline .now")).to_have_count(1)
    assert page.locator("svg.timeline circle.open").count() > 5
    expect(page.locator("svg.network .tip").first).to_be_visible()
    marks.first.click()
    page.wait_for_url(re.compile("/id/process/"))


def test_actors_are_filtered_without_scripts_and_numbers_open_what_is_behind(opened: Open) -> None:
    page = opened("/actors", java_script_enabled=False)
    page.get_by_label("Kind of actor").select_option("government")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url(re.compile("kind=government"))
    expect(page.locator("#list")).to_contain_text("Government")
    expect(page.locator("svg.abreast rect").first).to_be_visible()
    number = page.locator("table.ties td.number a").first
    assert int(number.inner_text()) > 0
    number.click()
    page.wait_for_url(re.compile("/relations/actor-ties/evidence"))
    expect(page.locator("tbody .badge").first).to_be_visible()


def test_overviews_speak_french(opened: Open) -> None:
    page = opened("/instruments", locale="fr-FR")
    expect(page.locator("#recognition")).to_have_text("Qui reconnaît qui")
    expect(page.locator("table.matrix thead")).to_contain_text("Traitement")
    expect(opened("/actors", locale="fr-FR").locator("h1")).to_have_text("Acteurs")
