"""The proof: the ontology is consistent, and each of its classes can have a member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph

from rskg.reasoning.explanation import axioms_behind
from rskg.reasoning.hermit import judge, logical_part
from rskg.syntax import parse, sorted_lines

#: An error high in a class tree empties everything below; the first few classes tell why.
EXPLAINED = 3


@dataclass(frozen=True)
class Proof:
    """The verdict, and for a bad one the axioms that lead to it, one a line."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    explanation: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Consistent, and no class is empty by definition."""
        return self.consistent and not self.unsatisfiable


def prove(turtle_files: Iterable[Path]) -> Proof:
    """Judge the files together, as one ontology; explain what is wrong with it."""
    logical = logical_part(_read(turtle_files))
    verdict = judge(logical)
    if not verdict.consistent:
        return Proof(consistent=False, explanation=axioms_behind(logical))
    explanation = [
        f"{iri}: {axiom}"
        for iri in verdict.unsatisfiable[:EXPLAINED]
        for axiom in axioms_behind(logical, iri)
    ]
    return Proof(True, verdict.unsatisfiable, tuple(explanation))


def explain(turtle_files: Iterable[Path], unsatisfiable: str | None = None) -> tuple[str, ...]:
    """The axioms that contradict each other, or that empty one class; nothing if all is well."""
    return axioms_behind(logical_part(_read(turtle_files)), unsatisfiable)


def _read(turtle_files: Iterable[Path]) -> Graph:
    triples = [triple for path in turtle_files for triple in parse(path)]
    return Graph().parse(data=sorted_lines(triples), format="nt")
