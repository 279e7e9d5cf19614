"""Stores of a size, what their making cost, and the figures that are kept of them."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from blocks import Blocks
from multiply import Multiplied

from rskg.namespaces import graph
from rskg.ontology import load as load_ontology
from rskg.shapes import Shapes
from rskg.shapes import load as load_shapes
from rskg.store import Revisions
from rskg.syntax import GRAPH_FORMATS, NT, Triple, format_named, parse_bytes
from rskg.validation import validate

START = "from rskg.cli import main; main()"
SAMPLE = 20


@dataclass(frozen=True)
class Cost:
    """What one process used: seconds by the clock and of processors, and megabytes at most."""

    seconds: float
    processor: float
    peak: float


class Kept:
    """Figures by engine and size, in a file."""

    COLUMNS = (
        *(("made", "made, s"), ("processor", "processor, s"), ("peak", "peak, MB")),
        *(("resident", "at rest, MB"), ("p50", "p50, ms"), ("p95", "p95, ms")),
        *(("used", "p95, cpu ms"), ("worst", "worst, ms"), ("failed", "failed")),
        *(("commit", "commit, ms"),),
    )

    def __init__(self, path: Path) -> None:
        self._path = path
        self.figures: dict[str, dict[str, dict[str, Any]]] = {}
        if path.is_file():
            self.figures = json.loads(path.read_text(encoding="utf-8"))

    def put(self, engine: str, millions: float, **figures: object) -> None:
        """Keep figures of an engine at a size."""
        self.figures.setdefault(engine, {}).setdefault(f"{millions:g}", {}).update(figures)
        self._path.write_text(json.dumps(self.figures, indent=1), encoding="utf-8")

    def of(self, engine: str, millions: float) -> dict[str, Any]:
        """What is kept of an engine at a size."""
        return self.figures.get(engine, {}).get(f"{millions:g}", {})

    def table(self) -> str:
        """A line for each engine and size."""
        head = "".join(f"{title:>13}" for _, title in self.COLUMNS)
        lines = [f"{'engine':10}{'triples':>12}{head}"]
        for engine, sizes in self.figures.items():
            for told in sorted(sizes.values(), key=lambda each: each.get("triples", 0)):
                cells = (told.get(name) for name, _ in self.COLUMNS)
                shown = "".join(f"{'' if cell is None else f'{cell:,.0f}':>13}" for cell in cells)
                lines.append(f"{engine:10}{told.get('triples', 0):>12,}{shown}")
        return "\n".join(lines)


def check(files: Multiplied, copies: int) -> None:
    """Validate the last copies: of small datasets whole, of each large one a sample.

    Ends the bench when one isn't valid.
    """
    if copies < 2:
        return
    shapes = load_shapes([files.files.shapes])
    terms = load_ontology(files.files.ontology).triples
    shared = [lines for slug, lines in files.lines.items() if slug not in files.patterns]
    small = files.small(copies)
    known = [*terms, *parse_bytes(b"".join(shared), NT)]
    _require_valid(small, shapes, known)
    for sample, around in files.samples(copies, SAMPLE):
        _require_valid(sample, shapes, [*known, *parse_bytes(small + around, NT)])


def _require_valid(lines: bytes, shapes: Shapes, context: Sequence[Triple]) -> None:
    wrong = validate(parse_bytes(lines, NT), shapes.triples, context).at_least("violation")
    if wrong:
        raise SystemExit(f"a copy is not valid: {wrong[0]}")


def build(files: Multiplied, copies: int, store: Path) -> Cost:
    """What `rskg build` of the multiplied files costs."""
    with TemporaryDirectory(dir=store.parent) as name:
        root = files.write(Path(name), copies).root
        command = [sys.executable, "-c", START, "build", "--store", str(store)]
        began = time.monotonic()
        process = os.posix_spawn(sys.executable, command, os.environ | {"RSKG_FILES": str(root)})
        _, status, used = os.wait4(process, 0)
        if status:
            raise SystemExit(f"the build of {copies} copies failed")
        took = time.monotonic() - began
    return Cost(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def enlarge(files: Multiplied, copies: int, base: Path, store: Path) -> Cost:
    """What it costs to load the copies into a copy of a store that has them once."""
    began, used = time.monotonic(), time.process_time()
    shutil.copytree(base, store)
    reader = Revisions(store).open()
    inferred = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph('inferred')}> {{ ?s ?p ?o }} }}"
    files.follow(reader.construct_lines(inferred))
    form = format_named("nq", GRAPH_FORMATS)
    assert form
    source = io.BufferedReader(Blocks(_quads(files, copies)), 1 << 20)
    Revisions(store).amend(lambda draft: draft.load(source, form), "enlarged")
    return Cost(time.monotonic() - began, time.process_time() - used, most_memory(os.getpid()))


def _quads(files: Multiplied, copies: int) -> Iterator[bytes]:
    for number in range(2, copies + 1):
        for slug in files.patterns:
            lines, name = files.copy(slug, number), slug if slug == "inferred" else f"data/{slug}"
            if lines:  # an empty block would be the file's end
                yield lines
                yield lines.replace(b" .\n", f" <{graph(name)}> .\n".encode())


def resident(pid: int) -> float:
    """Megabytes that a process and all below it keep, shared pages counted once."""
    own = sum(
        int(line.split()[1])
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    )
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return own / 1000 + sum(resident(int(c)) for path in children for c in path.read_text().split())


def most_memory(pid: int) -> float:
    """Megabytes that a process had at most."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1000
