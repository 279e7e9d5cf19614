"""The sheet of the map: where a point lies on it, and the shapes of the countries.

The shapes are made when the browser's part is built (`web/world.ts`); without it the map has none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

#: Where the browser's part is built into.
FOLDER = Path(__file__).resolve().parent / "endpoint" / "static"
#: The sheet, in its own units; `web/world.ts` draws the countries on the same one.
WIDTH, HEIGHT = 1120, 545
#: The coefficients of Equal Earth (Šavrič, Patterson and Jenny 2018), and half its width.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_HALF = 2.7066297

Place = tuple[float, float]


@dataclass(frozen=True)
class World:
    """The countries by their number in ISO 3166-1: a path each, or a spot for the small ones."""

    sphere: str = ""
    countries: Mapping[str, str] = ()  # type: ignore[assignment]
    spots: Mapping[str, Place] = ()  # type: ignore[assignment]
    others: str = ""


def equal_earth(longitude: float, latitude: float) -> Place:
    """Where a point in degrees lies on the sheet, by the Equal Earth projection."""
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    squared = theta * theta
    sixth = squared**3
    slope = _A1 + 3 * _A2 * squared + sixth * (7 * _A3 + 9 * _A4 * squared)
    across = math.radians(longitude) * math.cos(theta) / (_M * slope)
    up = theta * (_A1 + _A2 * squared + sixth * (_A3 + _A4 * squared))
    scale = WIDTH / (2 * _HALF)
    return round(WIDTH / 2 + scale * across, 2), round(HEIGHT / 2 - scale * up, 2)


@cache
def outline() -> str:
    """The edge of the sheet as an SVG path."""
    down = [equal_earth(180, latitude) for latitude in range(90, -91, -5)]
    up = [equal_earth(-180, latitude) for latitude in range(-90, 91, 5)]
    return "M" + "L".join(f"{x} {y}" for x, y in (*down, *up)) + "Z"


@cache
def world() -> World:
    """The shapes, where the browser's part was built."""
    path = FOLDER / "world.json"
    if not path.is_file():
        return World(countries={}, spots={})
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    spots = {number: (spot[0], spot[1]) for number, spot in told["spots"].items()}
    return World(told["sphere"], told["countries"], spots, told["others"])
