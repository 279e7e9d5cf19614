"""Files → revision: parse, map, validate, load, merge, close, describe, publish.

Anything that fails before the last step leaves the store as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rskg import gate, mapping, provenance, reasoning, statistics
from rskg.cache import Cache, key, key_of
from rskg.check import limits_of_settings
from rskg.contribution import again
from rskg.contribution.again import Taken
from rskg.contribution.judging import Library
from rskg.namespaces import graph
from rskg.paths import Files
from rskg.source import Source, Told, read, tell
from rskg.store import ENGINE, Heap, Layer, Reader, Revisions, Row, Workbench, heap, lay
from rskg.syntax import NT, Triple, parse_bytes, sorted_lines

#: Told after each step: its name, and what came of it.
Progress = Callable[[str, str], None]
STEPS = ("read", "map", "validate", "load", "close", "contributions", "describe", "publish")


def build(
    root: Path, files: Files, *, without: Sequence[str] = (), progress: Progress = lambda *_: None
) -> int:
    """Make the next revision of the store under `root`; returns its number.

    Raises InputError (what can't be read, and where), DataInvalid (a sentence a result),
    ContradictionError or StoreError.
    """
    revisions = Revisions(root)
    revisions.require("built")
    revisions.require_writable()
    kept = Cache(root / "cache" / "facts")
    source = read(files, without)
    progress(
        "read", f"{len(source.ontology.documents)} ontology files, {len(source.datasets)} datasets"
    )
    first = again.take(revisions)
    taken = first.without({})
    taken.require_apart([each.slug for each in source.datasets])
    told = tell(source, kept)
    progress("map", f"{told.size():,} triples")
    layer = _layer(told)
    with ThreadPoolExecutor(1) as aside:
        # the engine lays while we check: it lets other threads run
        laid = aside.submit(lay, root / "cache", layer)
        progress("validate", gate.check(source, told, kept, partial(_newest, revisions)))
        bench = _loaded(source, told, taken)
        progress("load", f"{bench.size():,} distinct triples to reason with")
        closed = close(bench, source)
        if closed.wrong:
            taken = again.without_contradictions(
                taken, closed.wrong, lambda some: close(_loaded(source, told, some), source).wrong
            )
            bench = _loaded(source, told, taken)
            closed = close(bench, source)
        progress("close", str(closed))
    with heap(root, laid.result(), source.ontology.prefixes) as pile:
        pile.take(bench)
        bench.add(_dumps(pile, source, kept), graph("provenance"))
        pile.add(bench.graph(graph("provenance")), graph("provenance"))
        library = Library(files)
        progress("contributions", _contributed(root, taken, library, pile, kept))
        counted = kept.get(
            key("counted", layer.key, *statistics.QUERIES, key_of(map(str, bench.quads()))),
            lambda: sorted_lines(statistics.describe(pile.construct)),
        )
        pile.add(parse_bytes(counted, NT), graph("statistics"))
        verdicts = _as_text(pile.select(statistics.VERDICTS))
        matches = ", ".join(f"{int(row['n']):,} {row['verdict']}" for row in verdicts) or "none"
        told_of = f"{pile.size():,} distinct triples, provenance, questions, VoID"
        progress("describe", f"{told_of}; matches: {matches}")
        revisions.begin("built")
        warn = partial(progress, "contributions")
        catch_up = again.catching_up(revisions, first, taken, library, warn)
        number = revisions.commit(pile, "build from files", catch_up)
    kept.forget_others()
    progress("publish", f"revision {number}")
    return number


def load(bench: Workbench, source: Source, told: Told, taken: Taken) -> None:
    """Put every graph that is reasoned with on the workbench, and their merge by default."""
    bench.add(source.ontology.triples, graph("ontology"))
    bench.add(source.ontology.triples)
    for each in source.datasets:
        if each.entailed:
            bench.add(told.entailed[each.slug], each.graph)
            bench.add(told.entailed[each.slug])
    for name, triples in taken.graphs.items():
        bench.add(triples, name)
        bench.add(triples)
    bench.add(taken.provenance, graph("provenance"))
    bench.add(source.shapes.published, graph("shapes"))
    bench.add(source.executables, graph("queries"))
    origin = provenance.describe(
        source.datasets, source.ontology.documents, source.shapes.documents, source.catalogue
    )
    bench.add(origin, graph("provenance"))


@dataclass(frozen=True)
class Closed:
    """What came of a closure; `wrong` is what can't be true together with the rest."""

    inferred: int
    rules: int
    rounds: int
    wrong: Sequence[reasoning.Contradiction]

    def __str__(self) -> str:
        return f"{self.inferred:,} entailed by {self.rules} rules in {self.rounds} rounds"


def close(bench: Workbench, source: Source) -> Closed:
    """Add what follows from what is on the workbench, unless something can't be true."""
    rounds = reasoning.close(bench.update, bench.count, source.rules)
    found = reasoning.contradictions(lambda text: _as_text(bench.select(text)), source.checks)
    if not found:
        reasoning.forget_unnamed_classes(bench.update)
    return Closed(len(bench.graph(graph("inferred"))), len(source.rules), rounds, tuple(found))


def _loaded(source: Source, told: Told, taken: Taken) -> Workbench:
    bench = Workbench(source.ontology.prefixes)
    load(bench, source, told, taken)
    return bench


def _newest(revisions: Revisions) -> Reader | None:
    return None if revisions.current() is None else revisions.open()


def _contributed(root: Path, taken: Taken, library: Library, pile: Heap, kept: Cache) -> str:
    failing = again.failing(
        root, taken, library, store=pile, limits=limits_of_settings(), kept=kept
    )
    return "; ".join([f"{len(taken.graphs):,} taken in again", *failing])


def _dumps(pile: Heap, source: Source, kept: Cache) -> list[Triple]:
    """What the catalogue says of each dataset's dump; one that is as it was isn't written again."""
    told: list[Triple] = []
    for each in source.datasets:
        summed = kept.get(key("dump", mapping.identity(each)), partial(_summed, pile, each.graph))
        whole = provenance.Sum(**json.loads(summed))
        if whole.size:
            told.extend(provenance.dump(each, whole))
    return told


def _summed(pile: Heap, name: str) -> bytes:
    return json.dumps(asdict(provenance.Sum.of(pile.dump(name)))).encode()


def _layer(told: Told) -> Layer:
    named = {graph(f"data/{slug}"): [lines] for slug, lines in told.others.items()}
    contents = [part for slug, lines in told.others.items() for part in (slug, lines)]
    return Layer(key(ENGINE, *contents), named)


def _as_text(rows: Iterable[Row]) -> list[dict[str, str]]:
    return [{name: str(getattr(term, "value", term)) for name, term in row.items()} for row in rows]
