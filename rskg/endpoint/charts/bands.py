"""The classes of a map's indicator: which values are drawn alike, and how that is said."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rskg.endpoint.pages.words import count

#: How many classes numbers make.
CLASSES = 5
#: How many values in words are told apart; more are taken by what stands before a dash.
MOST_WORDS = 6
DASH = " \u2013 "

Value = bool | float | str


@dataclass(frozen=True)
class Band:
    """A class of values: how it is named and shaded (`style`), and what belongs to it."""

    label: str
    style: str
    takes: Callable[[Value], bool]


def bands(values: Sequence[Value]) -> list[Band]:
    """The classes of these values: yes and no, numbers around a middle or in order, or words."""
    if not values:
        return []
    if all(isinstance(value, bool) for value in values):
        return [
            Band("no", "low", lambda value: value is False),
            Band("yes", "high", lambda value: value is True),
        ]
    numbers = [float(value) for value in values if not isinstance(value, str)]
    if len(numbers) < len(values):
        return _of_words([str(value) for value in values])
    if min(numbers) < 0 < max(numbers):
        return _around_zero(numbers)
    return _in_order(numbers)


def _around_zero(numbers: Sequence[float]) -> list[Band]:
    """Five classes of one width, the third around zero: where there is a true middle."""
    step = _round(max(abs(number) for number in numbers) / 2.5)
    edges = [-math.inf, *(step * (n - 1.5) for n in range(4)), math.inf]
    styles = [f"side-{n}" for n in range(1, CLASSES + 1)]
    return [_between(edges[n], edges[n + 1], style) for n, style in enumerate(styles)]


def _in_order(numbers: Sequence[float]) -> list[Band]:
    """Up to five classes with about as many values each, between round numbers; zero apart."""
    found = []
    if 0.0 in numbers:
        found.append(Band("0", "low", lambda value: value == 0))
    above = sorted(number for number in numbers if number > 0)
    if not above:
        return found
    inner = {_round(above[len(above) * n // CLASSES]) for n in range(1, CLASSES)}
    edges = [0.0, *sorted(edge for edge in inner if above[0] < edge <= above[-1]), math.inf]
    last = len(edges) - 2
    for n in range(last + 1):
        style = f"step-{1 + round(n * (CLASSES - 1) / max(last, 1))}"
        found.append(_between(edges[n], edges[n + 1], style, least_out=n == 0))
    return found


def _between(least: float, most: float, style: str, *, least_out: bool = False) -> Band:
    def takes(value: Value) -> bool:
        number = float(value) if not isinstance(value, str) else math.nan
        return (least < number if least_out else least <= number) and number < most

    if least == -math.inf or least_out:
        label = f"< {_written(most)}" if most < math.inf else f"> {_written(least)}"
    elif most == math.inf:
        label = f"≥ {_written(least)}"
    else:
        label = f"{_written(least)} … {_written(most)}"
    return Band(label, style, takes)


def _of_words(values: Sequence[str]) -> list[Band]:
    several = len(set(values)) > MOST_WORDS

    def short(value: Value) -> str:
        return str(value).partition(DASH)[0] if several else str(value)

    def only(kind: str) -> Callable[[Value], bool]:
        return lambda value: short(value) == kind

    kinds = sorted({short(value) for value in values})[:MOST_WORDS]
    return [Band(kind, f"kind-{n}", only(kind)) for n, kind in enumerate(kinds, 1)]


def _round(number: float) -> float:
    """To one digit that counts, two where the first is 1."""
    if number <= 0:
        return 0.0
    size = 10.0 ** math.floor(math.log10(number))
    return round(number / size, 1 if number / size < 2 else 0) * size


def _written(number: float) -> str:
    return count(round(number, 10)).replace("-", "\u2212")
