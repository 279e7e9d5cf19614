"""A network in a circle: who is tied to whom; neighbours stand near one another."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from rskg.endpoint.charts.columns import UNKNOWN, iri_of, label_of
from rskg.endpoint.pages.solutions import Table
from rskg.query import Chart

WIDTH, HEIGHT = 900, 900
RADIUS = 205.0
MOST_NODES = 60


@dataclass(frozen=True)
class Node:
    """A thing on the circle, with the angle at which its name is written."""

    label: str
    iri: str
    x: float
    y: float
    turn: float
    end: bool
    ties: int

    @property
    def radius(self) -> float:
        """Larger for what has more ties."""
        return round(2.5 + 1.5 * math.sqrt(self.ties), 1)


@dataclass(frozen=True)
class Tie:
    """A link between two things: its curve, its words, and where and how a tip stands on it."""

    path: str
    told: str
    tip: tuple[float, float, float]


@dataclass(frozen=True)
class Network:
    """Nodes and ties, and how many of the ties are left out."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    more: int
    kind: str = "network"
    width: int = WIDTH
    height: int = HEIGHT


def network(table: Table, labels: dict[str, str], chart: Chart) -> Network | None:
    """The things of `source` and `target`, tied; `label` says how. The best tied are drawn."""
    names: dict[str, tuple[str, str]] = {}
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in table:
        ends = [
            (iri_of(row, chart.columns[role]), label_of(row, chart.columns[role], labels))
            for role in ("source", "target")
        ]
        if any(label == UNKNOWN for _, label in ends):
            continue
        one, other = (iri or label for iri, label in ends)
        names |= {iri or label: (iri, label) for iri, label in ends}
        word = label_of(row, chart.columns["label"], labels) if "label" in chart.columns else ""
        pairs[one, other] += [word] if word and word not in pairs[one, other] else []
    degree = Counter(end for pair in pairs for end in pair)
    kept = {key for key, _ in sorted(degree.items(), key=lambda n: (-n[1], n[0]))[:MOST_NODES]}
    drawn = {pair: words for pair, words in pairs.items() if kept.issuperset(pair)}
    if not drawn:
        return None
    order = _order(sorted(drawn), degree)
    nodes = {
        key: _node(*names[key], number / len(order), degree[key])
        for number, key in enumerate(order)
    }
    ties = [
        Tie(
            _curve(nodes[one], nodes[other]),
            f"{names[one][1]} {', '.join(words) or 'to'} {names[other][1]}",
            _tip(nodes[one], nodes[other]),
        )
        for (one, other), words in drawn.items()
    ]
    return Network(tuple(nodes.values()), tuple(ties), len(pairs) - len(drawn))


def _order(pairs: list[tuple[str, str]], degree: Counter[str]) -> list[str]:
    """Each thing after one that it is tied to: from the best tied on, depth first."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    order: dict[str, None] = {}
    for start in sorted(near, key=lambda key: (-degree[key], key)):
        waiting = [start]
        while waiting:
            key = waiting.pop()
            if key not in order:
                order[key] = None
                waiting += sorted(near[key] - order.keys(), key=lambda k: (-degree[k], k))
    return list(order)


def _node(iri: str, label: str, share: float, ties: int) -> Node:
    angle = 2 * math.pi * share
    x, y = WIDTH / 2 + RADIUS * math.cos(angle), HEIGHT / 2 + RADIUS * math.sin(angle)
    left = math.cos(angle) < 0
    turn = math.degrees(angle) + (180 if left else 0)
    return Node(label, iri, round(x, 1), round(y, 1), round(turn, 1), left, ties)


def _curve(one: Node, other: Node) -> str:
    """A bow that leans halfway from the straight line towards the middle of the circle."""
    x, y = _lean(one, other)
    return f"M{one.x} {one.y}Q{x:.1f} {y:.1f} {other.x} {other.y}"


def _lean(one: Node, other: Node) -> tuple[float, float]:
    return (one.x + other.x + WIDTH) / 4, (one.y + other.y + HEIGHT) / 4


def _tip(one: Node, other: Node, share: float = 0.62) -> tuple[float, float, float]:
    """A place on the bow and its direction in degrees, nearer to where it leads."""
    rest = 1 - share
    ends = ((one.x, one.y), _lean(one, other), (other.x, other.y))
    x, y = (
        rest * rest * a + 2 * rest * share * b + share * share * c
        for a, b, c in zip(*ends, strict=True)
    )
    dx, dy = (rest * (b - a) + share * (c - b) for a, b, c in zip(*ends, strict=True))
    return round(x, 1), round(y, 1), round(math.degrees(math.atan2(dy, dx)), 1)
