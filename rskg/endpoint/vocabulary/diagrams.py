"""A module as a picture: its classes, what is a kind of what, and which properties lead where.

The layers are laid out by graphlay; nothing is drawn that the graph doesn't say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import graphlay

from rskg.endpoint.pages.words import fold, tail
from rskg.endpoint.vocabulary.modules import Module
from rskg.endpoint.vocabulary.terms import CLASS, DATATYPE, OBJECT, Term

#: Sizes in pixels: a letter of a class's name and of a property's, a line of each, what is around.
LETTER, SMALL, LINE, ROW, AROUND = 9.0, 6.4, 18, 15, 12
FOLD, NARROWEST = 22, 84
#: So many properties are named in a box, and so many on a line; the list below has all.
MOST_ROWS, MOST_NAMES = 6, 4
OPTIONS = {
    "direction": "leftright",
    "spacing": {"layer_gap": 36, "node_gap": 14, "isolated_gap": 14, "isolated_max_columns": 5},
    "routing": {"style": "orthogonal"},
}

Pair = tuple[str, str]
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A class, or the properties on a line: its words in lines, and where it stands."""

    iri: str
    lines: Sequence[str]
    #: The properties of a class that have values, or lead back to it.
    rows: Sequence[str]
    #: Another module's class.
    outside: bool
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Half its width."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Line:
    """A stretch of a line: its path, what it says in words, and whether its end has an arrow."""

    path: str
    told: str
    #: True for a kind of, false for properties.
    kind: bool
    ends: bool


@dataclass(frozen=True)
class Diagram:
    """The classes of a module, the properties between them, and how large the picture is."""

    boxes: Sequence[Box]
    names: Sequence[Box]
    lines: Sequence[Line]
    left: float
    top: float
    width: float
    height: float


def drawn(module: Module, terms: Mapping[str, Term]) -> Diagram | None:
    """The picture of a module; None where it has no class and no property between classes."""
    kinds, links, rows = _kinds(module, terms), _links(module, terms), _rows(module)
    own = [term.iri for term in module.classes]
    ends = dict.fromkeys([*own, *(end for pair in (*kinds, *links) for end in pair)])
    if not ends:
        return None
    shapes: dict[object, _Shape] = {iri: _class(terms[iri], rows[iri]) for iri in ends}
    shapes |= {pair: _names(names) for pair, names in links.items()}
    stretches = [*kinds, *((pair[0], pair) for pair in links), *((pair, pair[1]) for pair in links)]
    graph = graphlay.Graph()
    for key, shape in shapes.items():
        graph.node(key, width=shape.width, height=shape.height)
    for one, other in stretches:
        graph.edge(one, other)
    layout = graphlay.layout(graph, options=OPTIONS)
    paths = [[(one["x"], one["y"]) for one in edge["points"]] for edge in layout.edges]
    places = layout.positions()
    boxes = [_box(str(iri), shapes[iri], places[iri], iri not in own) for iri in ends]
    names = [_box("", shapes[pair], places[pair], outside=False) for pair in links]
    told = [f"{terms[below].label} → {terms[above].label}" for above, below in kinds]
    told += 2 * [f"{terms[a].label} {', '.join(n)} {terms[b].label}" for (a, b), n in links.items()]
    lines = [
        Line(_path(path), words, number < len(kinds), number >= len(kinds) + len(links))
        for number, (path, words) in enumerate(zip(paths, told, strict=True))
    ]
    return Diagram(boxes, names, lines, *_bounds([*boxes, *names], paths))


@dataclass(frozen=True)
class _Shape:
    lines: Sequence[str]
    rows: Sequence[str]
    width: float
    height: float


def _class(term: Term, rows: Sequence[str]) -> _Shape:
    lines, more = fold(term.label, FOLD), len(rows) - MOST_ROWS
    shown = [*rows[:MOST_ROWS], *([f"+ {more}"] if more > 0 else [])]
    widths = [LETTER * len(one) for one in lines] + [SMALL * len(one) for one in shown]
    height = LINE * len(lines) + ROW * len(shown) + AROUND + (4 if shown else 0)
    return _Shape(lines, shown, max(NARROWEST, max(widths) + 2 * AROUND), height)


def _names(names: Sequence[str]) -> _Shape:
    more = len(names) - MOST_NAMES
    shown = [*names[:MOST_NAMES], *([f"+ {more}"] if more > 0 else [])]
    return _Shape(shown, (), SMALL * max(len(one) for one in shown) + 6, ROW * len(shown) + 2)


def _kinds(module: Module, terms: Mapping[str, Term]) -> list[Pair]:
    """What is a kind of what: the class above, and the one below."""
    return [
        (above, term.iri)
        for term in module.classes
        for above in term.linked("subClassOf")
        if above in terms and above != term.iri
    ]


def _links(module: Module, terms: Mapping[str, Term]) -> dict[Pair, list[str]]:
    """The properties of a module from one class to another, by their labels."""
    found: dict[Pair, list[str]] = defaultdict(list)
    for term in module.properties:
        for one in term.linked("domain"):
            for other in term.linked("range"):
                ends = [terms[end].kind for end in (one, other) if end in terms]
                if term.kind == OBJECT and ends == [CLASS, CLASS] and one != other:
                    found[one, other].append(term.label)
    return found


def _rows(module: Module) -> dict[str, list[str]]:
    """The properties of each class that have values, or lead to the same class."""
    found: dict[str, list[str]] = defaultdict(list)
    for term in module.properties:
        ranges = term.linked("range")
        for one in term.linked("domain"):
            if term.kind == DATATYPE:
                told = [tail(each) for each in ranges]
                found[one].append(f"{term.label}: {told[0]}" if told else term.label)
            elif term.kind == OBJECT and one in ranges:
                found[one].append(f"↻ {term.label}")
    return found


def _box(iri: str, shape: _Shape, place: Point, outside: bool) -> Box:
    x, y = place[0] - shape.width / 2, place[1] - shape.height / 2
    return Box(iri, shape.lines, shape.rows, outside, x, y, shape.width, shape.height)


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _bounds(boxes: Iterable[Box], paths: Iterable[Sequence[Point]]) -> tuple[float, ...]:
    corners = [(box.x, box.y) for box in boxes]
    corners += [(box.x + box.width, box.y + box.height) for box in boxes]
    corners += [point for path in paths for point in path]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top = min(xs) - AROUND, min(ys) - AROUND
    return left, top, max(xs) + AROUND - left, max(ys) + AROUND - top
