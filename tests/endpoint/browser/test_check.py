"""A file checked in a browser: dropped or written, results at their lines, mended, taken away."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.endpoint.browser.conftest import Open

#: The homepage of line 6 is a text, and there is no property of line 7.
WRONG = """\
@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ex: <https://example.org/> .
# "𐐷" lies beyond the letters that a browser counts as one
ex:mine a rskg:Company ; rskg:roleNote "𐐷𐐷𐐷" ; rskg:actorKind 5 ;
  rskg:roleNote "𐐷" ; foaf:homepage "https://example.org/mining" ;
  rskg:foundedIn "1996" .
"""
BROKEN = "@prefix ex: <https://example.org/> .\nex:a ex:b ;;\n  ex:c ex:d ex:e .\n"
DROP = """([name, text]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name));
  const event = new DragEvent("drop", { dataTransfer: dropped, bubbles: true, composed: true });
  document.querySelector(".document").dispatchEvent(event);
}"""


@pytest.fixture
def check(opened: Open) -> Page:
    """The page, once its editor is there."""
    page = opened("/validate")
    page.wait_for_selector("html[data-check=ready]")
    return page


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def at_line(page: Page, line: int) -> str:
    """The text that is marked in a line."""
    marks = page.locator(f".cm-line >> nth={line - 1} >> [class*=cm-lintRange]")
    return "".join(marks.all_inner_texts())


def test_a_dropped_file_shows_its_error_at_its_line_and_a_click_mends_it(check: Page) -> None:
    check.evaluate(DROP, ["mine data.ttl", WRONG])
    expect(check.get_by_role("heading", name="The data does not conform")).to_be_visible()
    assert at_line(check, 6) == '"https://example.org/mining"'
    assert at_line(check, 7) == '"1996"'
    result = check.locator(".result", has_text="Give the homepage as a web address")
    expect(result).to_contain_text("foaf:homepage")
    result.get_by_role("button", name="Line 6").click()
    selected = check.evaluate(
        "document.querySelector('.document').shadowRoot.activeElement != null"
    )
    assert selected
    check.locator(".cm-line >> nth=5 >> [class*=cm-lintRange]").first.hover()
    expect(check.locator(".cm-tooltip-lint")).to_contain_text("Give the homepage as a web address")
    result.get_by_role("button", name="Write <https://example.org/mining>").click()
    expect(check.locator(".cm-line >> nth=5")).to_contain_text("<https://example.org/mining> ;")
    expect(result).to_have_count(0)
    expect(check.locator(".result", has_text="no such property")).to_be_visible()


def test_a_report_is_taken_away_in_the_format_of_choice(check: Page, tmp_path: Path) -> None:
    write(check, WRONG)
    check.keyboard.press("Control+Enter")
    expect(check.locator(".result").first).to_be_visible()
    for name, ending in {"sarif": "sarif", "html": "html", "junit": "xml"}.items():
        with check.expect_download() as begun:
            check.locator(".downloads").get_by_role("button", name=name, exact=True).click()
        path = tmp_path / begun.value.suggested_filename
        begun.value.save_as(path)
        assert path.suffix == f".{ending}"
        assert "homepage" in path.read_text("utf-8")
        if name == "sarif":
            results = json.loads(path.read_text("utf-8"))["runs"][0]["results"]
            lines = {
                one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in results
            }
            assert {6, 7} <= lines


def test_shapes_are_chosen_from_ours_or_brought_along(check: Page) -> None:
    write(check, WRONG)
    check.get_by_label("Shapes").select_option("thing")
    check.get_by_role("button", name="Check it").click()
    expect(check.locator(".result").first).to_be_visible()
    expect(check.locator(".result", has_text="homepage as a web address")).to_have_count(0)
    shape = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        "ex:S a sh:NodeShape ; sh:targetNode ex:mine ; sh:property [ sh:path ex:colour ;"
        ' sh:minCount 1 ; sh:message "Say its colour." ] .'
    )
    own = {"name": "mine.ttl", "mimeType": "text/turtle", "buffer": shape.encode()}
    check.get_by_label("Shapes").select_option("")
    check.get_by_label("or your own").set_input_files([own])  # type: ignore[list-item]
    check.get_by_role("button", name="Check it").click()
    expect(check.locator(".result")).to_have_count(1)
    expect(check.locator(".result")).to_contain_text("Say its colour.")


def test_what_cant_be_read_is_told_at_its_line(check: Page) -> None:
    write(check, BROKEN)
    check.get_by_role("button", name="Check it").click()
    expect(check.locator("[role=alert]")).to_contain_text("Line 2")
    expect(check.locator(".cm-line >> nth=1 >> [class*=cm-lint]").first).to_be_attached()


def test_several_files_each_have_their_results(check: Page) -> None:
    valid = (ROOT / "examples/lead/valid.ttl").read_bytes()
    files = [
        {"name": "good.ttl", "mimeType": "text/turtle", "buffer": valid},
        {"name": "bad.ttl", "mimeType": "text/turtle", "buffer": WRONG.encode()},
    ]
    check.get_by_label("or files").set_input_files(files)  # type: ignore[arg-type]
    check.locator(".result", has_text="homepage as a web").get_by_text("bad.ttl · Line 6").click()
    expect(check.get_by_role("button", name="bad.ttl", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert "foundedIn" in check.locator(".cm-content").inner_text()
    assert at_line(check, 7) == '"1996"'


def test_an_example_teaches_and_is_mended_at_once_in_french(opened: Open) -> None:
    page = opened("/validate", locale="fr-FR")
    page.get_by_role("button", name="Essayer un document avec des erreurs").click()
    expect(page.get_by_role("heading", name="Les données ne sont pas conformes")).to_be_visible()
    expect(page.locator(".results")).to_contain_text("Donnez le site web sous forme d'adresse")
    page.get_by_role("button", name="Appliquer les 2 corrections").click()
    expect(page.locator(".result.violation")).to_have_count(1)
    page.get_by_role("button", name="1 violation").click()
    expect(page.locator(".result.violation")).to_have_count(0)


def test_the_editor_is_loaded_on_its_page_alone(real_site: httpx.Client) -> None:
    wanted = {"Accept": "text/html"}
    assert "/assets/check-" in real_site.get("/validate", headers=wanted).text
    assert "/assets/check-" not in real_site.get("/", headers=wanted).text


def test_without_scripts_the_form_checks(opened: Open) -> None:
    page = opened("/validate", java_script_enabled=False)
    page.locator("textarea").fill(WRONG)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("main")).to_contain_text("The data does not conform")
    expect(page.locator("mark").first).to_contain_text("ex:mine")
