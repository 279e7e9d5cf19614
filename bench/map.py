"""How smoothly the map moves: frames while it is dragged, enlarged and filtered with every site.

    python bench/map.py [--store .rskg/store] [--rounds 3] [--port 8593]

A server over the store and a headless Chromium, which draws without a graphics card: the slowest
way there is. Each round opens `/map` coloured by rule of law, drags it, enlarges it by the wheel,
and chooses commodities, at the whole world and near. Printed are, for a page that only waits and
for the map, the frames, their median and the longest one, in milliseconds, and the share of
frames over 100 ms. The page that waits tells what the machine itself takes meanwhile.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import time

import httpx
from peers import BIN, process
from playwright.sync_api import Browser, Page, sync_playwright

LONGEST = 100
FRAMES = """() => {
  window.taken = [];
  let last = 0;
  const frame = (now) => {
    if (last) window.taken.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def moved(page: Page) -> None:
    """Drag, enlarge and filter, for some seconds."""
    box = page.locator(".atlas canvas[role]").bounding_box()
    if box is None:
        raise SystemExit("the page has no map: run `make bundle`")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.evaluate(FRAMES)
    for turn in range(6):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 250 + 100 * turn, y - 80, steps=20)
        page.mouse.up()
        page.mouse.wheel(0, -300)
        page.get_by_label("Commodity").select_option(("gold", "cobalt", "")[turn % 3])
        page.wait_for_timeout(200)


def told(name: str, frames: list[float]) -> None:
    """One line of the result."""
    over = sum(1 for each in frames if each > LONGEST)
    print(
        f"{name:14} {len(frames):5} frames, median {statistics.median(frames):5.1f} ms, "
        f"longest {max(frames):6.1f} ms, over {LONGEST} ms: {over}"
    )


def run(browser: Browser, address: str, rounds: int) -> None:
    """The rounds: waiting and moving by turns."""
    waiting: list[float] = []
    moving: list[float] = []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.goto(f"{address}/map?indicator=estimate.rule-of-law", timeout=120_000)
        page.wait_for_selector("html[data-map=ready]", timeout=120_000)
        page.evaluate(FRAMES)
        page.wait_for_timeout(2_000)
        waiting += page.evaluate("window.taken")
        page.reload()
        page.wait_for_selector("html[data-map=ready]")
        moved(page)
        moving += page.evaluate("window.taken")
        page.close()
    told("page that waits", waiting)
    told("map that moves", moving)


def main() -> None:
    """Serve, open, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default=".rskg/store")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8593)
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing: install chromium")
    address = f"http://127.0.0.1:{given.port}"
    command = [str(BIN / "rskg"), "serve", "--store", given.store, "--port", str(given.port)]
    with process(command, given.port), sync_playwright() as playwright:
        httpx.get(f"{address}/map", timeout=120)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        time.sleep(1)
        run(browser, address, given.rounds)
        browser.close()


if __name__ == "__main__":
    main()
