"""What a build costs: everything anew, the same again, and without the open datasets.

    python bench/build.py [--rounds 1] [--folder DIR]

Each build is a process of its own, so that its memory is its own. Printed are seconds by the
clock, seconds of processor time and the most memory at one time. Where other things run, only the
processor time says anything.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rskg.dataset import load_all
from rskg.paths import installed

START = "from rskg.cli import main; main()"


@dataclass(frozen=True)
class Cost:
    """What one process used: seconds by the clock, of processors, and bytes."""

    wall: float
    processor: float
    memory: int


def main() -> None:
    """Build as often as asked, and print the middle one of each kind."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--folder", type=Path, help="where the stores go (they are removed)")
    told = asked.parse_args()
    opened = [each.slug for each in load_all(installed().data) if not each.entailed]
    left_out = [word for slug in opened for word in ("--without", slug)]
    costs: dict[str, list[Cost]] = {"everything": [], "the same again": [], "our own facts": []}
    for _ in range(told.rounds):
        with tempfile.TemporaryDirectory(dir=told.folder) as folder:
            whole, own = Path(folder) / "whole", Path(folder) / "own"
            costs["everything"].append(build(whole))
            costs["the same again"].append(build(whole))
            costs["our own facts"].append(build(own, *left_out))
    print(f"{'rskg build':16} {'clock':>9} {'processor':>11} {'memory':>9}")
    for name, each in costs.items():
        one = sorted(each, key=lambda cost: cost.processor)[len(each) // 2]
        size = f"{one.memory / 1e6:.0f} MB"
        print(f"{name:16} {one.wall:7.1f} s {one.processor:9.1f} s {size:>9}")


def build(store: Path, *options: str) -> Cost:
    """What `rskg build` of this process's files costs; ends the bench when it fails."""
    command = [sys.executable, "-c", START, "build", "--store", str(store), *options]
    began = time.monotonic()
    quiet = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_WRONLY, 0) for descriptor in (1, 2)]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    if status:
        raise SystemExit(f"the build failed: {' '.join(command)}")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


if __name__ == "__main__":
    main()
