"""Which HTTP server carries the endpoint best: uvicorn, granian or hypercorn, side by side.

    python bench/http_servers.py [--triples 50000] [--seconds 2] [--rounds 4] [--port 8490]

Each runs the same app in one process, with uvloop; granian by its ASGI interface, because its own
ends a broken answer as if it were complete. Cached answers show the server alone.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from peers import BIN, process, triples
from wire import Load, load, ratio, requests

from queries import point
from rskg.store import Revisions, Workbench


def commands(port: int) -> dict[str, tuple[int, list[str]]]:
    """The command of each server, and its port."""
    app = ["endpoint_app:app", "--log-level", "error"]
    granian = ["--interface", "asgi", "--loop", "uvloop", "--port", str(port + 1)]
    hypercorn = ["--worker-class", "uvloop", "--bind", f"127.0.0.1:{port + 2}"]
    return {
        "uvicorn": (port, [f"{BIN}/uvicorn", *app, "--no-access-log", "--port", str(port)]),
        "granian": (port + 1, [f"{BIN}/granian", *app, *granian]),
        "hypercorn": (port + 2, [f"{BIN}/hypercorn", *app, *hypercorn]),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--triples", type=int, default=50_000)
    asked.add_argument("--seconds", type=float, default=2.0)
    asked.add_argument("--rounds", type=int, default=4)
    asked.add_argument("--port", type=int, default=8490)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        made = Workbench()
        made.add(triples(options.triples))
        Revisions(Path(name)).commit(made, "bench")
        os.environ |= {"RSKG_STORE": name, "PYTHONPATH": str(Path(__file__).parent)}
        rivals = commands(options.port)
        for port, command in rivals.values():
            stack.enter_context(process(command, port))
        for kind, different in (("cached", 20), ("not cached", 20_000)):
            sums = {rival: Load() for rival in rivals}
            rates: dict[str, list[float]] = {rival: [] for rival in rivals}
            for turn in range(options.rounds + 1):
                queries = [point(options.triples) for _ in range(different)]
                for rival, (port, _) in rivals.items():
                    done = load(port, requests("/sparql", queries), 8, options.seconds)
                    if turn:
                        sums[rival].plus(done)
                        rates[rival].append(done.rate)
            print(f"\npoint queries, {kind}, 8 connections")
            for rival, done in sums.items():
                part = ratio(rates[rival], rates["uvicorn"])
                print(f"  {rival:<10} {done.line()}  of uvicorn's: {part:.2f}")


if __name__ == "__main__":
    main()
