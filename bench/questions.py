"""Every named question on the store of all files: the p95 and the slowest of them.

    python bench/questions.py [--rounds 5] [--store PATH]

Each question is asked on its defaults, in turn, round by round; the first round warms up. Its
time is the median of its rounds, evaluated and serialised as JSON in this process. Printed are
the p95 over all questions, against the 300 ms wanted, and the five slowest. Without `--store`
the files are built into a store that is thrown away.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from rskg.build import build
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.query import load_all
from rskg.store import Revisions

ROOT = Path(__file__).resolve().parent.parent
WANTED, MOST = 300, 1000


def measured(root: Path, files: Files, rounds: int) -> dict[str, float]:
    """The median milliseconds of each question, by its slug."""
    reader = Revisions(root, load_ontology(files.ontology).prefixes).open()
    queries = load_all(files.queries)
    taken: dict[str, list[float]] = {slug: [] for slug in queries}
    for turn in range(rounds + 1):
        for slug, query in queries.items():
            bindings = query.bindings({})
            begun = time.perf_counter()
            reader.answer(query.sparql, format_name="json", bindings=bindings)
            if turn:
                taken[slug].append(1000 * (time.perf_counter() - begun))
    return {slug: statistics.median(times) for slug, times in taken.items()}


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
        medians = measured(root, files, options.rounds)
    slowest = sorted(medians.items(), key=lambda each: -each[1])
    p95 = statistics.quantiles(medians.values(), n=20)[-1]
    print(f"\n{len(medians)} questions: p95 {p95:.0f} ms (at most {WANTED} wanted), ", end="")
    print(f"worst {slowest[0][1]:.0f} ms (at most {MOST} wanted)")
    for slug, milliseconds in slowest[:5]:
        print(f"  {milliseconds:6.0f} ms  {slug}")


if __name__ == "__main__":
    main()
