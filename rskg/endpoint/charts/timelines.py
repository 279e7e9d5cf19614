"""A timeline: one dot or bar a thing, from when it began to when it applies, in lanes by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, TOP, STEP, GAP = 1118, 176, 16, 28, 11, 14
#: So many years are drawn; what began earlier stands in one column at their left.
YEARS = 30
EVERY = 5


@dataclass(frozen=True)
class Span:
    """A thing on the timeline: when it began and, if told, from when it applies."""

    iri: str
    label: str
    lane: str
    begun: int
    applies: int | None = None


@dataclass(frozen=True)
class Mark:
    """A span in its place; `end` is where it begins to apply, None where that is the same year."""

    span: Span
    x: float
    y: float
    end: float | None


@dataclass(frozen=True)
class Lane:
    """The marks of one kind, the highest that they reach and where the lane's name stands."""

    name: str
    y: float
    height: float
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Timeline:
    """Lanes over years; `early` is the x of what began before the first year, None for nothing."""

    lanes: Sequence[Lane]
    years: Sequence[tuple[float, int]]
    early: float | None
    first: int
    now: float
    height: float
    width: int = WIDTH
    left: int = LEFT


def timeline(spans: Iterable[Span], lanes: Sequence[str], now: int) -> Timeline | None:
    """The spans in their lanes, packed; `now` is the year that a line marks. None for no spans."""
    told = sorted(spans, key=lambda one: (one.begun, one.applies or one.begun, one.label))
    if not told:
        return None
    last = max(now, *(max(one.begun, one.applies or 0) for one in told))
    first = max(min(one.begun for one in told), last - YEARS)
    early = any(one.begun < first for one in told)
    left = LEFT + (3 * STEP if early else 0)
    unit = (WIDTH - RIGHT - left) / max(last - first, 1)

    def across(year: int) -> float:
        return LEFT + STEP if year < first else round(left + unit * (year - first), 1)

    drawn: list[Lane] = []
    y = float(TOP)
    for name in lanes:
        rows = _packed([one for one in told if one.lane == name], across)
        if rows:
            height = STEP * len(rows)
            marks = [
                Mark(
                    one,
                    across(one.begun),
                    y + STEP * (number + 0.5),
                    across(one.applies) if one.applies and one.applies > one.begun else None,
                )
                for number, row in enumerate(rows)
                for one in row
            ]
            drawn.append(Lane(name, y, height, marks))
            y += max(height, 2 * STEP) + GAP
    begun = first + 2 if early else first  # the first years have the word for earlier ones above
    ticks = [(across(year), year) for year in range(begun, last + 1) if year % EVERY == 0]
    return Timeline(drawn, ticks, across(first - 1) if early else None, first, across(now), y)


def _packed(spans: Sequence[Span], across: Callable[[int], float]) -> list[list[Span]]:
    """The spans in as few rows as leave a gap between neighbours."""
    rows: list[list[Span]] = []
    ends: list[float] = []
    for one in spans:
        start, end = across(one.begun), across(max(one.applies or 0, one.begun))
        free = next((n for n, last in enumerate(ends) if last + STEP <= start), len(rows))
        if free == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[free].append(one)
        ends[free] = end
    return rows
