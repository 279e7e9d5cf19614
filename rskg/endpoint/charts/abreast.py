"""Bars abreast: a thing a row, a measure a column, each column with a scale of its own.

Measures that must never be added up can't be stacked; side by side they can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, LEFT, TOP, STEP, ROOM = 1118, 280, 40, 30, 52
MOST_ROWS = 15


@dataclass(frozen=True)
class Measured:
    """A thing and its number by each measure."""

    iri: str
    label: str
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Stripe:
    """One number: its measure, its place and the length of its bar."""

    measure: str
    number: int
    x: float
    length: float


@dataclass(frozen=True)
class Line:
    """A thing's row of bars."""

    iri: str
    label: str
    y: float
    stripes: Sequence[Stripe]


@dataclass(frozen=True)
class Abreast:
    """The rows, where each column begins, which hold nothing, how many rows are left out."""

    lines: Sequence[Line]
    columns: Sequence[tuple[str, float]]
    empty: frozenset[str]
    column: float
    height: int
    more: int
    width: int = WIDTH
    step: int = STEP
    top: int = TOP


def abreast(things: Sequence[Measured], measures: Sequence[str]) -> Abreast | None:
    """The things that stand out by some measure, the first ones most; None for nothing to draw."""
    tops = {
        one: max((thing.numbers.get(one, 0) for thing in things), default=0) for one in measures
    }

    def rank(thing: Measured) -> tuple[float, ...]:
        shares = sorted(
            (thing.numbers.get(m, 0) / tops[m] for m in measures if tops[m]), reverse=True
        )
        return tuple(-share for share in shares)

    told = [thing for thing in things if any(thing.numbers.get(one) for one in measures)]
    told.sort(key=lambda thing: (rank(thing), thing.label))
    if not told:
        return None
    column = (WIDTH - LEFT) / len(measures)
    columns = [(one, round(LEFT + number * column, 1)) for number, one in enumerate(measures)]

    def stripe(thing: Measured, one: str, x: float) -> Stripe:
        number = thing.numbers.get(one, 0)
        return Stripe(one, number, x, round((column - ROOM) * number / (tops[one] or 1), 1))

    lines = [
        Line(thing.iri, thing.label, TOP + number * STEP, [stripe(thing, *c) for c in columns])
        for number, thing in enumerate(told[:MOST_ROWS])
    ]
    empty = frozenset(one for one in measures if not tops[one])
    height = TOP + STEP * len(lines) + 4
    return Abreast(lines, columns, empty, column - ROOM, height, len(told) - len(lines))
