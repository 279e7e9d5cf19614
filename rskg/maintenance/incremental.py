"""The closure from the difference: semi-naive insertion; on withdrawal over-delete, then re-derive.

A. Gupta, I. S. Mumick, V. S. Subrahmanian: Maintaining Views Incrementally (1993). Each new fact is
tried in each place of each clause, the rest of which is looked up. What may have followed from a
fact that left is taken away, and brought back as far as it still follows from what is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from rskg.maintenance.facts import Beyond, Facts, refuse_unnamed
from rskg.reasoning.clauses import (
    Bindings,
    Clause,
    Fact,
    Goal,
    Program,
    Trigger,
    fact_of,
    filled,
    holds,
    triple_of,
    unified,
)
from rskg.reasoning.compilation import Schema
from rskg.statistics import Delta


def inferred(
    program: Program, schema: Schema, facts: Facts, came: Iterable[Fact], left: Iterable[Fact]
) -> Delta:
    """How the graph of what is inferred has to change.

    `facts` looks into the draft, in which the stated graphs are already changed: `came` is now
    stated by somebody and wasn't, `left` was and is by nobody. Raises Beyond.
    """
    run = _Run(program, schema, facts)
    new, old = set(came), set(left)
    for fact in new | old:
        run.check(fact)
    away = run.over_deleted(old)
    facts.forget_added()
    facts.gone |= (away | old) - new
    back = [fact for fact in (away | old) - new if run.follows(fact)]
    told = {fact for fact in new if not facts.is_inferred(fact)}
    run.insert([*back, *told])
    were = {fact for fact in new if facts.is_inferred(fact)}
    added = {fact for fact in facts.more if fact not in told}
    removed = {fact for fact in away if fact in facts.gone} | were
    return Delta(
        frozenset(triple_of(fact) for fact in added), frozenset(triple_of(fact) for fact in removed)
    )


class _Run:
    """One change being worked out."""

    def __init__(self, program: Program, schema: Schema, facts: Facts) -> None:
        self._program = program
        self._schema = schema
        self._facts = facts

    def check(self, fact: Fact) -> None:
        """Raise Beyond for a fact that would change the schema, or about the unnamed."""
        refuse_unnamed(fact)
        if self._schema.holds(fact[1], fact[2]):
            raise Beyond("the schema changes")

    def over_deleted(self, left: Iterable[Fact]) -> set[Fact]:
        """Everything inferred in whose derivation a fact that left may have had a part."""
        away: set[Fact] = set()
        waiting = deque(left)
        for fact in waiting:
            self._facts.add(fact)
        while waiting:
            for _, head in self._consequences(waiting.popleft()):
                if head is not None and head not in away and self._facts.is_inferred(head):
                    self.check(head)
                    away.add(head)
                    waiting.append(head)
        return away

    def insert(self, new: Sequence[Fact]) -> None:
        """Have these facts and all that follows from them."""
        waiting = deque(new)
        for fact in new:
            self._facts.add(fact)
        while waiting:
            for clause, head in self._consequences(waiting.popleft()):
                if clause.head is None:
                    raise Beyond(f"{clause.rule} finds a contradiction")
                if head is not None and head not in self._facts:
                    self.check(head)
                    self._facts.add(head)
                    waiting.append(head)

    def follows(self, fact: Fact) -> bool:
        """True when one clause concludes the fact from what there is."""
        for trigger in self._program.concluding(fact):
            bound = unified(trigger.at, fact)
            if bound is not None and any(self._solutions(trigger, bound)):
                return True
        return False

    def _consequences(self, fact: Fact) -> Iterator[tuple[Clause, Fact | None]]:
        for trigger in self._program.set_off(fact):
            bound = unified(trigger.at, fact)
            if bound is None:
                continue
            head = trigger.clause.head
            for bindings in self._solutions(trigger, bound):
                yield trigger.clause, None if head is None else fact_of(filled(head, bindings))

    def _solutions(self, trigger: Trigger, bound: Bindings) -> Iterator[Bindings]:
        for bindings in self._met(trigger.rest, bound):
            if all(holds(test, bindings) for test in trigger.clause.tests):
                yield bindings

    def _met(self, goals: Sequence[Goal], bound: Bindings) -> Iterator[Bindings]:
        if not goals:
            yield bound
            return
        for fact in self._facts.of(filled(goals[0], bound)):
            found = unified(goals[0], fact, bound)
            if found is not None:
                yield from self._met(goals[1:], found)
