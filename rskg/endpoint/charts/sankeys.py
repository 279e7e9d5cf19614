"""A Sankey: how much goes from each thing of one column to those of the next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from rskg.endpoint.charts.columns import amount, iri_of, label_of
from rskg.endpoint.pages.solutions import Table
from rskg.endpoint.pages.words import heading
from rskg.query import Chart

WIDTH, MARGIN, BLOCK, GAP, MOST_HEIGHT = 760, 24, 12, 14, 520
#: The most things of one column; what is smaller is one block together.
MOST_BLOCKS = 14
REST = "others"


@dataclass(frozen=True)
class Block:
    """A thing in its column: place, height and how much goes through it."""

    label: str
    iri: str
    x: float
    y: float
    height: float
    value: float
    last: bool


@dataclass(frozen=True)
class Flow:
    """What goes from one block to another, as a band."""

    path: str
    width: float
    told: str


@dataclass(frozen=True)
class Sankey:
    """Columns of blocks and the flows between neighbours."""

    measure: str
    headings: tuple[tuple[float, str], ...]
    blocks: tuple[Block, ...]
    flows: tuple[Flow, ...]
    height: float
    kind: str = "sankey"
    width: int = WIDTH
    block: int = BLOCK


Key = tuple[int, str]


def sankey(table: Table, labels: dict[str, str], chart: Chart) -> Sankey | None:
    """The columns `from`, (`through`) and `to`; a flow is a row, or as large as `value`."""
    roles = [role for role in ("from", "through", "to") if role in chart.columns]
    steps = [chart.columns[role] for role in roles]
    measure = chart.columns.get("value", "")
    rows = [row for row in table if amount(row, measure) > 0]
    if not rows:
        return None
    sizes: dict[Key, float] = defaultdict(float)
    iris: dict[Key, str] = {}
    paths: list[tuple[list[str], float]] = []
    for row in rows:
        path = [label_of(row, step, labels) for step in steps]
        paths.append((path, amount(row, measure)))
        for number, label in enumerate(path):
            sizes[number, label] += amount(row, measure)
            iris[number, label] = iri_of(row, steps[number])
    kept = _kept(sizes, len(steps))
    blocks, unit, height = _stacked(paths, kept, iris, len(steps))
    flows = _flows(paths, kept, blocks, unit)
    spaces = (WIDTH - 2 * MARGIN - BLOCK) / (len(steps) - 1)
    heads = tuple((MARGIN + number * spaces, heading(step)) for number, step in enumerate(steps))
    told = heading(measure) if measure else "Rows"
    return Sankey(told, heads, tuple(blocks.values()), tuple(flows), height)


def _kept(sizes: dict[Key, float], steps: int) -> set[Key]:
    """The largest things of each column."""
    kept: set[Key] = set()
    for step in range(steps):
        column = sorted((-size, key) for key, size in sizes.items() if key[0] == step)
        kept |= {key for _, key in column[:MOST_BLOCKS]}
    return kept


def _key(step: int, label: str, kept: set[Key]) -> Key:
    return (step, label) if (step, label) in kept else (step, REST)


def _stacked(
    paths: list[tuple[list[str], float]], kept: set[Key], iris: dict[Key, str], steps: int
) -> tuple[dict[Key, Block], float, float]:
    """The blocks in their places, the height of one unit, and the whole height."""
    through: dict[Key, float] = {}
    for path, value in paths:
        for step, label in enumerate(path):
            key = _key(step, label, kept)
            through[key] = through.get(key, 0.0) + value
    tallest = max(sum(1 for key in through if key[0] == step) for step in range(steps))
    total = sum(value for _, value in paths)
    room = min(MOST_HEIGHT, 40 + 26 * tallest)
    unit = room / total
    blocks: dict[Key, Block] = {}
    spaces = (WIDTH - 2 * MARGIN - BLOCK) / (steps - 1)
    for step in range(steps):
        y = 32.0
        for key in sorted((k for k in through if k[0] == step), key=lambda k: (-through[k], k)):
            height, last = through[key] * unit, step == steps - 1
            x = MARGIN + step * spaces
            iri = iris.get(key, "")
            blocks[key] = Block(key[1], iri, x, y, height, through[key], last)
            y += height + GAP
    return blocks, unit, 32 + room + GAP * tallest


def _flows(
    paths: list[tuple[list[str], float]],
    kept: set[Key],
    blocks: dict[Key, Block],
    unit: float,
) -> list[Flow]:
    sums: dict[tuple[Key, Key], float] = {}
    for path, value in paths:
        keys = [_key(step, label, kept) for step, label in enumerate(path)]
        for pair in pairwise(keys):
            sums[pair] = sums.get(pair, 0.0) + value
    out = {key: block.y for key, block in blocks.items()}
    into = dict(out)
    flows = []
    order = sorted(sums, key=lambda pair: (blocks[pair[0]].y, blocks[pair[1]].y))
    for one, other in order:
        width = sums[one, other] * unit
        start, end = out[one] + width / 2, into[other] + width / 2
        out[one] += width
        into[other] += width
        left, right = blocks[one].x + BLOCK, blocks[other].x
        middle = (left + right) / 2
        curve = f"M{left:.1f} {start:.1f}C{middle:.1f} {start:.1f} {middle:.1f} {end:.1f} "
        value = sums[one, other]
        told = f"{one[1]} → {other[1]}: {value:g}"
        flows.append(Flow(f"{curve}{right:.1f} {end:.1f}", round(width, 1), told))
    return flows
