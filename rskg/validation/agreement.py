"""Where two engines differ about the same data, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rskg.report import Result

_SHOWN = 20


def compare(first: Iterable[Result], second: Iterable[Result]) -> list[str]:
    """A sentence for each result that only one of two engines finds, and one for the whole."""
    ours, theirs = _counted(first), _counted(second)
    told = [f"only the fast engine finds: {_sentence(key)}" for key in sorted(ours - theirs)]
    told += [f"only pySHACL finds: {_sentence(key)}" for key in sorted(theirs - ours)]
    if not told:
        return [f"second opinion: pySHACL finds the same {ours.total()} results"]
    left = [f"and {len(told) - _SHOWN} more differences"] if len(told) > _SHOWN else []
    return [f"second opinion: the engines differ in {len(told)} results", *told[:_SHOWN], *left]


def _counted(results: Iterable[Result]) -> Counter[tuple[str, ...]]:
    return Counter(
        (
            result.focus,
            re.sub(r"[ ()]", "", result.path or ""),
            result.value or "",
            result.component,
            result.severity,
        )
        for result in results
    )


def _sentence(key: tuple[str, ...]) -> str:
    focus, path, value, component, severity = key
    return f"{severity} {component} at {' '.join(filter(None, (focus, path, value)))}"
