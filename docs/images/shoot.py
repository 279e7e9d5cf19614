"""Writes the pictures of the README and the docs: `make screenshots`.

Starts `rskg serve` on the store of this checkout, which is built on the first start, and looks at
it with Chromium.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
#: How long to wait for a store to be built, in seconds.
PATIENCE = 900
WIDTH = 1200
PLACES = """PREFIX rskg: <https://w3id.org/rskg/ontology#>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?site ?siteLabel ?where WHERE {
  ?site a rskg:Site ; rdfs:label ?siteLabel ; geo:hasGeometry/geo:asWKT ?where .
}
LIMIT 12000
"""
BEGUN = """PREFIX rskg: <https://w3id.org/rskg/ontology#>

SELECT ?actor ?instrument WHERE {
  ?adoption a rskg:Adoption ; rskg:
}
"""


@dataclass(frozen=True)
class Picture:
    """A file, the page on it, its height in pixels, and what is done before it is taken."""

    name: str
    path: str
    height: int = 900
    act: Callable[[Page], None] | None = None


def write(page: Page, query: str, line: int = 0) -> None:
    """Put a query into the editor, and the cursor at the end of a line."""
    page.wait_for_selector("html[data-completion=ready]")
    page.evaluate(
        """([query, line]) => {
          const editor = document.querySelector(".CodeMirror").CodeMirror;
          editor.setValue(query);
          editor.focus();
          editor.setCursor({ line, ch: editor.getLine(line).length });
        }""",
        [query, line],
    )


def complete(page: Page) -> None:
    """Ask what may come next."""
    write(page, BEGUN, 3)
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hint")


def look_at_the_map(page: Page) -> None:
    """Ask where the sites lie."""
    write(page, PLACES)
    page.get_by_role("button", name="Run the query").click()
    page.get_by_role("tab", name="Map").click()
    page.wait_for_selector(".world circle")


def walk(page: Page) -> None:
    """Walk from one scheme to another that it recognises."""
    page.get_by_role("button", name="Walk its neighbourhood").click()
    page.locator(".walk .step", has_text="Responsible Gold Guidance").click()
    page.locator(".walk .beside h3", has_text="Responsible Gold Guidance").wait_for()


def check_the_example(page: Page) -> None:
    """Check the document that the page offers, and look at a mistake."""
    page.get_by_role("button", name="Try one with mistakes").click()
    page.wait_for_selector(".result")
    page.locator(".cm-lintRange-error").first.hover()
    page.wait_for_selector(".cm-tooltip-lint")


def moved_map(page: Page) -> None:
    """Wait for the map that can be moved."""
    page.wait_for_selector("html[data-map=ready]")


PICTURES = (
    Picture("home", "/", height=1100),
    Picture("editor", "/sparql", height=720, act=complete),
    Picture("editor-map", "/sparql", height=1180, act=look_at_the_map),
    Picture("instruments", "/instruments", height=1350),
    Picture("actors", "/actors", height=900),
    Picture("walk", "/id/process/rmap.html", height=930, act=walk),
    Picture("map", "/map?indicator=estimate.rule-of-law", height=1000, act=moved_map),
    Picture("value-chain", "/value-chains/gold", height=1000),
    Picture("question", "/queries/voice-by-stage", height=1000),
    Picture("check", "/validate", height=900, act=check_the_example),
    Picture("module", "/ontology/modules/claims", height=620),
)


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server over the store of this checkout, once it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "rskg"), "serve", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, *sys.argv[1:]], cwd=ROOT) as server:  # noqa: S603 - our own
        try:
            until = time.monotonic() + PATIENCE
            while not _ready(address):
                if server.poll() is not None or time.monotonic() > until:
                    raise SystemExit("rskg serve did not become ready.")
                time.sleep(0.5)
            yield address
        finally:
            server.terminate()


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).is_success
    except httpx.HTTPError:
        return False


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is missing: install chromium.")
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for one in PICTURES:
            context = browser.new_context(
                base_url=address,
                viewport={"width": WIDTH, "height": one.height},
                locale="en-GB",
            )
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.goto(one.path, wait_until="networkidle")
            if one.act:
                one.act(page)
            page.screenshot(path=HERE / f"{one.name}.png")
            sys.stdout.write(f"{HERE / one.name}.png\n")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
