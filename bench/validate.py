"""`rskg validate` beside the bare engine and other engines: whole processes, cold, side by side.

    python bench/validate.py [--sizes 10000,100000,1000000] [--rounds 3] [--peer 100000]

Two workloads: a synthetic one with 29 node shapes and 124 constraints, where its generator lies
beside the checkout (../shared/bench/shacl), and our own shapes on our own examples, multiplied.
Of both, ours and the bare engine take turns; times are medians, peak is the largest process. `bare`
and `synthetic` are how many times as long it takes as the bare engine with the same data, and as
ours with as many synthetic triples, each by the clock and by processor time, which tells more on a
machine that does other things as well. The slower engines run once, up to `--peer` triples. Last,
all tables and documents of data/.
"""

from __future__ import annotations

import argparse
import compileall
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from rskg import ontology, shapes
from rskg.namespaces import THING
from rskg.paths import Files
from rskg.syntax import parse, skolemise

ROOT = Path(__file__).resolve().parent.parent
RSKG = Path(sys.executable).with_name("rskg")
GENERATOR = ROOT.parent / "shared" / "bench" / "shacl" / "gen.py"
#: What two things may not share: copies would break our shapes in every pair.
UNIQUE = "lei|dentifier|isoAlpha|m49|Match"
BARE = """
import sys, shacl
report = shacl.Shapes.from_file(sys.argv[1]).validate_file(sys.argv[2])
print(len(report.results))
"""
#: Other engines: what runs them, and whether at any size.
PEERS = {
    "shacl-rust": (
        True,
        """
import sys, shacl_rust
shacl_rust.validate_file(sys.argv[2], sys.argv[1], experimental_index=True)
""",
    ),
    "pyshifty": (
        False,
        """
import sys, shifty
from pathlib import Path
rules, data = map(Path, sys.argv[1:])
shifty.validate_algebra(data, rules, graph_mode="data", infer=False)
""",
    ),
    "pyshacl-turbo": (
        False,
        """
import logging, sys, pyshacl_turbo
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
pyshacl_turbo.validate(sys.argv[2], shacl_graph=sys.argv[1])
""",
    ),
    "pySHACL": (
        False,
        """
import logging, sys, pyshacl
from rdflib import Graph
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
data, rules = Graph().parse(sys.argv[2]), Graph().parse(sys.argv[1])
pyshacl.validate(data, shacl_graph=rules, inplace=True)
""",
    ),
}


class Run(NamedTuple):
    """Wall and processor time of a whole process in seconds, its peak memory in MiB, and whether
    it ended otherwise than with a report.
    """

    seconds: float
    cpu: float
    peak: float
    failed: bool


def run(*command: str | Path) -> Run:
    start = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    seconds = time.perf_counter() - start
    good = (0, 1) if command[0] == RSKG else (0,)  # only ours ends with 1 where there are results
    return Run(seconds, cpu, used.ru_maxrss / 1024, process.returncode not in good)


def ours(size: int, path: Path) -> None:
    """Our valid examples, copied under other names until there are enough triples."""
    files = Files(ROOT)
    known = {str(triple.subject) for triple in ontology.load(files.ontology).triples}
    lines = [
        f"{triple} .\n"
        for example in sorted(files.examples.glob("[!m]*/valid.ttl"))
        for triple in skolemise(parse(example))
        if not re.search(UNIQUE, str(triple.predicate))
    ]
    text = "".join(dict.fromkeys(lines))
    mine = {iri for iri in re.findall(rf"<{THING}[^>]*>", text) if iri not in known}
    names = re.compile("|".join(re.escape(iri) for iri in sorted(mine, key=len, reverse=True)))
    with path.open("w", encoding="utf-8") as file:
        for copy in range(max(1, size // text.count("\n"))):
            file.write(names.sub(lambda found, n=copy: f"{found[0][:-1]}-{n}>", text))  # type: ignore[misc]


class Work(NamedTuple):
    """A workload: arguments of ours; shapes and data for the others, with the context beside."""

    name: str
    own: list[str | Path]
    rules: Path
    data: Path


def workloads(size: int, folder: Path) -> list[Work]:
    """Written by another process: a child's peak memory counts its parent's at the fork, so this
    one stays small.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as writer:
        return writer.submit(written, size, folder).result()


def written(size: int, folder: Path) -> list[Work]:
    works = []
    if GENERATOR.exists():
        data = folder / "synthetic.nt"
        subprocess.run([sys.executable, GENERATOR, str(size), data], check=True, stderr=-3)
        rules = GENERATOR.with_name("shapes.ttl")
        works.append(Work("synthetic", [data, "--shapes", rules], rules, data))
    data, rules, both = (folder / name for name in ("ours.nt", "shapes.nt", "both.nt"))
    ours(size, data)
    files = Files(ROOT)
    rules.write_text("".join(f"{t} .\n" for t in shapes.load([files.shapes]).triples))
    context = "".join(f"{t} .\n" for t in ontology.load(files.ontology).triples)
    both.write_text(data.read_text() + context)
    works.append(Work("ours", [data], rules, both))
    return works


def measured(size: int, folder: Path, rounds: int, peer: int) -> None:
    """Print the rows of one size: each round goes to all, one after the other."""
    works = workloads(size, folder)
    runs: dict[tuple[str, str], list[Run]] = {}
    for _ in range(rounds):
        for work in works:
            bare = run(sys.executable, "-c", BARE, work.rules, work.data)
            runs.setdefault((work.name, "bare engine"), []).append(bare)
            runs.setdefault((work.name, "rskg"), []).append(run(RSKG, "validate", *work.own))
    found = {key: middle(each) for key, each in runs.items()}
    for work in works:
        bare, mine = found[work.name, "bare engine"], found[work.name, "rskg"]
        told(work.name, size, "bare engine", bare)
        synthetic = found.get(("synthetic", "rskg"), mine)
        beside = {"bare": times(mine, bare)}
        if work.name != "synthetic":
            beside["synthetic"] = times(mine, synthetic)
        told(work.name, size, "rskg", mine, **beside)
        for name, (any_size, program) in PEERS.items() if work.name == "synthetic" else ():
            if any_size or size <= peer:
                other = run(sys.executable, "-c", program, work.rules, work.data)
                told(work.name, size, name, other, bare=times(other, bare), rskg=times(other, mine))


def told(workload: str, size: int | str, engine: str, one: Run, **beside: str) -> None:
    known = size if isinstance(size, str) else f"{size:,}"
    line = (
        f"{workload:10} {known:>9}  {engine:13} {one.seconds:8.2f} {one.cpu:8.2f} {one.peak:6.0f}"
    )
    if one.failed:
        line += "  failed"
    print(line, *(f"  {name} x {ratio}" for name, ratio in beside.items()), flush=True)


def times(one: Run, other: Run) -> str:
    return f"{one.seconds / other.seconds:.2f} ({one.cpu / other.cpu:.2f})"


def main() -> None:
    """Print a table, a row a workload, size and engine."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", type=int, default=100_000)
    parser.add_argument("--no-data", action="store_true", help="leave out data/")
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "rskg", quiet=1)  # as an installed wheel is
    print("workload     triples  engine          wall s    cpu s    MiB  times by the clock (cpu)")
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as name:
            measured(size, Path(name), options.rounds, options.peer)
    if not options.no_data:
        told("data/", "", "rskg", run(RSKG, "validate", ROOT / "data"))


def middle(runs: list[Run]) -> Run:
    """The median times, and the largest peak."""
    seconds, cpu, peak, failed = zip(*runs, strict=True)
    return Run(statistics.median(seconds), statistics.median(cpu), max(peak), any(failed))


if __name__ == "__main__":
    main()
