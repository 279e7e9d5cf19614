"""Every named question on the store of all files: the p95 and the slowest of them.

    python bench/questions.py [--rounds 5] [--store PATH]

Each question is asked on its defaults, in turn, round by round; the first round warms up. It is
evaluated and serialised as JSON in this process, and timed by the clock and by the processor time
of the process, which other work on the machine lengthens less. Printed are the p95 over all
questions of the medians and of the best of their rounds, against the 300 ms wanted, and the five
slowest. Without `--store` the files are built into a store that is thrown away.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rskg.build import build
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.query import load_all
from rskg.store import Revisions

ROOT = Path(__file__).resolve().parent.parent
WANTED, MOST = 300, 1000


@dataclass
class Taken:
    """The milliseconds of one question, a round each: by the clock and by the processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def measured(root: Path, files: Files, rounds: int) -> dict[str, Taken]:
    """What each question took, by its slug."""
    reader = Revisions(root, load_ontology(files.ontology).prefixes).open()
    queries = load_all(files.queries)
    taken = {slug: Taken() for slug in queries}
    for turn in range(rounds + 1):
        for slug, query in queries.items():
            bindings = query.bindings({})
            begun, used = time.perf_counter(), time.process_time()
            reader.answer(query.sparql, format_name="json", bindings=bindings)
            if turn:
                taken[slug].processor.append(1000 * (time.process_time() - used))
                taken[slug].clock.append(1000 * (time.perf_counter() - begun))
    return taken


def line(name: str, milliseconds: Iterable[float]) -> str:
    """The p95 and the worst of the questions."""
    every = sorted(milliseconds)
    p95 = statistics.quantiles(every, n=20)[-1]
    return f"  {name:<30} p95 {p95:5.0f} ms   worst {every[-1]:5.0f} ms"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--store", type=Path)
    options = asked.parse_args()
    files = Files(ROOT)
    with tempfile.TemporaryDirectory() as name:
        root = options.store or Path(name) / "store"
        if not options.store:
            build(root, files)
        taken = measured(root, files, options.rounds)
    print(f"\n{len(taken)} questions, p95 at most {WANTED} ms and worst at most {MOST} ms wanted")
    print(line("clock, median of the rounds", map(statistics.median, clocks(taken))))
    print(line("clock, best of the rounds", map(min, clocks(taken))))
    print(line("processor, best of the rounds", (min(each.processor) for each in taken.values())))
    for slug, each in sorted(taken.items(), key=lambda pair: -min(pair[1].clock))[:5]:
        print(f"  {min(each.clock):6.0f} ms, of the processor {min(each.processor):4.0f}  {slug}")


def clocks(taken: Mapping[str, Taken]) -> list[list[float]]:
    """The rounds of every question, by the clock."""
    return [each.clock for each in taken.values()]


if __name__ == "__main__":
    main()
