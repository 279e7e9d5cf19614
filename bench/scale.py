"""The real graph at 1, 10 or 50 million triples, on the embedded store and on other engines.

    python bench/scale.py [--sizes 1,10] [--engines embedded,virtuoso] [--rounds 3] [--commits 10]
                          [--gate-to 10] [--folder DIR] [--write]

The files' things are told again, of fresh IRIs, until it comes to so many million triples
(multiply.py); a sample of each dataset's copies is checked by the shapes. Up to --gate-to millions
the embedded store is made by `rskg build`, with the whole gate and all rules; above, the copies
are loaded into the smallest store beside what was entailed. Engines get it by `publish`.

Printed are, for each engine and size: what its making took and the most memory in it, the memory
that it keeps with no query running, the p50 and p95 over all questions of the best of their rounds
(on their defaults, size by size in turn; of the embedded store the p95 also in processor time,
which a busy machine changes less), and what a commit of 1,000 triples costs, sizes in turn.
Then come the questions that grow faster than what they ask about. With --folder stores and figures
are kept, so that a longer run goes on where one ended; --write puts table and picture into
README.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from growth import write
from multiply import Multiplied
from sizes import Kept, build, check, enlarge, most_memory, resident

from rskg.errors import BudgetExceeded, EndpointFailed
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.query import Query, load_all
from rskg.store import Draft, Reader, Revisions
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.engines import Engine, connected, publish
from rskg.store.engines.engine import MERGED
from rskg.syntax import Literal, NamedNode, Triple
from tests.endpoint.processes import served
from tests.engines import peers

ROOT = Path(__file__).resolve().parent.parent
TRIPLES = 1_000
WANTED = {"p95": 1000, "commit": 1.5, "resident": 500}
#: Faster than its data grows a question whose time grows by more than this of the things' growth.
FASTER = 1.5
_NOT_BELOW = 50.0
_BUDGET = Budget(seconds=120.0, size=500_000_000)
#: Virtuoso gets memory for 170,000 pages of 8 kB; with the few of the tests it would read its disk.
_STARTS = {"virtuoso": partial(peers.virtuoso, buffers=170_000), "oxigraph": peers.oxigraph}


@dataclass
class Place:
    """One size on one engine: how it is asked, and how 1,000 triples are committed."""

    engine: str
    millions: float
    ask: Callable[[Query], object]
    commit: Callable[[Sequence[Triple], str], None]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="1,10", help="millions of triples, comma between")
    asked.add_argument("--engines", default="embedded,virtuoso")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--commits", type=int, default=10)
    asked.add_argument("--gate-to", type=float, default=10, metavar="MILLIONS")
    asked.add_argument("--folder", type=Path, help="where stores and figures are kept")
    asked.add_argument("--write", action="store_true", help="into bench/README.md")
    told = asked.parse_args()
    sizes = sorted(float(size) for size in told.sizes.split(","))
    with tempfile.TemporaryDirectory() as name:
        folder = told.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        kept = Kept(folder / "figures.json")
        stores = embedded(folder, sizes, told.gate_to, kept)
        for engine in told.engines.split(","):
            with ExitStack() as opened:
                places = [
                    opened.enter_context(place(engine, size, stores[size], folder, kept))
                    for size in sizes
                ]
                questions(places, told.rounds, kept)
                commits(places, told.commits, kept)
        print(kept.table())
        print(held(kept, sizes))
        print(faster(kept, sizes, told.engines.split(",")))
        if told.write:
            write(ROOT / "bench", kept)


def embedded(folder: Path, sizes: Sequence[float], gate_to: float, kept: Kept) -> dict[float, Path]:
    """The embedded store of each size, made unless the folder has it, and served for a moment."""
    files = Multiplied(Files(ROOT), folder / "facts")
    stores: dict[float, Path] = {}
    for size in sizes:
        copies = files.copies(int(size * 1e6))
        stores[size] = store = folder / f"store-{copies}"
        if not (store / "revisions").is_dir():
            check(files, copies)
            if size <= gate_to or not stores:
                cost = build(files, copies, store)
            else:
                cost = enlarge(files, copies, stores[sizes[0]], store)
            kept.put("embedded", size, made=cost.seconds, processor=cost.processor, peak=cost.peak)
        reader = Revisions(store).open()
        kept.put("embedded", size, triples=reader.size(), quads=reader.count(), copies=copies)
        with served(store, folder / "serve.log") as server:
            kept.put("embedded", size, resident=resident(server.pid))
    return stores


@contextmanager
def place(engine: str, size: float, store: Path, folder: Path, kept: Kept) -> Iterator[Place]:
    """An engine that holds this size, running."""
    prefixes = load_ontology(Files(ROOT).ontology).prefixes
    revisions = Revisions(store, prefixes)
    reader = revisions.open()
    if engine == "embedded":
        yield Place(engine, size, partial(_ask_here, reader), partial(_commit_here, revisions))
        revisions.rollback(reader.number)  # the next run asks what was built, too
        return
    started = time.perf_counter()
    with (
        _STARTS[engine](folder / f"{engine}-{size:g}") as peer,
        connected(peer.address, prefixes, peer.login) as there,
    ):
        done = publish(reader, there, lambda *told: print("  ", engine, *told, flush=True))
        if done.loaded:
            kept.put(engine, size, triples=reader.size(), quads=done.triples)
            kept.put(engine, size, made=time.perf_counter() - started)
            kept.put(engine, size, peak=most_memory(peer.process.pid))
        kept.put(engine, size, resident=resident(peer.process.pid))
        yield Place(engine, size, partial(_ask_there, there), partial(_commit_there, there))


def questions(places: Sequence[Place], rounds: int, kept: Kept) -> None:
    """Ask each of all questions of every size in turn; the first round warms up."""
    best: dict[tuple[float, str], tuple[float, float]] = {}
    failed: set[tuple[float, str]] = set()
    for turn in range(rounds + 1):
        for slug, query in load_all(Files(ROOT).queries).items():
            for one in places:
                key = one.millions, slug
                if key in failed:
                    continue
                taken = _taken(one, query)
                if taken is None:
                    failed.add(key)
                elif turn:
                    before = best.get(key, taken)
                    best[key] = min(before[0], taken[0]), min(before[1], taken[1])
    for one in places:
        mine = {slug: each for (size, slug), each in best.items() if size == one.millions}
        kept.put(one.engine, one.millions, failed=sum(size == one.millions for size, _ in failed))
        _keep(one, mine, kept)


def _keep(one: Place, mine: Mapping[str, tuple[float, float]], kept: Kept) -> None:
    every, used = zip(*mine.values(), strict=True)
    kept.put(one.engine, one.millions, p50=statistics.median(every), worst=max(every))
    kept.put(one.engine, one.millions, p95=statistics.quantiles(every, n=20)[-1])
    times = {slug: taken for slug, (taken, _) in mine.items()}
    kept.put(one.engine, one.millions, questions=times)
    if one.engine == "embedded":  # which is asked in this process
        kept.put(one.engine, one.millions, used=statistics.quantiles(used, n=20)[-1])


def _taken(one: Place, query: Query) -> tuple[float, float] | None:
    """Milliseconds by the clock and of processors here; None, and said, where it fails."""
    began, used = time.perf_counter(), time.process_time()
    try:
        one.ask(query)
    except (EndpointFailed, BudgetExceeded) as error:
        print(f"   {one.engine} {one.millions:g} M {query.slug}: {error}", flush=True)
        return None
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used)


def commits(places: Sequence[Place], number: int, kept: Kept) -> None:
    """Commit 1,000 triples to every size in turn; the first turn warms up."""
    taken: dict[float, list[float]] = {one.millions: [] for one in places}
    for turn in range(number + 1):
        graph = f"http://example.org/graph/{time.time_ns()}"
        triples = [
            Triple(
                NamedNode(f"{graph}/{n // 10}"),
                NamedNode(f"http://example.org/p{n % 10}"),
                Literal(f"value {n}"),
            )
            for n in range(TRIPLES)
        ]
        for one in places:
            began = time.perf_counter()
            one.commit(triples, graph)
            if turn:
                taken[one.millions].append(1000 * (time.perf_counter() - began))
    for one in places:
        kept.put(one.engine, one.millions, commit=statistics.median(taken[one.millions]))


def held(kept: Kept, sizes: Sequence[float]) -> str:
    """The embedded store's lines to hold at the largest size, against the smallest."""
    small, large = kept.of("embedded", sizes[0]), kept.of("embedded", sizes[-1])
    ratio = float(large["commit"]) / float(small["commit"])
    return (
        f"embedded, {sizes[-1]:g} M: questions' p95 {large['p95']:.0f} ms (at most "
        f"{WANTED['p95']} wanted; of a processor {large['used']:.0f} ms), commit {ratio:.2f} x "
        f"that at {sizes[0]:g} M (at most {WANTED['commit']}), serving at rest "
        f"{large['resident']:.0f} MB (at most {WANTED['resident']})"
    )


def faster(kept: Kept, sizes: Sequence[float], engines: Sequence[str]) -> str:
    """The questions whose time grew by more than the things did that they ask about.

    Things grow faster than triples do, since what is shared is told once.
    """
    first, last = kept.of("embedded", sizes[0]), kept.of("embedded", sizes[-1])
    grown = float(last["copies"]) / float(first["copies"])
    lines = []
    for engine in engines:
        small, large = kept.of(engine, sizes[0]), kept.of(engine, sizes[-1])
        before: Mapping[str, float] = small["questions"]
        times = {
            slug: taken / before[slug]
            for slug, taken in large["questions"].items()
            if taken > _NOT_BELOW and slug in before
        }
        grew = {slug: by for slug, by in times.items() if by > FASTER * grown}
        lines.append(f"{engine}: {len(grew)} questions grew more than {FASTER} x {grown:.1f}")
        lines += [
            f"  {before[slug]:.0f} ms to {large['questions'][slug]:.0f}, {by:.0f} x: {slug}"
            for slug, by in sorted(grew.items(), key=lambda pair: -pair[1])
        ]
    return "\n".join(lines)


def _ask_here(reader: Reader, query: Query) -> object:
    return reader.answer(query.sparql, format_name="json", bindings=query.bindings({}))


def _ask_there(engine: Engine, query: Query) -> object:
    bindings = tuple(query.bindings({}).items())
    return engine.answer(Ask(query.sparql, format_name="json", bindings=bindings), _BUDGET)


def _commit_here(revisions: Revisions, triples: Sequence[Triple], graph: str) -> None:
    def change(draft: Draft) -> None:
        draft.add(triples, graph)
        draft.add(triples)

    revisions.amend(change, "bench")


def _commit_there(engine: Engine, triples: Sequence[Triple], graph: str) -> None:
    lines = "".join(f"{triple} .\n" for triple in triples).encode()
    engine.load(graph, lines)
    if engine.profile.default_graph == "union":
        engine.load(MERGED, lines)
    else:
        told = " ".join(f"{triple} ." for triple in triples)
        engine.update(f"INSERT DATA {{ {told} }}")


if __name__ == "__main__":
    main()
