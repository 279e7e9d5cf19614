"""Writing a query in a browser: completion, answer and its views, downloads, share, problems."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pyarrow.ipc
import pyarrow.parquet
import pytest
from playwright.sync_api import Page, expect

from tests.endpoint.browser.conftest import Open, write

ADOPTIONS = """PREFIX rskg: <https://w3id.org/rskg/ontology#>
SELECT ?adoption ?instrument WHERE {
  ?adoption a rskg:Adoption ; rskg:adoptedProcess ?instrument .
}
ORDER BY ?adoption LIMIT 7
"""
PLACES = """PREFIX rskg: <https://w3id.org/rskg/ontology#>
SELECT ?site (7.5 AS ?latitude) (27.25 AS ?longitude) (COUNT(*) AS ?facts) {
  ?site a rskg:Country ; ?p ?o } GROUP BY ?site LIMIT 12"""
COMPLETING = """PREFIX rskg: <https://w3id.org/rskg/ontology#>
SELECT * {
  ?x a rskg:Adoption ; rskg:
}"""
BROKEN = "SELECT * {\n  ?s ?p ?o .\n  ?s unknown:p ?o\n}"


@pytest.fixture
def ask(opened: Open) -> Page:
    """The editor, once it knows what to offer."""
    page = opened("/sparql")
    page.wait_for_selector("html[data-completion=ready]")
    return page


def run(page: Page, query: str) -> None:
    write(page, query)
    page.get_by_role("button", name="Run the query").click()


def test_the_budget_that_was_used_is_shown_with_its_memory(ask: Page) -> None:
    run(ask, "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a a ?b . ?c a ?d } LIMIT 200000 }")
    expect(ask.locator(".budget")).to_contain_text("memory")
    expect(ask.locator(".budget")).to_contain_text("of 1,000 MB")


def test_a_query_is_run_and_its_answer_shown_and_downloaded(ask: Page, tmp_path: Path) -> None:
    run(ask, ADOPTIONS)
    expect(ask.locator(".pane tbody tr")).to_have_count(7)
    expect(ask.locator(".told").first).to_contain_text("7 rows at revision 1")
    expect(ask.locator(".budget")).to_contain_text("7 of 1,000,000")
    read = {
        "csv": lambda body: len(body.decode().strip().splitlines()) - 1,
        "arrow": lambda body: pyarrow.ipc.open_stream(body).read_all().num_rows,
        "parquet": lambda body: pyarrow.parquet.read_table(io.BytesIO(body)).num_rows,
    }
    for name, rows in read.items():
        with ask.expect_download() as begun:
            ask.get_by_role("link", name=name, exact=True).click()
        path = tmp_path / begun.value.suggested_filename
        begun.value.save_as(path)
        assert path.suffix == f".{name}"
        assert rows(path.read_bytes()) == 7, name


def test_things_are_shown_by_their_labels_and_lead_to_their_pages(ask: Page) -> None:
    run(ask, ADOPTIONS)
    link = ask.locator(".pane tbody tr >> nth=0 >> a >> nth=1")
    assert "/id/process/" in (link.get_attribute("href") or "")
    assert ":" not in link.inner_text()


def test_completion_offers_the_properties_that_fit_the_class(ask: Page) -> None:
    write(ask, COMPLETING, line=2)
    ask.keyboard.press("Control+Space")
    hints = ask.locator(".CodeMirror-hint")
    expect(hints.first).to_be_visible()
    offered = hints.all_inner_texts()
    assert any("rskg:adoptedProcess" in text and "adopted process" in text for text in offered)
    assert not any("rskg:coversStage" in text for text in offered), "no adoption has that"
    ask.keyboard.type("adoptedP")
    expect(hints).to_have_count(1)
    ask.keyboard.press("Enter")
    text = ask.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "rskg:adoptedProcess\n}" in text


def test_completion_finds_a_class_by_its_label_and_declares_its_prefix(ask: Page) -> None:
    write(ask, "SELECT * {\n  ?x a Concep\n}", line=1)
    ask.keyboard.press("Control+Space")
    ask.locator(".CodeMirror-hint", has_text="skos:ConceptScheme").click()
    text = ask.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in text
    assert "?x a skos:ConceptScheme" in text


def test_a_shared_link_opens_the_same_answer_at_its_revision(ask: Page, opened: Open) -> None:
    run(ask, ADOPTIONS)
    link = ask.locator("a.permalink").get_attribute("href") or ""
    assert parse_qs(urlsplit(link).query)["revision"] == ["1"]
    again = opened(link)
    expect(again.locator(".pane tbody tr")).to_have_count(7)
    expect(again.locator(".note").first).to_contain_text("revision 1")
    without = opened(link, java_script_enabled=False)
    expect(without.locator("tbody tr")).to_have_count(7)


def test_a_problem_is_shown_at_its_line(ask: Page) -> None:
    run(ask, BROKEN)
    expect(ask.locator("[role=alert]")).to_contain_text("Line 3")
    expect(ask.locator(".problem-line .CodeMirror-linenumber")).to_have_text("3")
    expect(ask.locator(".problem-here")).to_be_visible()


def test_rows_with_places_and_numbers_have_a_map_and_a_chart(ask: Page) -> None:
    run(ask, PLACES)
    ask.get_by_role("tab", name="Map").click()
    expect(ask.locator(".world circle")).to_have_count(12)
    assert len(ask.locator(".world .land").get_attribute("d") or "") > 1000
    ask.get_by_role("tab", name="Chart").click()
    ask.locator("select").select_option("facts")
    expect(ask.locator(".drawn svg [aria-label=bar] rect")).to_have_count(12)


def test_triples_are_shown_as_a_graph(ask: Page) -> None:
    run(ask, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(isIRI(?o)) } LIMIT 9")
    ask.get_by_role("tab", name="Graph").click()
    expect(ask.locator(".network canvas").first).to_be_visible()
    assert "9 links" in (ask.locator(".network").get_attribute("aria-label") or "")


def test_questions_are_found_by_words_and_load_their_text(ask: Page) -> None:
    ask.locator("#question-search").fill("stand alone")
    visible = ask.locator("#examples li:visible a")
    expect(visible).to_have_count(1)
    visible.click()
    expect(ask.locator(".pane tbody tr").first).to_be_visible()
    text = ask.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "SELECT" in text


def test_the_answer_can_be_asked_from_a_program(ask: Page) -> None:
    ask.context.grant_permissions(["clipboard-read", "clipboard-write"])
    run(ask, ADOPTIONS)
    for name, words in {"Python": "rskg.open(", "curl": "curl -H", "R": "library(httr2)"}.items():
        ask.get_by_role("button", name=f"Copy as {name}", exact=True).click()
        expect(ask.locator(".onward [role=status]")).to_have_text("Copied.")
        copied = ask.evaluate("navigator.clipboard.readText()")
        assert words in copied and "rskg:adoptedProcess" in copied
        if name == "Python":
            compile(copied, name, "exec")


def test_without_scripts_the_plain_form_answers(opened: Open) -> None:
    page = opened("/sparql", java_script_enabled=False)
    page.locator("textarea").fill(ADOPTIONS)
    page.get_by_role("button", name="Run the query").click()
    expect(page.locator("tbody tr")).to_have_count(7)
    page.goto(f"/sparql?query={quote(BROKEN)}")
    expect(page.locator("[role=alert]")).to_contain_text("Line 3")
