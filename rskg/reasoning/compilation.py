"""From rules to clauses: the schema filled in, and what has no name resolved away.

The schema (what the vocabulary's terms mean) is the same from one commit to the next; facts come
and go. A rule such as "whatever an edge starts from is in the domain of its property" becomes one
clause for each domain. A class expression has no name and no members in the store: clauses that
conclude it are joined with those that ask for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from rskg.namespaces import OWL, RDF, RDFS
from rskg.reasoning.clauses import A, Clause, Goal, filled, holds, names, renamed, variables
from rskg.reasoning.closure import Rulebook
from rskg.reasoning.pattern import Atom, Branch, Count, Path, Slot, Unreadable, read_pattern
from rskg.reasoning.resolution import without_unnamed
from rskg.syntax import NamedNode, Term, Variable

Row = Mapping[str, Term | None]
Select = Callable[[str], Iterable[Row]]
_Rows = list[dict[Variable, Slot]]

_VOCABULARY = (OWL, RDFS, RDF)
#: Of the vocabulary's own terms these are said of things, not of terms.
_OF_THINGS = {NamedNode(OWL + name) for name in ("sameAs", "differentFrom", "Nothing")} | {A}
#: What tells that something is a term, whether a rule asks for it or not.
_DECLARING = [NamedNode(OWL + n) for n in ("Class", "ObjectProperty", "DatatypeProperty")]


class Schema:
    """Which statements say what terms mean, as far as the rules ask."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.properties: set[NamedNode] = {NamedNode(RDF + "first"), NamedNode(RDF + "rest")}
        self.classes: set[NamedNode] = set(_DECLARING)
        for each in (*rulebook.rules, *rulebook.checks):
            for branch in read_pattern(each.text).branches:
                self._take(branch)

    def _take(self, branch: Branch) -> None:
        for _, predicate, value in filter(is_schema, _asked(branch)):
            if predicate == A and isinstance(value, NamedNode):
                self.classes.add(value)
            elif isinstance(predicate, NamedNode):
                self.properties.add(predicate)

    def holds(self, predicate: NamedNode, value: Slot) -> bool:
        """True when the schema would change with a statement of this."""
        return value in self.classes if predicate == A else predicate in self.properties


def is_schema(atom: Atom) -> bool:
    """True when what is asked for is about terms."""
    _, predicate, value = atom
    if isinstance(predicate, Path):
        return True
    told = value if predicate == A else predicate
    return (
        isinstance(told, NamedNode)
        and told not in _OF_THINGS
        and told.value.startswith(_VOCABULARY)
    )


def compiled(rulebook: Rulebook, select: Select) -> list[Clause]:
    """The clauses of all rules and checks over the closed schema that `select` asks.

    Raises Unreadable for a rule that says what can't be said by clauses.
    """
    clauses: list[Clause] = []
    for rule in (*rulebook.rules, *rulebook.checks):
        read = read_pattern(rule.text)
        for branch in read.branches:
            for head in read.heads or (None,):
                if head is None or not is_schema(head):
                    clauses += _instances(rule.name, cast("Goal | None", head), branch, select)
    return without_unnamed(clauses)


def _asked(branch: Branch) -> list[Atom]:
    inner = [atom for count in branch.counts for each in count.branches for atom in _asked(each)]
    return [*branch.atoms, *inner]


def _instances(rule: str, head: Goal | None, branch: Branch, select: Select) -> Iterable[Clause]:
    if any(absent != (head,) for absent in branch.absent):
        raise Unreadable(f"{rule} asks for something not to be stated")
    if branch.counts:
        yield from _every(rule, head, branch, select)
        return
    schema, facts = _parted(branch)
    for row in _rows(schema, select):
        yield from _clause(rule, head, facts, branch, row)


def _clause(
    rule: str,
    head: Goal | None,
    facts: Sequence[Goal],
    branch: Branch,
    row: Mapping[Variable, Slot],
) -> Iterable[Clause]:
    tests = [renamed(test, row) for test in branch.tests]
    if all(holds(test, {}) for test in tests if not names(test)):
        body = tuple(dict.fromkeys(filled(goal, row) for goal in facts))
        concluded = None if head is None else filled(head, row)
        if concluded not in body:
            yield Clause(rule, concluded, body, tuple(test for test in tests if names(test)))


def _every(rule: str, head: Goal | None, branch: Branch, select: Select) -> Iterable[Clause]:
    """Clauses for two counts that have to be equal: every one of a list, and so many are met."""
    listed, met = sorted(branch.counts, key=lambda count: len(count.keys))
    equal = [test for test in branch.tests if set(test.of) == {listed.name, met.name}]
    plain = not branch.atoms and len(branch.tests) == len(equal) == 1 and equal[0].operator == "="
    if len(branch.counts) != 2 or not plain or head is None:
        raise Unreadable(f"{rule} counts in a way that isn't known")
    wanted = _members(listed, listed.keys, select)
    (inner,) = met.branches
    _, facts = _parted(inner)
    for key, rows in _members(met, listed.keys, select).items():
        if set(rows) != set(wanted[key]):
            raise Unreadable(f"{rule} counts other things than it lists")
        if any(
            len({tuple(filled(goal, row) for goal in facts) for row in of}) > 1
            for of in rows.values()
        ):
            raise Unreadable(f"{rule} meets one of its list in several ways")
        goals: list[Goal] = []
        tests = []
        for number, of in enumerate(rows.values()):
            own = {v: Variable(f"{v.value}_{number}") for v in variables(facts) - set(met.keys)}
            row = {**own, **of[0]}
            goals += [filled(goal, row) for goal in facts]
            tests += [renamed(test, row) for test in inner.tests]
        both = dict(zip(listed.keys, key, strict=True))
        yield from _clause(rule, head, goals, Branch(tests=tuple(dict.fromkeys(tests))), both)


def _members(
    count: Count, keys: Sequence[Variable], select: Select
) -> dict[tuple[Slot, ...], dict[Slot, _Rows]]:
    """For each value of the keys what is counted, with the rows of the schema that say so."""
    (branch,) = count.branches
    found: dict[tuple[Slot, ...], dict[Slot, _Rows]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(_parted(branch)[0], select):
        found[tuple(row[key] for key in keys)][row[count.counted]].append(row)
    return found


def _parted(branch: Branch) -> tuple[list[Atom], list[Goal]]:
    schema = [atom for atom in branch.atoms if is_schema(atom)]
    return schema, [cast(Goal, atom) for atom in branch.atoms if not is_schema(atom)]


def _rows(schema: Sequence[Atom], select: Select) -> _Rows:
    """What the variables of the schema's part can be."""
    if not schema:
        return [{}]
    asked = " . ".join(" ".join(map(_written, atom)) for atom in schema)
    rows = select(f"SELECT DISTINCT * WHERE {{ {asked} }}")
    return [
        {Variable(name): term for name, term in row.items() if term is not None} for row in rows
    ]


def _written(slot: Slot | Path) -> str:
    return slot.text if isinstance(slot, Path) else str(slot)
