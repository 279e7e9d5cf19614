"""Hostile queries on two workers: each ends in its time, nobody beside them is harmed.

`make test` runs each once, by itself and over HTTP; `make soak` (RSKG_SOAK=full) ten times, in
another order each time, with longer budgets, and asserts how long that takes.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from rskg.errors import BudgetExceeded, RskgError
from rskg.store import Revisions, Workbench
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.workers.crew import FAT, Crew
from rskg.store.workers.fast import SPARES
from rskg.store.workers.supervisor import Supervisor
from rskg.syntax import Literal, NamedNode, Triple
from tests.endpoint.servers import running
from tests.hostile_queries import HOSTILE
from tests.soak import FULL

EX = "http://example.org/"
ROUNDS = 10 if FULL else 1
BUDGET = Budget(memory=300_000_000, rows=200_000, size=20_000_000)
#: What a hostile query has of it, in seconds.
SECONDS = 2.0 if FULL else 0.5
#: What holds on a machine that does nothing else, in seconds, asserted in full only: how much
#: longer than its budget a query may take to end, and how long 99 of 100 modest ones wait at most.
GRACE = 0.2
P99 = 0.1
#: How much more memory than before may stay behind, in bytes, beside what idle workers may keep.
LEFT = 100_000_000
AT_ONCE = 6
NODES, FRIENDS = 300, 60
ONE_ROW = Ask(f"SELECT ?o {{ <{EX}0> <{EX}label> ?o }}", "text/csv")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ring of nodes with labels, in which the first know one another, all of them."""
    folder = tmp_path_factory.mktemp("ring")
    made = Workbench()
    nodes = [NamedNode(f"{EX}{i}") for i in range(NODES)]
    steps, knows, label = (NamedNode(EX + name) for name in ("next", "knows", "label"))
    made.add(Triple(node, steps, nodes[i - 1]) for i, node in enumerate(nodes))
    made.add(Triple(node, label, Literal(f"node {i}")) for i, node in enumerate(nodes))
    made.add(Triple(a, knows, b) for a in nodes[:FRIENDS] for b in nodes[:FRIENDS])
    Revisions(folder).commit(made, "ring")
    return folder


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE.values())) >= 60


class Siege:
    """Hostile queries, so many at a time, beside a client that asks for one row again and again."""

    def __init__(self, made: Supervisor) -> None:
        self.made = made
        self.ends: Counter[str] = Counter()
        self.late: list[tuple[str, float]] = []
        self.waits: list[float] = []

    async def attack(self, name: str, query: str, room: asyncio.Semaphore) -> None:
        """One hostile query, from one of three clients."""
        async with room:
            begun = time.monotonic()
            try:
                await self.made.answer(
                    Ask(query), 1, client=f"hostile {len(name) % 3}", timeout=f"{SECONDS}s"
                )
                self.ends["answered"] += 1
            except BudgetExceeded as error:
                self.ends[error.budget] += 1
            except RskgError as error:
                self.ends[type(error).__name__] += 1
            took = time.monotonic() - begun
            if took > SECONDS + GRACE:
                self.late.append((name, took))

    async def besieged(self) -> None:
        """The client beside them."""
        while True:
            begun = time.monotonic()
            answer = await self.made.answer(ONE_ROW, 1, client="modest")
            assert answer.body == b"o\r\nnode 0\r\n"
            self.waits.append(time.monotonic() - begun)
            await asyncio.sleep(0.005)

    async def run(self, seed: int) -> None:
        """All of them in some order."""
        order = sorted(HOSTILE.items())
        random.Random(seed).shuffle(order)
        room = asyncio.Semaphore(AT_ONCE)
        modest = asyncio.ensure_future(self.besieged())
        attacks = asyncio.gather(*(self.attack(name, query, room) for name, query in order))
        done, _ = await asyncio.wait({modest, attacks}, return_when=asyncio.FIRST_COMPLETED)
        assert modest not in done, modest.exception()
        modest.cancel()


@pytest.mark.soak
def test_hostile_queries_end_and_harm_nobody(root: Path) -> None:
    async def run() -> tuple[Siege, int]:
        made = Supervisor(root, budget=BUDGET, lanes=2)
        made.start(1)
        siege = Siege(made)
        try:
            await made.answer(ONE_ROW, 1)
            before = resident(made._crew)
            for seed in range(ROUNDS):
                await siege.run(seed)
            await settled(made._crew)
            return siege, resident(made._crew) - before
        finally:
            made.stop()

    siege, left = asyncio.run(run())
    waits = sorted(siege.waits)
    p99 = waits[len(waits) * 99 // 100]
    print(
        dict(siege.ends),
        f"one row: p50 {waits[len(waits) // 2] * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms,",
        f"most {waits[-1] * 1000:.1f} ms; {len(siege.late)} late; {left / 1e6:+.0f} MB",
    )
    assert siege.ends["time"] > ROUNDS * 10, "many would go on for ever"
    assert siege.ends["WorkerLost"] == siege.ends["QuerySyntaxError"] == 0
    assert left < LEFT + FAT * (2 + SPARES)
    if FULL:
        assert not siege.late
        assert p99 < P99


def resident(crew: Crew) -> int:
    """The bytes of memory that this process and all workers hold."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(lane.memory() for lane in crew)


async def settled(crew: Crew) -> None:
    """Wait until what is left are new workers, or workers as small as new ones."""
    end = time.monotonic() + 60
    while any(lane.job is not None or lane.memory() - lane.new_memory > FAT for lane in crew):
        assert time.monotonic() < end, "memory did not return"
        await asyncio.sleep(0.05)


def test_they_end_over_http_beside_a_modest_client(root: Path) -> None:
    settings = {"RSKG_QUERY_MEMORY": "300000000", "RSKG_WORKERS": "2"}
    statuses: Counter[int] = Counter()

    def attack(query: str) -> None:
        with httpx.Client(base_url=site.base_url, timeout=120) as client:
            answer = client.post("/sparql", data={"query": query, "timeout": "300ms"})
        statuses[answer.status_code] += 1
        if answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json", answer.text
            assert answer.json()["status"] == answer.status_code

    with running(root, **settings) as site, ThreadPoolExecutor(AT_ONCE) as pool:
        attacks = [pool.submit(attack, query) for query in HOSTILE.values()]
        while not all(attacked.done() for attacked in attacks):
            modest = site.get("/sparql", params={"query": ONE_ROW.query, "format": "csv"})
            assert modest.text == "o\r\nnode 0\r\n"
        for attacked in attacks:
            attacked.result()
        assert site.get("/health/ready").status_code == 200
    print(dict(statuses))
    assert set(statuses) <= {200, 400, 503, 504}
    assert statuses[504] > 10
