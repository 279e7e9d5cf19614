"""What the rules see of a draft while a commit is worked out: the stored facts, less and more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from rskg.namespaces import GENID, graph
from rskg.reasoning.clauses import Fact, Goal
from rskg.store import Draft, Pattern
from rskg.syntax import NamedNode, Triple, Variable

INFERRED = NamedNode(graph("inferred"))


class Beyond(Exception):
    """Something that can't be worked out from the difference: the closure has to be made whole."""


class Facts:
    """The facts that the rules read: stated in a graph that is entailed, or inferred.

    Stored facts are looked up once; those `more` and `gone` are kept in memory.
    """

    def __init__(self, draft: Draft, read: Iterable[str]) -> None:
        self._draft = draft
        self._read = {NamedNode(name) for name in read} | {INFERRED}
        self._stored: dict[Pattern, Sequence[Fact]] = {}
        self._inferred: set[Fact] = set()
        self.gone: set[Fact] = set()
        self.more: set[Fact] = set()
        self._more_by: dict[tuple[int, object], set[Fact]] = {}

    def of(self, goal: Goal) -> Iterator[Fact]:
        """The facts that a goal may say, to be unified with it; looked up as they are asked for.

        What is added meanwhile may be among them or not.
        """
        pattern = cast(Pattern, tuple(None if isinstance(s, Variable) else s for s in goal))
        known = self._stored.get(pattern)
        for fact in self._looked_up(pattern) if known is None else known:
            if fact not in self.gone:
                yield fact
        if self.more:
            yield from self._added(pattern)

    def __contains__(self, fact: Fact) -> bool:
        if fact in self.more:
            return True
        return fact not in self.gone and bool(self._look(fact))

    def is_inferred(self, fact: Fact) -> bool:
        """True for what the stored graph of what is inferred holds."""
        self._look(fact)
        return fact in self._inferred

    def add(self, fact: Fact) -> None:
        """Have a fact that isn't stored, or was gone."""
        self.gone.discard(fact)
        if self._look(fact):
            return
        self.more.add(fact)
        for place, term in enumerate(fact):
            self._more_by.setdefault((place, term), set()).add(fact)

    def forget_added(self) -> None:
        """Have only what is stored."""
        self.more.clear()
        self._more_by.clear()

    def _added(self, pattern: Pattern) -> list[Fact]:
        sets = [
            self._more_by.get((place, term), set())
            for place, term in enumerate(pattern)
            if term is not None
        ]
        return list(set.intersection(*sets)) if sets else list(self.more)

    def _look(self, pattern: Pattern) -> Sequence[Fact]:
        known = self._stored.get(pattern)
        return list(self._looked_up(pattern)) if known is None else known

    def _looked_up(self, pattern: Pattern) -> Iterator[Fact]:
        """The stored facts of a pattern; kept, when all were asked for."""
        found: dict[Fact, None] = {}
        for subject, predicate, value, name in self._draft.matches(pattern):
            if name in self._read:
                fact = (subject, predicate, value)
                if name == INFERRED:
                    self._inferred.add(fact)
                if fact not in found:
                    refuse_unnamed(fact)
                    found[fact] = None
                    yield fact
        self._stored[pattern] = tuple(found)


def refuse_unnamed(fact: Fact) -> None:
    """Raise Beyond for a fact about a thing without a name.

    What was inferred about it is not stored, and can't be looked up.
    """
    subject, _, value = fact
    for term in (subject, value):
        if isinstance(term, NamedNode) and term.value.startswith(GENID):
            raise Beyond(f"{term} has no name")


def fact_from(triple: Triple) -> Fact:
    """A triple as the rules see it."""
    return triple.subject, triple.predicate, triple.object
