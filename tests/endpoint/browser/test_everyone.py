"""Pages for everyone: no serious finding of axe in light or dark, a phone's width, print."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, expect

from tests.conftest import ROOT
from tests.endpoint.browser.conftest import Open
from tests.soak import FULL

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PAGES = (
    "/",
    "/sparql",
    "/queries",
    "/queries/standalone-instruments",
    "/datasets",
    "/search?q=cobalt",
    "/id/process/irma-standard",
    "/id/process/rmap/history",
    "/revisions",
    "/instruments?topic=conflict",
    "/actors?kind=government",
    "/value-chains",
    "/value-chains/gold",
    "/ontology/modules/claims",
    "/validate",
    "/contribute",
    "/contribute?class=Adoption",
    "/nowhere",
)
LARGE = ("/ontology", "/shapes")
WIDTH = "document.documentElement.scrollWidth"
FINDINGS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
}"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everyone(opened: Open, path: str) -> None:
    page = opened(path, reduced_motion="reduce")
    if path == "/sparql":
        page.wait_for_selector("html[data-completion=ready]")
        page.get_by_role("button", name="Run the query").click()
        expect(page.locator(".pane tbody tr").first).to_be_visible()
    page.evaluate(AXE.read_text("utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(FINDINGS) == [], scheme
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(WIDTH) <= 390


@pytest.mark.parametrize("path", LARGE)
def test_nothing_of_a_large_page_goes_past_the_width_of_a_phone(opened: Open, path: str) -> None:
    assert opened(path, width=390, height=800).evaluate(WIDTH) <= 390


def test_the_figure_of_the_home_page_is_as_wide_as_the_page(opened: Open) -> None:
    page = opened("/")
    figure, heading = (page.locator(each).first.bounding_box() for each in ("svg.picture", ".hero"))
    assert figure and heading and figure["width"] == heading["width"]


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


@pytest.mark.soak
@pytest.mark.skipif(not FULL, reason="a time, by the clock")
def test_the_first_page_takes_part_soon(opened: Open) -> None:
    page = opened("/")
    times = []
    for _ in range(5):
        page.goto("/", wait_until="networkidle")
        (told,) = page.evaluate("performance.getEntriesByType('navigation').map((n) => n.toJSON())")
        times.append(told["domContentLoadedEventEnd"])
    assert sorted(times)[2] <= 1500
