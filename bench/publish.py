"""What publishing a store in an engine costs: time, processors, and the memory it takes here.

    python bench/publish.py [--store DIR] [--engines oxigraph,virtuoso] [--connections 1,2]
                            [--rounds 1]

Each engine is started from nothing for each round and each number of connections, in turn, and the
newest revision of the store is published in it by a process of its own: built from the files here
where no store is given. Printed are its seconds by the clock and of processors, those of the
engine, and the most memory that each of the two held.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sizes import most_memory

from rskg.build import build
from rskg.paths import Files
from rskg.store import Revisions
from rskg.store.engines import Address, Engine, Login, profiles, publish, require_capable
from tests.engines import peers

ROOT = Path(__file__).resolve().parent.parent
#: Virtuoso gets memory for 170,000 pages of 8 kB, as in scale.py.
_STARTS = {"virtuoso": partial(peers.virtuoso, buffers=170_000), "oxigraph": peers.oxigraph}
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", type=Path, help="a store's folder, which is only read")
    asked.add_argument("--engines", default="oxigraph,virtuoso")
    asked.add_argument("--connections", default="1,2")
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.child:
        kind, address, connections = told.child
        _publish(told.store, kind, address, int(connections))
        return
    with tempfile.TemporaryDirectory() as name:
        store = told.store or Path(name) / "store"
        if told.store is None:
            build(store, Files(ROOT))
        titles = ("triples", "clock, s", "processors, s", "peak, MB", "engine, s", "engine, MB")
        print(f"{'engine':10}{'connections':>12}" + "".join(f"{title:>15}" for title in titles))
        for _ in range(told.rounds):
            for kind in told.engines.split(","):
                for connections in map(int, told.connections.split(",")):
                    with tempfile.TemporaryDirectory(dir=name) as folder:
                        row = _measured(store, kind, connections, Path(folder))
                    cells = "".join(f"{cell:>15,.0f}" for cell in row)
                    print(f"{kind:10}{connections:>12}{cells}", flush=True)


def _measured(store: Path, kind: str, connections: int, folder: Path) -> tuple[float, ...]:
    """Publish by another process; its figures, and the engine's."""
    with _STARTS[kind](folder / "engine") as peer:
        command = [sys.executable, __file__, "--store", str(store)]
        before, began = _used(peer.process.pid), time.perf_counter()
        told = subprocess.run(
            [*command, "--child", kind, peer.address, str(connections)],
            check=True,
            stdout=subprocess.PIPE,
            env=os.environ | peer.environment,
        )
        taken, used = time.perf_counter() - began, _used(peer.process.pid) - before
        triples, processor, peak = json.loads(told.stdout)
        return triples, taken, processor, peak, used, most_memory(peer.process.pid)


def _publish(store: Path, kind: str, address: str, connections: int) -> None:
    """The other process."""
    profile = replace(profiles()[kind], connections=connections)
    reader = Revisions(store).open()
    with closing(Engine(Address.of(address), profile, {}, Login.of_settings())) as engine:
        require_capable(engine)
        done = publish(reader, engine)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps([done.triples, time.process_time(), peak]))


def _used(pid: int) -> float:
    """Seconds of processors that a process used."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / _TICKS


if __name__ == "__main__":
    main()
