"""A process that commits beside a server: a line on standard input is a commit.

    python -m tests.counting ROOT

Every commit sets three counters, in the default graph and in a named one, to the number of its
revision; that number is printed when the commit is acknowledged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rskg.namespaces import graph
from rskg.store import Draft, Revisions
from rskg.syntax import Literal, NamedNode, Triple

EX = "http://example.org/"
GRAPH = graph("counters")


def counters(number: int) -> list[Triple]:
    about, value = NamedNode(f"{EX}counters"), Literal(f"counter-{number}-end")
    return [Triple(about, NamedNode(f"{EX}{name}"), value) for name in ("one", "two", "three")]


def count(draft: Draft) -> None:
    old, new = draft.graph(GRAPH), counters((draft.base or 0) + 1)
    for name in (GRAPH, None):
        draft.remove(old, name)
        draft.add(new, name)


def main() -> None:
    revisions = Revisions(Path(sys.argv[1]))
    for _ in sys.stdin:
        print(revisions.amend(count, "count"), flush=True)


if __name__ == "__main__":
    main()
