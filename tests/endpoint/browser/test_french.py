"""A reader of French: words and labels, by the browser's wish or by `lang=`, and it stays."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from rskg.endpoint.languages import HERE
from rskg.endpoint.problems.kinds import KINDS
from rskg.query import load_all
from tests.conftest import ROOT
from tests.endpoint.browser.conftest import Open, write

SAID = re.compile(r'\b(?:_|say)\(\s*"((?:[^"\\]|\\.)+)"')


def test_a_french_browser_gets_french_words_and_labels(opened: Open) -> None:
    page = opened("/", locale="fr-FR")
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.locator("h1")).to_contain_text("approvisionnement responsable")
    expect(page.locator("svg.picture:visible").first).to_contain_text("acteurs")
    expect(page.locator(".value-chain")).to_contain_text("Traitement")
    assert "Processing" not in page.locator(".value-chain").inner_text()
    assert opened("/", locale="es-ES").locator("html").get_attribute("lang") == "en"


def test_the_editor_speaks_french_and_offers_french_labels(opened: Open) -> None:
    page = opened("/sparql", locale="fr-CH")
    page.wait_for_selector("html[data-completion=ready]")
    query = "PREFIX rskg: <https://w3id.org/rskg/ontology#>\nSELECT * {\n  ?x a rskg:Acto\n}"
    write(page, query, 2)
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint", has_text="rskg:Actor").first).to_contain_text("Acteur")
    page.keyboard.press("Escape")
    write(page, "SELECT ?s { ?s ?p <https://w3id.org/rskg/id/stage/processing> } LIMIT 3")
    page.get_by_role("button", name="Lancer la requête").click()
    expect(page.locator(".told")).to_contain_text("3 lignes")
    page.get_by_role("tab", name="Tableau").wait_for()


def test_a_language_chosen_by_the_address_goes_along(opened: Open) -> None:
    page = opened("/queries")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("h1")).to_have_text("Questions")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_role("link", name="Jeux de données", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Jeux de données")


def test_every_word_that_is_said_has_its_translation() -> None:
    table = json.loads((HERE / "fr.json").read_text("utf-8"))
    files = [
        *(ROOT / "rskg/endpoint/templates").glob("*.html"),
        *(ROOT / "web/src").rglob("*.ts"),
    ]
    said = {text for path in files for text in SAID.findall(path.read_text("utf-8"))}
    assert len(said) > 100
    assert sorted(said - set(table)) == []


def test_a_translation_has_the_values_of_what_it_translates() -> None:
    table = json.loads((HERE / "fr.json").read_text("utf-8"))
    for english, french in table.items():
        values = re.findall(r"\{\w+\}", english), re.findall(r"\{\w+\}", french)
        assert sorted(values[0]) == sorted(values[1]), english


def test_every_problem_and_every_question_has_its_words_in_french() -> None:
    table = json.loads((HERE / "fr.json").read_text("utf-8"))
    said = {text for kind in KINDS for text in (kind.title, kind.advice)}
    assert sorted(said - set(table)) == []
    for folder in (ROOT / "queries", ROOT / "rskg/endpoint/relations"):
        for query in load_all(folder).values():
            for name in ("summary", "description", "limits", "missing"):
                said = query.said(name, "en")
                assert not said or query.said(name, "fr") != said, (query.path, name)
            assert query.said("summary", "de") == query.summary


def test_the_pages_of_ours_and_their_problems_speak_french(opened: Open) -> None:
    page = opened("/queries/voice-by-stage", locale="fr-FR")
    expect(page.locator("h1")).to_contain_text("À quelles étapes")
    for path, heading in {
        "/ontology": "ontologie de l'approvisionnement responsable",
        "/shapes": "Ce qui doit tenir",
        "/contributions": "Contributions",
        "/nowhere": "Rien ici",
    }.items():
        page.goto(path)
        expect(page.locator("h1")).to_contain_text(heading)
        assert page.locator("html").get_attribute("lang") == "fr"
    page.goto("/queries")
    expect(page.locator("main")).to_contain_text("Qui décide si les pratiques")
