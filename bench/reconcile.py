"""How many messy names find their thing, and how long a thousand of them take over HTTP.

    python bench/reconcile.py [--store .rskg/store] [--rounds 3]

The names are those of `tests/reconciliation/messy-names.csv`, told by class; the thousand are
these again and again, with a number behind each so that no two are the same, as two batches of 500.
Printed is the processor time of the server beside the time on the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from peers import BIN, process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rskg.build import build
from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Revisions
from tests.reconciliation.labelled import Labelled, index_of, labelled, missed

ROOT = Path(__file__).resolve().parent.parent
WANTED_RECALL, WANTED_SECONDS = 0.9, 5.0
THOUSAND, BATCH = 1000, 500


def recall(store: Path, names: list[Labelled]) -> None:
    """Prints, per class, how many names find their thing first."""
    index = index_of(Revisions(store, load(ROOT / "ontology").prefixes).open())
    wrong = Counter(one.kind for one in missed(index, names))
    for kind, number in Counter(one.kind for one in names).items():
        print(f"{kind or '(no class)':14} {number - wrong[kind]:4} of {number:4}")
    share = 1 - wrong.total() / len(names)
    print(f"recall@1 {share:.3f} of {len(names)} names (wanted {WANTED_RECALL})")


def processor(pid: int) -> float:
    """Seconds that a process has used of processors, in its own code and in the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def speed(client: httpx.Client, names: list[Labelled], rounds: int, pid: int) -> None:
    """Prints how long a thousand names take."""
    asked = client.post("/reconcile", data={"queries": '{"q0": {"query": "first"}}'})
    asked.raise_for_status()  # the index is made
    for turn in range(rounds):
        queries = [
            {"query": f"{one.name} {turn}{at}", **({"type": one.kind} if one.kind else {})}
            for at, one in enumerate(names * (THOUSAND // len(names) + 1))
        ][:THOUSAND]
        start, used = time.perf_counter(), processor(pid)
        for at in range(0, THOUSAND, BATCH):
            batch = {f"q{n}": query for n, query in enumerate(queries[at : at + BATCH])}
            answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
            answer.raise_for_status()
        took = time.perf_counter() - start
        used = processor(pid) - used
        print(
            f"{THOUSAND} names: {took:.2f} s by the clock (wanted {WANTED_SECONDS}), "
            f"{used:.2f} s of the server's processor time"
        )


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--store", type=Path)
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--port", type=int, default=8591)
    options = given.parse_args()
    names = labelled()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder) / "store"
        if options.store is None:
            build(store, Files(ROOT))
        recall(store, names)
        address = f"http://127.0.0.1:{options.port}"
        command = [str(BIN / "rskg"), "serve", "--store", str(store), "--port", str(options.port)]
        with (
            process(command, options.port) as (_, pid),
            httpx.Client(base_url=address, timeout=300) as client,
        ):
            speed(client, names, options.rounds, pid)


if __name__ == "__main__":
    main()
