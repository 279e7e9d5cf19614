"""What a contribution costs, all in, in the full graph and in many times as much of it.

    python bench/difference.py [--times 10] [--commits 5] [--store DIR] [--folder DIR]

The graph is built from the files (or taken from --store). The larger one says everything so many
times over, each time of other things, what follows from it included, so that the vocabulary's
terms have so many times more edges. Contributions of 1,000 triples each, made of the examples, are
then accepted and withdrawn in both stores in turn, so that whatever else the machine does slows
both. Printed are processor time and time by the clock, in milliseconds, from the copy of the
revision to the published one.
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from blocks import Blocks

from rskg.build import build
from rskg.maintenance import maintain
from rskg.namespaces import THING, graph
from rskg.paths import Files
from rskg.reasoning import load_rulebook
from rskg.store import Draft, Reader, Revisions
from rskg.syntax import GRAPH_FORMATS, NamedNode, Triple, format_named, parse, skolemise

ROOT = Path(__file__).resolve().parent.parent
RULES = load_rulebook(ROOT / "ontology" / "rules")
EXAMPLES = [skolemise(parse(path)) for path in sorted((ROOT / "examples").glob("*/valid.ttl"))]
OWN = {triple.subject for example in EXAMPLES for triple in example}
TRIPLES = 1_000
CHUNK = 1 << 20
Change = Callable[[Draft], None]


def copies(path: Path, times: int, kinds: list[str]) -> Iterator[bytes]:
    """A file of N-Quads so many times over, the second time of other things than the first."""
    things = "|".join(map(re.escape, kinds))
    thing = re.compile(f"(<{re.escape(THING)}(?:{things})/[^>]*)>".encode())
    for copy in range(times):
        name = rb"\1>" if not copy else rb"\1-copy%d>" % copy
        with path.open("rb") as file:
            while found := file.readlines(CHUNK):
                yield thing.sub(name, b"".join(found))


def written(reader: Reader, path: Path) -> list[str]:
    """Write every quad, and say of which kinds the things are that the vocabulary doesn't name."""
    kinds: set[str] = set()
    terms: set[str] = set()
    ontology = NamedNode(graph("ontology"))
    with path.open("wb") as file:
        for quad in reader.quads():
            file.write(f"{quad} .\n".encode())
            name = getattr(quad.subject, "value", "")
            if name.startswith(THING):
                kind = name[len(THING) :].split("/")[0]
                (terms if quad.graph_name == ontology else kinds).add(kind)
    return sorted(kinds - terms)


def larger(folder: Path, lines: Path, times: int, kinds: list[str]) -> Revisions:
    form = format_named("nq", GRAPH_FORMATS)
    assert form
    revisions = Revisions(folder)
    source = io.BufferedReader(Blocks(copies(lines, times, kinds)), CHUNK)
    started = time.perf_counter()
    revisions.amend(lambda draft: draft.load(source, form), f"{times} times")
    size = revisions.open().size()
    took = time.perf_counter() - started
    print(f"{times:>3} times: {size:,} triples by default, loaded in {took:.0f} s", flush=True)

    def count(draft: Draft) -> None:
        draft.triples = size

    revisions.amend(count, "counted")
    return revisions


def contribution(turn: int) -> list[Triple]:
    """The examples about other things, as often as it takes."""
    told: dict[Triple, None] = {}
    again = 0
    while len(told) < TRIPLES:
        for example in EXAMPLES:
            told |= dict.fromkeys(_about(t, f"-bench{turn}-{again}") for t in example)
        again += 1
    return list(told)[:TRIPLES]


def _about(triple: Triple, suffix: str) -> Triple:
    def other(term: object) -> object:
        return NamedNode(term.value + suffix) if term in OWN else term  # type: ignore[attr-defined]

    return Triple(other(triple.subject), triple.predicate, other(triple.object))  # type: ignore


def timed(revisions: Revisions, change: Change) -> tuple[float, float]:
    clock, work = time.perf_counter(), time.process_time()
    revisions.amend(change, "bench")
    return (time.process_time() - work) * 1000, (time.perf_counter() - clock) * 1000


def changes(turn: int) -> list[tuple[str, Change]]:
    name, told = graph(f"contribution/bench-{turn}"), contribution(turn)

    def accept(draft: Draft) -> None:
        assert not maintain(draft, RULES, added={name: told}).whole

    def withdraw(draft: Draft) -> None:
        assert not maintain(draft, RULES, removed={name: told}).whole

    return [("accept", accept), ("withdraw", withdraw)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=10)
    asked.add_argument("--commits", type=int, default=5)
    asked.add_argument("--store", type=Path, help="a built store, only read")
    asked.add_argument("--folder", type=Path, help="where the stores go (default: temporary)")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        folder = Path(temporary)
        built = options.store or folder / "built"
        if options.store is None:
            build(built, Files(ROOT))
        kinds = written(Revisions(built).open(), folder / "lines.nq")
        stores = {
            n: larger(folder / f"{n}", folder / "lines.nq", n, kinds) for n in (1, options.times)
        }
        taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
        for turn in range(options.commits + 1):
            for word, change in changes(turn):
                for times, store in stores.items():
                    figures = timed(store, change)
                    if turn:  # the first one compiles the rules
                        taken.setdefault((word, times), []).append(figures)
        print(f"median of {options.commits} commits of {TRIPLES:,} triples, in ms:")
        print(f"{'':>10} {'graph':>9} {'processor':>10} {'clock':>7}")
        for (word, times), each in taken.items():
            work, clock = (statistics.median(side) for side in zip(*each, strict=True))
            print(f"{word:>10} {times:>7} x {work:>10.0f} {clock:>7.0f}")
        for word in ("accept", "withdraw"):
            one, many = (
                statistics.median(work for work, _ in taken[word, times]) for times in stores
            )
            print(f"{word}: {options.times} x / 1 x = {many / one:.2f} (at most 1.5 wanted)")


if __name__ == "__main__":
    main()
