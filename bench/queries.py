"""Queries against rskg, the native Oxigraph server and rdflib-endpoint, side by side.

    python bench/queries.py [--triples 200000] [--seconds 2] [--rounds 5] [--port 8390]

The three serve the same triples. Each kind of query goes to each of them in turn, round by
round, so that whatever else the machine does slows all of them; printed are answers a second
over all rounds and the median ratio of the rounds. Point and cached queries go to
rdflib-endpoint too; it takes minutes for the others. `pip install -e '.[bench]'` brings the peers.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peers import EACH, EX, KINDS, Server, servers
from wire import Load, load, ratio, requests

from rskg.store import Revisions
from rskg.store.ask import Ask
from rskg.store.workers.supervisor import Supervisor

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?i) }"


def point(number: int) -> str:
    """All about one thing: ten rows."""
    thing = f"{EX}thing/{random.randrange(number // EACH)}"
    return f"SELECT ?p ?o {{ <{thing}> ?p ?o }} # {random.random()}"  # no text comes twice


def page(number: int) -> str:
    """All about fifty things of a kind: five hundred rows."""
    kind, start = random.randrange(KINDS), random.randrange(max(number // EACH // KINDS - 50, 1))
    return (
        f"SELECT ?s ?p ?o {{ {{ SELECT ?s {{ ?s <{EX}kind> <{EX}kind/{kind}> }} "
        f"LIMIT 50 OFFSET {start} }} ?s ?p ?o }} # {random.random()}"
    )


def aggregate(number: int) -> str:
    """A number over all things, by kind."""
    least = random.randrange(500) + random.random()
    return (
        f"SELECT ?kind (COUNT(*) AS ?n) (AVG(?size) AS ?mean) {{ ?s <{EX}kind> ?kind ; "
        f"<{EX}size> ?size FILTER(?size > {least}) }} GROUP BY ?kind"
    )


@dataclass(frozen=True)
class Contest:
    """A kind of query with the ratios that are wanted, to native and to rdflib-endpoint."""

    name: str
    make: Callable[[int], str]
    different: int
    native: float
    rdflib: float | None = None
    least_seconds: float = 0.0


CONTESTS = (
    Contest("point, not cached", point, 40_000, 0.4, 12),
    Contest("point, cached", point, 20, 1.0, 12),
    Contest("page-sized", page, 4_000, 0.9),
    Contest("aggregate", aggregate, 4_000, 0.9, least_seconds=4.0),
)


def compete(contest: Contest, among: list[Server], options: argparse.Namespace) -> None:
    """One kind of query, round by round; prints a line a server."""
    rivals = [server for server in among if server.patient or contest.rdflib]
    sums = {server.name: Load() for server in rivals}
    rates: dict[str, list[float]] = {server.name: [] for server in rivals}
    for turn in range(options.rounds + 1):
        for server in rivals:
            asked = [contest.make(options.triples) for _ in range(contest.different)]
            seconds = max(options.seconds, contest.least_seconds)
            before = server.spent()
            done = load(server.port, requests(server.path, asked), 8, seconds)
            done.spent = tuple(b - a for a, b in zip(before, server.spent(), strict=True))
            if turn:  # the first round warms up
                sums[server.name].plus(done)
                rates[server.name].append(done.rate)
    print(f"\n{contest.name}, 8 connections")
    for name, done in sums.items():
        print(f"  {name:<16} {done.line()}  {done.cost()}")
    print(f"  rskg / native {ratio(rates['rskg'], rates['native']):.2f} ({contest.native} wanted)")
    if contest.rdflib:
        against = ratio(rates["rskg"], rates["rdflib-endpoint"])
        print(f"  rskg / rdflib-endpoint {against:.1f} ({contest.rdflib} wanted)")


def isolation(folder: Path, number: int) -> None:
    """What the way through a worker adds to a point query."""
    reader = Revisions(folder).open()

    async def run() -> tuple[list[float], list[float]]:
        made = Supervisor(folder)
        made.start(1)
        inside, through = [], []
        for _ in range(4000):
            ask = Ask(point(number), "text/csv")
            begun = time.perf_counter()
            reader.answer(ask.query, ask.accept)
            between = time.perf_counter()
            await made.answer(ask, 1)
            inside.append(between - begun)
            through.append(time.perf_counter() - between)
        made.stop()
        return inside, through

    inside, through = (Load(1, 0, waits[500:]) for waits in asyncio.run(run()))
    added = through.percentile(0.5) - inside.percentile(0.5)
    print(f"\nisolation adds {added:.2f} ms at p50 (at most 1 wanted)")


def besieged(server: Server, options: argparse.Namespace) -> None:
    """A one-row query beside six connections of endless ones, one after the other."""
    with subprocess.Popen(
        [sys.executable, __file__, "--siege", str(server.port)], stdout=subprocess.DEVNULL
    ) as siege:
        time.sleep(1)
        row = [f"SELECT ?o {{ <{EX}thing/{i}> <{EX}p0> ?o }}" for i in range(options.triples // 10)]
        done = load(server.port, requests(server.path, row), 1, 5 * options.seconds)
        siege.terminate()
    print(
        f"\none row beside six endless queries: p50 {done.percentile(0.5):.1f} ms, "
        f"p99 {done.percentile(0.99):.1f} ms (below 100 wanted), not 2xx: {done.bad}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--triples", type=int, default=200_000)
    asked.add_argument("--seconds", type=float, default=2.0)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--port", type=int, default=8390)
    asked.add_argument("--siege", type=int, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.siege:
        load(options.siege, requests("/sparql", [f"{ENDLESS} # {i}" for i in range(999)]), 6, 600)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with servers(folder, options.triples, options.port) as among:
            for contest in CONTESTS:
                compete(contest, among, options)
            besieged(among[0], options)
        isolation(folder / "ours", options.triples)


if __name__ == "__main__":
    main()
