"""Many requests while another process commits: no error, and every answer is of one revision.

`make soak` (RSKG_SOAK=full) makes 10,000 requests during 100 commits, `make test` a tenth.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import pytest

from rskg.store import Revisions
from tests import counting
from tests.conftest import ROOT
from tests.endpoint.processes import free_port
from tests.soak import FULL

REQUESTS, COMMITS = (10_000, 100) if FULL else (1_000, 10)
CLIENTS = 8
LIMIT = 120.0
COUNTERS = re.compile(r"counter-(\d+)-end")
#: By the default graph and by the named one, with one text and with ever new ones, as a page.
QUERY = f"""
SELECT * {{
  <{counting.EX}counters> <{counting.EX}one> ?a ; <{counting.EX}two> ?b .
  GRAPH <{counting.GRAPH}> {{ <{counting.EX}counters> <{counting.EX}three> ?c }}
}}"""


@dataclass
class Seen:
    """What the answers said: for each revision, the counters that were read from it."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    counters: dict[int, set[int]] = field(default_factory=dict)

    def take(self, answer: httpx.Response, fewest: int) -> None:
        self.requests += 1
        self.statuses[answer.status_code] += 1
        assert answer.status_code in (200, 304), f"{answer.status_code}: {answer.text}"
        if answer.status_code == 304:
            return
        revision = int(answer.headers["revision"])
        found = [int(number) for number in COUNTERS.findall(answer.text)]
        assert len(found) >= fewest, answer.text
        assert len(set(found)) == 1, f"an answer mixes revisions {sorted(set(found))}"
        assert answer.headers["etag"].startswith(f'"{revision}-')
        self.counters.setdefault(revision, set()).update(found)


@contextmanager
def server(root: Path) -> Iterator[str]:
    """`rskg serve` as people run it, on a free port; gives its address."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "rskg"), "serve", "--port", str(port)]
    process = subprocess.Popen([*command, "--store", str(root)], stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + LIMIT
        while not ready(address):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server doesn't start"
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(LIMIT)


def ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def writer(root: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.counting", str(root)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def commit(process: asyncio.subprocess.Process) -> int:
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"\n")
    return int(await process.stdout.readline())


async def visit(client: httpx.AsyncClient, turn: int, seen: Seen) -> None:
    """One request, of four kinds in turn."""
    if turn % 4 == 0:
        answer = await client.get("/graph/counters", headers={"Accept": "text/html"})
        seen.take(answer, 3)
    elif turn % 4 == 1:
        seen.take(await client.post("/sparql", data={"query": QUERY}, timeout=LIMIT), 3)
    elif turn % 4 == 2:
        answer = await client.get("/sparql", params={"query": f"{QUERY} # {turn}"})
        seen.take(answer, 3)
        tag = {"If-None-Match": answer.headers["etag"]}
        seen.take(
            await client.get("/sparql", params={"query": f"{QUERY} # {turn}"}, headers=tag), 3
        )
    else:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{counting.GRAPH}> {{ ?s ?p ?o }} }}"
        seen.take(await client.post("/sparql", data={"query": query, "format": "nt"}), 3)


async def visits(address: str, root: Path, seen: Seen) -> list[int]:
    """Clients that ask until all is asked and committed; returns the revisions committed."""
    made: list[int] = []
    turns = count()

    async def ask(client: httpx.AsyncClient) -> None:
        while seen.requests < REQUESTS or len(made) < COMMITS:
            await visit(client, next(turns), seen)

    async def write(process: asyncio.subprocess.Process) -> None:
        for part in range(COMMITS):
            while seen.requests < part * REQUESTS // COMMITS:
                await asyncio.sleep(0.001)
            made.append(await commit(process))

    async with (
        writer(root) as process,
        httpx.AsyncClient(base_url=address, timeout=LIMIT) as client,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(write(process))
        for _ in range(CLIENTS):
            tasks.create_task(ask(client))
    return made


@pytest.mark.soak
def test_no_answer_fails_or_mixes_two_revisions(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path / "store")
    first = revisions.amend(counting.count, "count")
    seen = Seen()
    with server(revisions.root) as address:
        made = {first, *asyncio.run(visits(address, revisions.root, seen))}
        last = httpx.post(f"{address}/sparql", data={"query": QUERY}, timeout=LIMIT)
        seen.take(last, 3)
    assert seen.requests > REQUESTS
    assert len(made) == COMMITS + 1
    for revision, counters in seen.counters.items():
        compacted = revision not in made
        assert counters == {revision - 1 if compacted else revision}, "the revision named is true"
    assert int(last.headers["revision"]) == revisions.current()
    assert len(seen.counters) > 3, "the commits were seen while they were made"
