"""Server and Chromium where there is no network but loopback: `unshare -rn python -m … STORE`.

Visits every page and does each job once; prints as JSON what went wrong and what was tried
beyond this machine.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import sys
from pathlib import Path

from playwright.sync_api import Page, Request, expect, sync_playwright

from tests.endpoint.browser.conftest import CHROMIUM, PATIENCE, QUIET, failing, write
from tests.endpoint.processes import served

PAGES = (
    *("/", "/queries", "/queries/standalone-instruments", "/sparql", "/datasets", "/ontology"),
    *("/ontology/modules/claims", "/shapes", "/validate", "/contributions", "/graphs", "/id"),
    *("/id/process", "/id/process/irma-standard", "/search?q=cobalt", "/docs", "/revisions"),
    *("/instruments", "/actors", "/map", "/nowhere"),
)
QUERY = "SELECT * WHERE { ?s ?p ?o } LIMIT 3"
#: Linux's requests on interfaces, and the flag of one that is up.
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1


def raise_loopback() -> None:
    """Bring up the one interface that a new network namespace has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(any_socket, GET_FLAGS, asked))[1]
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14s", b"lo", flags | UP, b""))


def tried() -> int:
    """How many times since it began something in this namespace tried to leave it."""
    names, numbers = (
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if "Ip: " in line
    )
    return int(numbers[names.index("OutNoRoutes")])


def hears() -> bool:
    """Whether an attempt is counted: this one is made here, towards a host of no one (RFC 5737)."""
    before = tried()
    with socket.socket() as anyone:
        return anyone.connect_ex(("192.0.2.1", 80)) != 0 and tried() == before + 1


def jobs(page: Page) -> None:
    """Find a name, ask a query, check a document."""
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("cobolt")
    expect(page.get_by_role("option").first).to_be_visible()
    page.goto("/sparql")
    page.wait_for_selector("html[data-completion=ready]")
    write(page, QUERY)
    page.get_by_role("button", name="Run the query").click()
    expect(page.locator(".pane tbody tr")).to_have_count(3)
    page.goto("/validate")
    page.get_by_role("button", name="Try one with mistakes").click()
    expect(page.locator(".result").first).to_be_visible()


def main() -> None:
    """Print what was found."""
    raise_loopback()
    store = Path(sys.argv[1])
    statuses: dict[str, int] = {}
    troubles: list[str] = []
    outside: list[str] = []
    with served(store, store.parent / "alone.log") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(base_url=server.address, locale="en-GB")
        context.set_default_timeout(PATIENCE)

        def asked(request: Request) -> None:
            if not request.url.startswith((server.address, "data:", "blob:", "about:")):
                outside.append(request.url)

        context.on("request", asked)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(failing(message)))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        for path in PAGES:
            answer = page.goto(path, wait_until="load")
            statuses[path] = answer.status if answer else 0
        jobs(page)
        browser.close()
    told = {
        "interfaces": [name for _, name in socket.if_nameindex()],
        "statuses": statuses,
        "troubles": [each for each in troubles if each],
        "outside": outside,
        "tried": tried(),
        "hears": hears(),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
