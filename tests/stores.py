"""Small stores for the tests of revisions."""

from __future__ import annotations

from pathlib import Path

from rskg.store import Revisions, Workbench
from rskg.syntax import Literal, NamedNode, Triple

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")
GRAPH = "http://example.org/graph"


def small_store(root: Path) -> Revisions:
    """A store of one revision that says `one`, by default and in a graph."""
    made = Revisions(root, patience=5)
    bench = Workbench()
    bench.add(said("one"))
    bench.add(said("one"), GRAPH)
    made.commit(bench, "first")
    return made


def said(*values: str) -> list[Triple]:
    return [Triple(A, P, Literal(value)) for value in values]


def add(revisions: Revisions, *values: str) -> int:
    return revisions.amend(lambda draft: draft.add(said(*values)), " ".join(values))


def values(revisions: Revisions, number: int | None = None) -> set[str]:
    rows = revisions.open(number).select("SELECT ?o { ?s ?p ?o }")
    return {getattr(row["o"], "value", "") for row in rows}


def litter(root: Path) -> list[str]:
    return [str(path) for path in root.rglob(".*")]
