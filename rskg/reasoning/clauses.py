"""Rules with the schema filled in: clauses over facts alone, found by what a fact looks like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from rskg.namespaces import RDF
from rskg.reasoning.pattern import Slot, Test, Unreadable
from rskg.syntax import Literal, NamedNode, Term, Triple, Variable

A = NamedNode(RDF + "type")

Fact = tuple[Term, NamedNode, Term]
Goal = tuple[Slot, Slot, Slot]
Bindings = Mapping[Variable, Slot]


@dataclass(frozen=True)
class Clause:
    """When all of `body` is stated and the tests hold, so does `head`; without one, nothing can."""

    rule: str
    head: Goal | None
    body: tuple[Goal, ...]
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True)
class Trigger:
    """A clause that a fact sets off by its goal `at`; the others in the order to look for them."""

    clause: Clause
    at: Goal
    rest: tuple[Goal, ...]


class Program:
    """Clauses, to be found by a fact in their body or by their head."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.clauses = tuple(clauses)
        self._set_off: dict[tuple[Slot | None, Slot | None], list[Trigger]] = defaultdict(list)
        self._concluding: dict[tuple[Slot | None, Slot | None], list[Trigger]] = defaultdict(list)
        for clause in self.clauses:
            for place, goal in enumerate(clause.body):
                others = clause.body[:place] + clause.body[place + 1 :]
                self._set_off[_key(goal)].append(Trigger(clause, goal, _ordered(goal, others)))
            if clause.head is not None:
                trigger = Trigger(clause, clause.head, _ordered(clause.head, clause.body))
                self._concluding[_key(clause.head)].append(trigger)

    def set_off(self, fact: Fact) -> Iterator[Trigger]:
        """The clauses with a goal that the fact may meet."""
        return _found(self._set_off, fact)

    def concluding(self, fact: Fact) -> Iterator[Trigger]:
        """The clauses that may conclude the fact."""
        return _found(self._concluding, fact)


def unified(goal: Goal, fact: Fact, bound: Bindings | None = None) -> dict[Variable, Slot] | None:
    """What the variables of a goal have to be for it to say the fact; None where it can't."""
    bindings = dict(bound or {})
    for slot, term in zip(goal, fact, strict=True):
        if isinstance(slot, Variable):
            known = bindings.setdefault(slot, term)
            if known != term:
                return None
        elif slot != term:
            return None
    return bindings


def filled(goal: Goal, bindings: Bindings) -> Goal:
    """The goal with its variables replaced where they are bound."""
    s, p, o = goal
    return (
        bindings.get(s, s) if isinstance(s, Variable) else s,
        bindings.get(p, p) if isinstance(p, Variable) else p,
        bindings.get(o, o) if isinstance(o, Variable) else o,
    )


def variables(goals: Iterable[Goal]) -> set[Variable]:
    """The variables of some goals."""
    return {slot for goal in goals for slot in goal if isinstance(slot, Variable)}


def fact_of(goal: Goal) -> Fact | None:
    """The fact that a goal without variables is; None for one that RDF can't state."""
    subject, predicate, value = cast("tuple[Term, Term, Term]", goal)
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        return None
    return subject, predicate, value


def triple_of(fact: Fact) -> Triple:
    """A fact as a triple."""
    subject, predicate, value = fact
    return Triple(cast(NamedNode, subject), predicate, value)


def holds(test: Test, bindings: Bindings) -> bool:
    """Whether a test is met (SPARQL 1.1, 17); raises Unreadable for what isn't known here."""
    compare = _COMPARISONS.get(test.operator)
    if test.operator == "not":
        inner = test.of[0]
        return not holds(inner, bindings) if isinstance(inner, Test) else False
    values = [_value(each, bindings) for each in test.of]
    if compare is None:
        raise Unreadable(f"{test.operator} is not known in a rule")
    return compare(*values)


def names(test: Test) -> set[Variable]:
    """The variables of a test."""
    found: set[Variable] = set()
    for each in test.of:
        found |= names(each) if isinstance(each, Test) else variables([(each, each, each)])
    return found


def renamed(test: Test, bindings: Bindings) -> Test:
    """The test with its variables replaced where they are bound."""
    of = tuple(
        renamed(each, bindings)
        if isinstance(each, Test)
        else bindings.get(each, each)
        if isinstance(each, Variable)
        else each
        for each in test.of
    )
    return Test(test.operator, of)


def _value(each: Test | Slot, bindings: Bindings) -> Slot:
    if not isinstance(each, Test):
        return bindings.get(each, each) if isinstance(each, Variable) else each
    if each.operator == "str":
        return Literal(str(getattr(_value(each.of[0], bindings), "value", "")))
    raise Unreadable(f"{each.operator} is not known as a value in a rule")


def _equal(one: Slot, other: Slot) -> bool:
    if one != other and isinstance(one, Literal) and isinstance(other, Literal):
        numbers = [each.value for each in (one, other)]
        if all(n.isdigit() for n in numbers):
            return int(numbers[0]) == int(numbers[1])
    return one == other


_COMPARISONS: dict[str, Callable[..., bool]] = {
    "=": _equal,
    "!=": lambda one, other: not _equal(one, other),
    "<": lambda one, other: str(one.value) < str(other.value),
    "isliteral": lambda one: isinstance(one, Literal),
    "isiri": lambda one: isinstance(one, NamedNode),
}


def _key(goal: Goal) -> tuple[Slot | None, Slot | None]:
    _, predicate, value = goal
    if isinstance(predicate, Variable):
        return None, None
    if predicate == A and not isinstance(value, Variable):
        return predicate, value
    return predicate, None


def _found(
    index: Mapping[tuple[Slot | None, Slot | None], list[Trigger]], fact: Fact
) -> Iterator[Trigger]:
    _, predicate, value = fact
    yield from index.get((None, None), ())
    yield from index.get((predicate, None), ())
    if predicate == A:
        yield from index.get((predicate, value), ())


def _ordered(first: Goal, others: Iterable[Goal]) -> tuple[Goal, ...]:
    """Goals in an order in which each has as many bound places as can be."""
    known, left, order = variables([first]), list(others), list[Goal]()
    while left:
        best = max(left, key=lambda goal: _weight(goal, known))
        left.remove(best)
        order.append(best)
        known |= variables([best])
    return tuple(order)


def _weight(goal: Goal, known: set[Variable]) -> tuple[int, int]:
    bound = [not isinstance(slot, Variable) or slot in known for slot in goal]
    return bound[0] + bound[2] + (bound[0] and bound[1]), sum(bound)
