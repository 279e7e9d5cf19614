"""How long a server takes to answer over an existing store: rskg and native Oxigraph, in turn.

    python bench/start.py [--triples 200000] [--rounds 7] [--port 8690]

From the start of the process until it answers a query, and rskg says that it is ready. Printed
are medians: seconds by the clock, and seconds of processor time, of all processes, until then.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from peers import Server, answers, native, ours, process, stores

WANTED = 1.0


@dataclass
class Starts:
    """What the starts of a server took: by the clock, and of the processors."""

    seconds: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def line(self) -> str:
        """The medians, and the worst by the clock."""
        return (
            f"{statistics.median(self.seconds):.2f} s (worst {max(self.seconds):.2f}), "
            f"processor time {statistics.median(self.spent):.2f} s"
        )


def ready(port: int) -> bool:
    """Whether rskg answers a query, and says that it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=30) as told:
            return told.status == 200 and answers(port)
    except (urllib.error.HTTPError, OSError):
        return False


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--triples", type=int, default=200_000)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--port", type=int, default=8690)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stores(folder, options.triples)
        rivals = {
            "rskg": (ours(folder, options.port), options.port, ready),
            "native": (native(folder, options.port + 1), options.port + 1, answers),
        }
        starts = {rival: Starts() for rival in rivals}
        for turn in range(options.rounds + 1):
            for rival, (command, port, there) in rivals.items():
                with process(command, port, there) as (seconds, pid):
                    spent = sum(Server(rival, port, "", pid).spent())
                if turn:  # the first round reads the files from disk
                    starts[rival].seconds.append(seconds)
                    starts[rival].spent.append(spent)
                time.sleep(0.2)
    print("\nstart on an existing store, until it answers")
    for rival, taken in starts.items():
        print(f"  {rival:<8} {taken.line()}")
    print(f"  rskg: at most {WANTED:g} s wanted")


if __name__ == "__main__":
    main()
