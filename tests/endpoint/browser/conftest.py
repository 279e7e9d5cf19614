"""A real Chromium before the endpoint over the real files. Nothing but this machine answers it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from rskg.endpoint.pages.assets import Bundle

CHROMIUM = shutil.which("chromium")
#: Nothing but this machine has an address.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", ALONE)
#: How long to wait for what must come, in milliseconds.
PATIENCE = 60_000

expect.set_options(timeout=PATIENCE)
Open = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for these tests; it ends with them, for it holds this thread's event loop."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: install chromium")
    if not Bundle().present:
        pytest.skip("web/ is not built: run `make bundle` with Node.js")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, real_site: httpx.Client) -> Iterator[Open]:
    """Open a page of the site: `opened("/sparql", width=390)`."""
    with opening(browser, real_site) as open_page:
        yield open_page


@pytest.fixture
def opened_whole(browser: Browser, whole_site: httpx.Client) -> Iterator[Open]:
    """The same of the site over all files."""
    with opening(browser, whole_site) as open_page:
        yield open_page


@contextmanager
def opening(browser: Browser, site: httpx.Client) -> Iterator[Open]:
    """What opens pages of a site.

    Afterwards nothing was asked of another host, and no script or style was refused or failed.
    """
    home = str(site.base_url).rstrip("/")
    asked: list[str] = []
    troubles: list[str] = []
    contexts = []

    def open_page(path: str, width: int = 1280, height: int = 900, **options: Any) -> Page:
        options.setdefault("locale", "en-GB")
        context = browser.new_context(
            base_url=home, viewport={"width": width, "height": height}, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        context.on("request", lambda request: asked.append(outside(request)))
        page.on("console", lambda message: troubles.append(failing(message)))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(path)
        return page

    def outside(request: Request) -> str:
        ours = request.url.startswith((home, "data:", "blob:", "about:"))
        return "" if ours else request.url

    yield open_page
    for context in contexts:
        context.close()
    assert [each for each in asked if each] == []
    assert [each for each in troubles if each] == []


def failing(message: ConsoleMessage) -> str:
    """The text of an error in the console, but for statuses that a test asks for."""
    expected = message.type != "error" or "the server responded with a status of" in message.text
    return "" if expected else message.text


def write(page: Page, query: str, line: int | None = None) -> None:
    """Put a query into the editor, and the cursor at the end of a line (from 0)."""
    page.evaluate(
        """([query, line]) => {
          const editor = document.querySelector(".CodeMirror").CodeMirror;
          editor.setValue(query);
          editor.focus();
          const last = line ?? editor.lastLine();
          editor.setCursor({ line: last, ch: editor.getLine(last).length });
        }""",
        [query, line],
    )
