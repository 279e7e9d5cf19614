"""`rskg validate` beside the bare engine and pySHACL: whole processes, cold, side by side.

    python bench/validate.py [--sizes 10000,100000,1000000] [--rounds 3] [--peer 100000]

Two workloads: a synthetic one with 29 node shapes and 124 constraints, where its generator lies
beside the checkout (../shared/bench/shacl), and our own shapes on our own examples, multiplied.
pySHACL runs up to `--peer` triples. Every figure is a median; peak is the largest process. The
processor's time tells more than the wall's on a machine that does other things as well.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rskg import ontology, shapes
from rskg.namespaces import THING
from rskg.paths import Files
from rskg.syntax import parse, skolemise

ROOT = Path(__file__).resolve().parent.parent
GENERATOR = ROOT.parent / "shared" / "bench" / "shacl" / "gen.py"
#: What two things may not share: copies would break our shapes in every pair.
UNIQUE = "lei|dentifier|isoAlpha|m49|Match"
BARE = """
import sys, shacl
report = shacl.Shapes.from_file(sys.argv[1]).validate_file(sys.argv[2])
print(len(report.results))
"""
PEER = """
import logging, sys, pyshacl
from rdflib import Graph
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
data, rules = Graph().parse(sys.argv[2]), Graph().parse(sys.argv[1])
pyshacl.validate(data, shacl_graph=rules, inplace=True)
"""


class Run(NamedTuple):
    """Wall and processor time of a whole process in seconds, and its peak memory in MiB."""

    seconds: float
    cpu: float
    peak: float


def run(*command: str | Path) -> Run:
    start = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    cpu = used.ru_utime + used.ru_stime
    return Run(time.perf_counter() - start, cpu, used.ru_maxrss / 1024)


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


def workloads(size: int, folder: Path) -> Iterator[tuple[str, list[str | Path], Path, Path]]:
    """Name, arguments of ours; shapes and data for the others, which get the context beside."""
    if GENERATOR.exists():
        data = folder / "synthetic.nt"
        subprocess.run([sys.executable, GENERATOR, str(size), data], check=True, stderr=-3)
        rules = GENERATOR.with_name("shapes.ttl")
        yield "synthetic", [data, "--shapes", rules], rules, data
    data, rules, both = (folder / name for name in ("ours.nt", "shapes.nt", "both.nt"))
    ours(size, data)
    files = Files(ROOT)
    rules.write_text("".join(f"{t} .\n" for t in shapes.load([files.shapes]).triples))
    context = "".join(f"{t} .\n" for t in ontology.load(files.ontology).triples)
    both.write_text(data.read_text() + context)
    yield "ours", [data], rules, both


def main() -> None:
    """Print a table, a row a workload and size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", type=int, default=100_000)
    options = parser.parse_args()
    rskg = Path(sys.executable).with_name("rskg")
    print(
        "workload   triples    rskg s   cpu  MiB   bare s   cpu  MiB  ratio  (cpu)  pySHACL s times"
    )
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as name:
            for what, own, rules, data in workloads(size, Path(name)):
                pairs = [
                    (run(rskg, "validate", *own), run(sys.executable, "-c", BARE, rules, data))
                    for _ in range(options.rounds)
                ]
                mine, bare = (middle([pair[n] for pair in pairs]) for n in (0, 1))
                line = f"{what:10} {size:8,} "
                for each in (mine, bare):
                    line += f"{each.seconds:9.2f} {each.cpu:5.2f} {each.peak:4.0f}"
                line += f"{mine.seconds / bare.seconds:7.2f} {mine.cpu / bare.cpu:6.2f}"
                if size <= options.peer and what == "synthetic":
                    peer = run(sys.executable, "-c", PEER, rules, data)
                    line += f" {peer.seconds:10.1f} {peer.seconds / mine.seconds:5.0f}"
                print(line, flush=True)


def middle(runs: list[Run]) -> Run:
    """The median times, and the largest peak."""
    seconds, cpu, peak = zip(*runs, strict=True)
    return Run(statistics.median(seconds), statistics.median(cpu), max(peak))


if __name__ == "__main__":
    main()
