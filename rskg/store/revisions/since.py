"""What changed from one revision to a later one, as sides of each graph: from the journals of the
commits between them, or by walking over both where one of them wrote none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from pyoxigraph import DefaultGraph, NamedNode, Quad

from rskg.errors import UsageError
from rskg.store.difference import changes
from rskg.store.journal import steps
from rskg.store.local import Reader
from rskg.store.revisions.history import CHANGES, Revisions
from rskg.syntax import Triple, sorted_lines

#: Of a larger difference it is said that all changed.
_MOST = 1_000_000
Sides = dict[str, tuple[bytes, bytes]]


def since(revisions: Revisions, before: Reader, after: Reader) -> Sides | None:
    """What left each graph and what came into it, as N-Triples; None where that is most of it.

    `default` names the default graph. Raises StoreError.
    """
    told = _journals(revisions, before.number, after.number)
    states = _walked(before, after) if told is None else _replayed(told, before)
    if states is None:
        return None
    sides: dict[str, tuple[list[Triple], list[Triple]]] = defaultdict(lambda: ([], []))
    for quad, there in states.items():
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else "default"
        if there != before.states(quad):
            sides[name][there].append(quad.triple)
    return {name: (sorted_lines(gone), sorted_lines(came)) for name, (gone, came) in sides.items()}


def _journals(revisions: Revisions, before: int, after: int) -> list[str] | None:
    """What each commit between them wrote down; None where one of them didn't."""
    told: list[str] = []
    for number in range(before + 1, after + 1):
        try:
            if revisions.describe(number).base != number - 1:
                return None
            told.append((revisions.folder / str(number) / CHANGES).read_text(encoding="utf-8"))
        except (UsageError, OSError):
            return None
    return told


def _replayed(told: Iterable[str], before: Reader) -> dict[Quad, bool]:
    """Each quad that was touched, and whether it is there in the end."""
    states: dict[Quad, bool] = {}
    for step in (step for text in told for step in steps(text)):
        if step.kind == "X":
            name = NamedNode(step.graph) if step.graph else DefaultGraph()
            gone = (quad for quad in states if quad.graph_name == name)
            states.update(dict.fromkeys([*gone, *before.quads(step.graph or "default")], False))
        else:
            states.update(dict.fromkeys(step.quads, step.kind == "A"))
    return states


def _walked(before: Reader, after: Reader) -> dict[Quad, bool] | None:
    most = min(_MOST, after.count() // 4)
    found = {one.quad: one.added for one in islice(changes(before, after), most + 1)}
    return None if len(found) > most else found
