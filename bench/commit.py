"""What a commit of 1,000 triples costs in stores of different sizes, side by side.

    python bench/commit.py [--sizes 1,10] [--commits 100]
                           [--update | --where | --merge] [--folder DIR]

Each store is loaded once with so many million triples, then commits alternate between the
stores, so that whatever else the machine does slows all of them. Printed are milliseconds. With
--update the triples come by INSERT DATA; with --where by an update with a WHERE, which the engine
now and then makes wait while it brings its files together: `worst` tells how long. (The load brings
its own files together, and `rskg revisions compact` what commits leave, without keeping anybody
waiting.) With --merge the triples go into the default graph too, which is
counted.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from blocks import Blocks

from rskg.store import Draft, Revisions, compact
from rskg.store import scattered as is_scattered
from rskg.syntax import GRAPH_FORMATS, Literal, NamedNode, Triple, format_named

TRIPLES = 1_000
GRAPHS = 50
NEW = "http://example.org/graph/new"


def lines(triples: int) -> Iterator[bytes]:
    """N-Quads, ten a subject."""
    for subject in range(triples // 10):
        graph = f"<http://example.org/graph/{subject % GRAPHS}>"
        told = (
            f"<http://example.org/s{subject}> <http://example.org/p{n}> "
            f'"value {subject * 10 + n}" {graph} .\n'
            for n in range(10)
        )
        yield "".join(told).encode()


def load(folder: Path, millions: float) -> Revisions:
    form = format_named("nq", GRAPH_FORMATS)
    assert form
    revisions = Revisions(folder)
    started = time.perf_counter()
    source = io.BufferedReader(Blocks(lines(int(millions * 1_000_000))), 1 << 20)
    revisions.amend(lambda draft: draft.load(source, form), "load")
    size = sum(path.stat().st_size for path in (folder / "revisions" / "1").rglob("*"))
    took = time.perf_counter() - started
    print(
        f"loaded {millions:g} M triples in {took:.0f} s, {size / 1e6:,.0f} MB on disk", flush=True
    )
    return revisions


def commit(revisions: Revisions, turn: int, how: str) -> float:
    triples = [
        Triple(
            NamedNode(f"http://example.org/new/{turn}/{n // 10}"),
            NamedNode(f"http://example.org/p{n % 10}"),
            Literal(f"new {turn} {n}"),
        )
        for n in range(TRIPLES)
    ]

    told = " ".join(f"{triple} ." for triple in triples)

    def change(draft: Draft) -> None:
        if how == "update":
            draft.update(f"INSERT DATA {{ GRAPH <{NEW}> {{ {told} }} }}")
        elif how == "where":
            draft.update(f"INSERT {{ GRAPH <{NEW}> {{ {told} }} }} WHERE {{ }}")
        else:
            draft.add(triples, NEW)
        if how == "merge":
            draft.triples = draft.triples or 0
            draft.add(triples)

    started = time.perf_counter()
    revisions.amend(change, f"turn {turn}")
    return (time.perf_counter() - started) * 1000


def reading(revisions: Revisions) -> float:
    started = time.perf_counter()
    found = revisions.open().select("SELECT ?o { GRAPH ?g { <http://example.org/s7> ?p ?o } }")
    assert len(found) == 10
    return (time.perf_counter() - started) * 1000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="1,10", help="millions of triples, comma between")
    asked.add_argument("--commits", type=int, default=100)
    ways = asked.add_mutually_exclusive_group()
    for way in ("update", "where", "merge"):
        ways.add_argument(f"--{way}", dest="how", action="store_const", const=way, default="add")
    asked.add_argument("--folder", type=Path, help="where the stores go (default: temporary)")
    options = asked.parse_args()
    sizes = [float(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        stores = [load(Path(folder) / f"{size:g}", size) for size in sizes]
        times: list[list[float]] = [[] for _ in stores]
        for turn in range(options.commits):
            for store, taken in zip(stores, times, strict=True):
                taken.append(commit(store, turn, options.how))
        print(f"{options.commits} commits of {TRIPLES:,} triples each, in ms:")
        print(f"{'store':>8} {'median':>8} {'mean':>8} {'p95':>8} {'worst':>8} {'open+ask':>9}")
        for size, store, taken in zip(sizes, stores, times, strict=True):
            p95 = statistics.quantiles(taken, n=20)[-1]
            print(
                f"{size:>6g} M {statistics.median(taken):>8.0f} {statistics.mean(taken):>8.0f} "
                f"{p95:>8.0f} {max(taken):>8.0f} {reading(store):>9.0f}"
            )
        for size, store in zip(sizes, stores, strict=True):
            scattered, started = is_scattered(store), time.perf_counter()
            compact(store)
            took = time.perf_counter() - started
            print(
                f"{size:g} M, {'scattered' if scattered else 'not scattered'}: "
                f"compacted in {took:.1f} s, open+ask {reading(store):.0f} ms after it"
            )
        for word, figure in (("median", statistics.median), ("mean", statistics.mean)):
            ratio = figure(times[-1]) / figure(times[0])
            print(f"{word} of {sizes[-1]:g} M / {sizes[0]:g} M: {ratio:.2f} (at most 1.5 wanted)")


if __name__ == "__main__":
    main()
