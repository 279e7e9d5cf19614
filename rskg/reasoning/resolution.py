"""Clauses that ask for members of an unnamed class, joined with those that conclude them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from rskg.namespaces import GENID
from rskg.reasoning.clauses import Clause, Goal, filled, names, renamed, variables
from rskg.reasoning.pattern import Slot, Unreadable
from rskg.syntax import NamedNode, Variable

#: So many clauses at most take the place of those of one unnamed class.
MOST = 10_000


def without_unnamed(clauses: Iterable[Clause]) -> list[Clause]:
    """Clauses that conclude the same of named things, and ask for nothing unnamed.

    Raises Unreadable where an unnamed class is defined by itself.
    """
    left = {_normal(clause): clause for clause in clauses}
    while unnamed := {key for clause in left.values() for key in _unnamed(clause)}:
        key = min(unnamed, key=lambda each: (_work(each, left.values()), str(each)))
        left = {_normal(clause): clause for clause in _resolved(key, list(left.values()))}
    return list(left.values())


def _resolved(key: tuple[Slot, Slot], clauses: list[Clause]) -> Iterator[Clause]:
    concluding = [clause for clause in clauses if clause.head and _key(clause.head) == key]
    asking = [clause for clause in clauses if any(_key(goal) == key for goal in clause.body)]
    if set(map(id, concluding)) & set(map(id, asking)):
        raise Unreadable("a class without a name is defined by itself")
    if len(concluding) * len(asking) > MOST:
        raise Unreadable("a class without a name is asked for in too many ways")
    touched = {*map(id, concluding), *map(id, asking)}
    yield from (clause for clause in clauses if id(clause) not in touched)
    for clause in asking:
        yield from _joined(clause, key, concluding)


def _joined(clause: Clause, key: tuple[Slot, Slot], concluding: list[Clause]) -> Iterator[Clause]:
    """The clause with the conditions of each of those that conclude in place of what it asks."""
    goal = next((goal for goal in clause.body if _key(goal) == key), None)
    if goal is None:
        if clause.head not in clause.body:
            yield clause
        return
    others = tuple(each for each in clause.body if each != goal)
    for other in concluding:
        fresh = _renamed_apart(other, clause)
        same = _made_same(fresh.head[0] if fresh.head else goal[0], goal[0])
        if same is None:
            continue
        body = tuple(dict.fromkeys(filled(each, same) for each in (*others, *fresh.body)))
        tests = tuple(dict.fromkeys(renamed(t, same) for t in (*clause.tests, *fresh.tests)))
        head = None if clause.head is None else filled(clause.head, same)
        yield from _joined(Clause(clause.rule, head, body, tests), key, concluding)


def _made_same(one: Slot, other: Slot) -> dict[Variable, Slot] | None:
    if isinstance(one, Variable):
        return {one: other}
    if isinstance(other, Variable):
        return {other: one}
    return {} if one == other else None


def _renamed_apart(clause: Clause, other: Clause) -> Clause:
    taken = {v.value for v in _all(other)}
    fresh = (Variable(f"v{n}") for n in count() if f"v{n}" not in taken)
    own = {v: next(fresh) for v in sorted(_all(clause), key=str)}
    return _with(clause, own)


def _with(clause: Clause, own: dict[Variable, Variable]) -> Clause:
    return Clause(
        clause.rule,
        None if clause.head is None else filled(clause.head, own),
        tuple(filled(goal, own) for goal in clause.body),
        tuple(renamed(test, own) for test in clause.tests),
    )


def _all(clause: Clause) -> set[Variable]:
    goals = (*clause.body, clause.head) if clause.head else clause.body
    return variables(goals).union(*map(names, clause.tests))


def _normal(clause: Clause) -> object:
    """Equal for clauses that differ in the names of their variables only, where that is easy."""
    order: dict[Variable, Variable] = {}
    for goal in (*((clause.head,) if clause.head else ()), *clause.body):
        for slot in goal:
            if isinstance(slot, Variable):
                order.setdefault(slot, Variable(f"n{len(order)}"))
    told = _with(clause, order)
    return told.head, frozenset(told.body), frozenset(told.tests)


def _work(key: tuple[Slot, Slot], clauses: Iterable[Clause]) -> int:
    """How many clauses come of resolving one away; those defined by themselves come last."""
    concluding = asking = both = 0
    for clause in clauses:
        ends = clause.head is not None and _key(clause.head) == key
        begins = any(_key(goal) == key for goal in clause.body)
        concluding, asking, both = concluding + ends, asking + begins, both + (ends and begins)
    return concluding * asking + both * MOST


def _unnamed(clause: Clause) -> set[tuple[Slot, Slot]]:
    goals = (*clause.body, clause.head) if clause.head else clause.body
    return {
        _key(goal)
        for goal in goals
        if isinstance(goal[2], NamedNode) and goal[2].value.startswith(GENID)
    }


def _key(goal: Goal) -> tuple[Slot, Slot]:
    return goal[1], goal[2]
