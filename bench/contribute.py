"""What a contribution of 1,000 triples costs over HTTP, from its sending until a query sees it.

    python bench/contribute.py [--commits 5] [--store DIR] [--few]

The store is built from the files (or copied from --store; --few builds from the countries alone).
Printed are time by the clock and processor time of all processes involved, in milliseconds, the
first contribution apart. The server has partners when it starts, and is left alone until it has
nothing more to do: the process at which contributions arrive is then ready. With --at-once the
first one is sent as soon as the server answers, and waits for that process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx

from rskg.build import build
from rskg.paths import Files
from tests.endpoint.contributing import PREFIXES, Partner, ask, partner, server, small_files

ROOT = Path(__file__).resolve().parent.parent
SITES = 143  # of seven triples each
TICK = os.sysconf("SC_CLK_TCK")


def document(turn: int) -> str:
    lines = (
        f'site:bench-{turn}-{n} a rskg:Site ; rdfs:label "Bench {turn} {n}"@en ; '
        f"rskg:locatedIn country:CL . statement:bench-{turn}-{n} a rskg:Statement ; "
        f"rskg:states site:bench-{turn}-{n} ; dcterms:source <https://acme.example/{n}> ; "
        "rskg:confidence confidence:high .\n"
        for n in range(SITES)
    )
    return PREFIXES + "".join(lines)


def spent(pid: int) -> float:
    """Seconds of processor time of a process and all below it, the ended ones too."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(child) for path in children for child in path.read_text().split()]
    return sum(int(each) for each in told[11:15]) / TICK + sum(map(spent, below))


def at_rest(pid: int) -> None:
    """Wait until the processes have used next to nothing for two seconds."""
    before = -1.0
    while (now := spent(pid)) - before > 0.05:
        before = now
        time.sleep(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=5)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--at-once", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, files = Path(folder) / "store", Files(ROOT)
        if asked.few:
            (Path(folder) / "files").mkdir()
            files = small_files(files, Path(folder) / "files")
        if asked.store:
            shutil.copytree(asked.store, store)
        else:
            build(store, files)
        clock, processor = [], []
        token = partner(httpx.Client(), store, "bench-sites").token
        with server(store, files) as (process, client):
            one = Partner(client, "bench-sites", token)
            if not asked.at_once:
                at_rest(process.pid)
            for turn in range(asked.commits + 1):
                begun, used = time.perf_counter(), spent(process.pid)
                answer = one.post(document(turn))
                assert answer.status_code == 201, answer.text
                assert ask(client, f"ASK {{ site:bench-{turn}-{SITES - 1} a rskg:Site }}")
                clock.append(1000 * (time.perf_counter() - begun))
                processor.append(1000 * (spent(process.pid) - used))
    print(f"first: {clock[0]:,.0f} ms by the clock, {processor[0]:,.0f} ms of processor time")
    print(
        f"then, median of {asked.commits}: {statistics.median(clock[1:]):,.0f} ms by the clock, "
        f"{statistics.median(processor[1:]):,.0f} ms of processor time"
    )


if __name__ == "__main__":
    main()
