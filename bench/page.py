"""How large pages are for a browser that comes for the first time, and when they can be used.

    python bench/page.py [--store .rskg/store] [--rounds 7] [--port 8595] [PATH ...]

Starts `rskg serve` over a store (built on the first start) and opens each page in Chromium, round
by round, each time in a context that has seen nothing before. Printed are bytes as transferred with
and without what is loaded for the editors, and medians by the clock: until something is shown, and
until the page takes part (its scripts have run).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from collections import defaultdict

from peers import BIN, process
from playwright.sync_api import Browser, Request, sync_playwright

PAGES = ("/", "/queries", "/sparql", "/validate", "/ontology", "/map", "/id/process/irma-standard")
WANTED_BYTES, WANTED_SECONDS = 200_000, 1.5
#: Marks of the assets that are editors.
EDITORS = ("/assets/ask-", "/assets/check-")
TIMES = """() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return [paint?.startTime ?? 0, navigation.domContentLoadedEventEnd];
}"""


def visit(browser: Browser, address: str) -> tuple[int, int, float, float]:
    """Bytes without the editors, bytes of them, seconds to the first paint, and to taking part."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[Request] = []

    def finished(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", finished)
    page.goto(address, wait_until="networkidle")
    sizes = [(request.url, request.sizes()["responseBodySize"]) for request in asked]
    editors = sum(size for url, size in sizes if any(mark in url for mark in EDITORS))
    paint, taking_part = page.evaluate(TIMES)
    context.close()
    return sum(size for _, size in sizes) - editors, editors, paint / 1000, taking_part / 1000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("paths", nargs="*", default=PAGES, metavar="PATH")
    asked.add_argument("--store", default=".rskg/store")
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--port", type=int, default=8595)
    options = asked.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is missing: install chromium.")
    found: dict[str, list[tuple[int, int, float, float]]] = defaultdict(list)
    command = [str(BIN / "rskg"), "serve", "--store", options.store, "--port", str(options.port)]
    with process(command, options.port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(options.rounds + 1):
            for path in options.paths:
                found[path].append(visit(browser, f"http://127.0.0.1:{options.port}{path}"))
        browser.close()
    print(
        f"{'page':32} {'kB':>6} {'editor kB':>9} {'shown s':>8} {'taking part s':>13} {'worst':>6}"
    )
    for path, visits in found.items():
        own, editors, _, _ = visits[-1]
        paints, parts = zip(*((paint, part) for _, _, paint, part in visits[1:]), strict=True)
        print(
            f"{path:32} {own / 1000:6.0f} {editors / 1000:9.0f} {statistics.median(paints):8.2f} "
            f"{statistics.median(parts):13.2f} {max(parts):6.2f}"
        )
    first = found[options.paths[0]]
    taking_part = statistics.median(part for *_, part in first[1:])
    print(
        f"first page: {first[-1][0] / 1000:.0f} kB (wanted: {WANTED_BYTES / 1000:.0f} or less), "
        f"{taking_part:.2f} s (wanted: {WANTED_SECONDS} or less)"
    )


if __name__ == "__main__":
    main()
