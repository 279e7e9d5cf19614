"""The form of a contribution in a browser: filled in, mended, taken away, sent with a token."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.endpoint.browser.conftest import Open
from tests.endpoint.contributing import Partner, ask


def test_a_form_is_filled_in_mended_and_taken_away(opened: Open, tmp_path: Path) -> None:
    page = opened("/contribute")
    page.get_by_role("row", name="Site A site lies").get_by_role("link", name="a form").click()
    page.wait_for_selector("html[data-fill=ready]")
    page.get_by_label("Short name").fill("north-pit")
    page.get_by_label("Label").fill("North Pit")
    page.get_by_label("Located in").fill("country:QQ")
    page.get_by_label("Of commodity").select_option(["cobalt", "copper"])
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="Something is to be mended")).to_be_visible()
    wrong = page.locator(".field.wrong")
    assert [each.partition("\n")[0] for each in wrong.all_inner_texts()] == [
        "Located in required",
        "Source required",
        "Confidence required",
    ]
    page.get_by_label("Located in").fill("country:CL")
    page.get_by_label("Source").fill("https://acme.example/report")
    page.get_by_label("Confidence", exact=False).last.select_option("high")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="It conforms")).to_be_visible()
    assert page.locator(".field.wrong").count() == 0
    turtle = page.locator("pre").inner_text()
    assert "site:draft-north-pit" in turtle
    assert "rskg:ofCommodity commodity:cobalt, commodity:copper" in turtle
    expect(page.get_by_label("Your token")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download CSV").click()
    taken.value.save_as(tmp_path / "site.csv")
    assert "north-pit,Site,North Pit" in (tmp_path / "site.csv").read_text()


def test_a_field_that_refers_to_things_offers_them(opened: Open) -> None:
    page = opened("/contribute?class=Site")
    page.wait_for_selector("html[data-fill=ready]")
    field = page.get_by_label("Located in")
    field.press_sequentially("chil")
    page.get_by_role("option", name="Chile").click()
    assert field.input_value() == "country:CL"
    field.fill("")
    field.press_sequentially("norw")
    expect(page.get_by_role("option", name="Norway")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    assert field.input_value() == "country:NO"
    expect(page.get_by_role("option", name="Norway")).to_be_hidden()


def test_a_form_is_sent_with_a_token_that_is_forgotten(browser: Browser, acme: Partner) -> None:
    context = browser.new_context(base_url=str(acme.client.base_url).rstrip("/"), locale="en-GB")
    page = context.new_page()
    page.goto("/contribute?class=Site")
    page.get_by_label("Short name").fill("browser-pit")
    page.get_by_label("Label").fill("Browser Pit")
    page.get_by_label("Located in").fill("country:CL")
    page.get_by_label("Source").fill("https://acme.example/report")
    page.get_by_label("Confidence", exact=False).last.select_option("high")
    page.get_by_role("button", name="Check it").click()
    token = page.get_by_label("Your token")
    for said, words in (("wrong", "token"), (acme.token, "It is in the graph: acme-sites-")):
        token.fill(said)
        page.get_by_role("button", name="Send it").click()
        expect(page.locator("form.send [role=status]")).to_contain_text(words)
        assert token.input_value() == ""
    assert ask(acme.client, "ASK { site:acme-sites-browser-pit a rskg:Site }")
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    context.close()
    acme.clear()
