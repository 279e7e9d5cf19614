"""Pages for everyone: no serious finding of axe in light or dark, a phone's width, print."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, expect

from tests.conftest import ROOT
from tests.endpoint.browser.conftest import Open

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PAGES = (
    "/",
    "/sparql",
    "/queries",
    "/queries/standalone-instruments",
    "/datasets",
    "/search?q=cobalt",
    "/id/process/irma-standard",
    "/revisions",
    "/validate",
    "/nowhere",
)
LARGE = ("/ontology", "/shapes")
FINDINGS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
}"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Open, path: str, scheme: str) -> None:
    page = opened(path, color_scheme=scheme, reduced_motion="reduce")
    if path == "/sparql":
        page.wait_for_selector("html[data-completion=ready]")
        page.get_by_role("button", name="Run the query").click()
        expect(page.locator(".pane tbody tr").first).to_be_visible()
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(FINDINGS) == []


@pytest.mark.parametrize("path", (*PAGES, *LARGE))
def test_nothing_goes_past_the_width_of_a_phone(opened: Open, path: str) -> None:
    page = opened(path, width=390, height=800)
    if path == "/sparql":
        page.wait_for_selector("html[data-completion=ready]")
        page.get_by_role("button", name="Run the query").click()
        expect(page.locator(".pane tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_is_dark_and_print_is_plain(opened: Open) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    assert opened("/", color_scheme="dark").evaluate(colour) == "rgb(13, 17, 23)"
    page = opened("/", color_scheme="light")
    page.emulate_media(media="print")
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    assert page.locator(".top nav").is_hidden()


def test_the_first_page_is_small(opened: Open) -> None:
    page = opened("/nowhere")
    asked: list[Request] = []

    def finished(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", finished)
    page.goto("/", wait_until="networkidle")
    packed = [request.sizes()["responseBodySize"] for request in asked]
    assert len(packed) >= 3
    assert sum(packed) <= 200_000
