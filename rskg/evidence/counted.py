"""What an aggregate was made of: its pattern without the aggregate, for the groups of some rows.

SPARQL 1.1 Query 11 (Aggregates): the solutions of the pattern in WHERE are grouped by the keys of
GROUP BY. A key that the answer shows takes the values of its rows; one that it hides is free.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rskg.evidence.entailed import Fact, Row, stepped
from rskg.evidence.paths import Step, Way, part, way
from rskg.linting.groups import Layout, layout
from rskg.linting.patterns import Crossing, Pattern, crossings, patterns
from rskg.store.tokens import Token, tokens
from rskg.syntax import Literal, NamedNode

_AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT")
_BEHIND_KEYS = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
#: Datatypes whose values may come out a little different when they are computed again.
_INEXACT = ("decimal", "double", "float")


@dataclass(frozen=True)
class Count:
    """A SELECT with aggregates, or the whole query's: prologue, pattern, keys, steps and paths.

    A path is told by its ends, which are steps' ends, and by the way between them. `assigned` are
    the variables that are computed in the pattern: these are compared when it is solved.
    """

    prologue: str
    pattern: str
    keys: tuple[str, ...]
    steps: tuple[Step, ...]
    assigned: frozenset[str] = frozenset()
    paths: tuple[tuple[str | NamedNode, Way, str | NamedNode], ...] = ()

    def solutions(self, rows: Sequence[Row]) -> str:
        """The query for all solutions of the groups that the rows are of."""
        return f"{self.prologue}\nSELECT DISTINCT * {self._of(rows)}"

    def number(self, rows: Sequence[Row]) -> str:
        """The query for how many there are, as `n`."""
        inner = f"SELECT DISTINCT * {self._of(rows)}"
        return f"{self.prologue}\nSELECT (COUNT(*) AS ?n) {{ {{ {inner} }} }}"

    def _of(self, rows: Sequence[Row]) -> str:
        keys = [key for key in self.keys if any(_exact(row.get(key)) for row in rows)]
        if not keys:
            return f"{{ {self.pattern} }}"
        free = [
            key
            for key in keys
            if key not in self.assigned and all(isinstance(row.get(key), NamedNode) for row in rows)
        ]
        inner = f"{{ {_values(free, rows)} {self.pattern} }}"
        return inner if free == keys else f"{{ {_values(keys, rows)} {inner} }}"


def counts(query: str, prefixes: Mapping[str, str]) -> list[Count]:
    """The whole query's SELECT and every other that has aggregates, in the order of the text."""
    found = list(tokens(query))
    first = next((n for n, token in enumerate(found) if token.says("SELECT")), None)
    if first is None:
        return []
    prologue = query[: found[first].start]
    spaces = {**prefixes, **_declared(found[:first])}
    made, steps, ways = layout(query, found), patterns(found), crossings(found)
    ends = _ends(found)
    counted = []
    for brace, group in made.groups.items():
        if group.role != "select" or brace not in ends:
            continue
        end = ends[brace]
        head = next(n for n in range(brace, -1, -1) if found[n].says("SELECT"))
        keys = _keys(found, end)
        if keys is None and not any(t.text.upper() in _AGGREGATES for t in found[head:brace]):
            if group.around is not None:
                continue
            keys = sorted(group.told or made_of(found[brace : end + 1]))
        counted.append(
            Count(
                prologue,
                query[found[brace].end : found[end].start],
                tuple(key for key in keys or () if _shown(made, brace, key)),
                tuple(_steps(steps, brace, spaces)),
                _assigned(found[brace:end]),
                tuple(_paths(ways, brace, spaces)),
            )
        )
    return counted


def facts(count: Count, row: Row) -> Iterator[Fact]:
    """The triples of a solution: each step whose ends are bound."""
    for step in count.steps:
        yield from stepped(step, row)


def passed(count: Count, rows: Iterable[Row]) -> Iterator[tuple[str, Way]]:
    """Of each path, the query for what it passes between the ends that it has in the solutions."""
    ends: dict[Way, set[str]] = {}
    for row in rows:
        for one, between, other in count.paths:
            here, there = (row.get(end) if isinstance(end, str) else end for end in (one, other))
            if here is not None and there is not None:
                ends.setdefault(between, set()).add(f"({here} {there})")
    for between, pairs in ends.items():
        told = f"VALUES (?from ?to) {{ {' '.join(sorted(pairs))} }}"
        yield f"{count.prologue}\nSELECT DISTINCT * {{ {told} {between.pattern} }}", between


def _values(keys: Sequence[str], rows: Iterable[Row]) -> str:
    if not keys:
        return ""
    groups = dict.fromkeys(
        " ".join(str(row[key]) if _exact(row.get(key)) else "UNDEF" for key in keys) for row in rows
    )
    names = " ".join(f"?{key}" for key in keys)
    return f"VALUES ({names}) {{ {' '.join(f'({group})' for group in groups)} }}"


def _assigned(found: Sequence[Token]) -> frozenset[str]:
    """The variables that `AS` gives a value, which can't have one before."""
    ways = itertools.pairwise(found)
    return frozenset(name.text[1:] for word, name in ways if word.says("AS"))


def made_of(found: Iterable[Token]) -> set[str]:
    """The variables among tokens."""
    return {token.text[1:] for token in found if token.kind == "variable"}


def _exact(term: object) -> bool:
    """True for a term that is found again by its value."""
    if isinstance(term, Literal):
        return not term.datatype.value.endswith(_INEXACT)
    return isinstance(term, NamedNode)


def _shown(made: Layout, brace: int, key: str) -> bool:
    """True where the key is the same variable in the whole query's answer."""
    return all(
        group.role != "select" or group.told is None or key in group.told
        for group in made.ways_up(brace)
    )


def _keys(found: Sequence[Token], end: int) -> list[str] | None:
    """The variables behind GROUP BY, None where there is none."""
    if end + 1 >= len(found) or not found[end + 1].says("GROUP"):
        return None
    keys, depth = [], 0
    for token in found[end + 3 :]:
        if token.text == "}" or any(map(token.says, _BEHIND_KEYS)):
            break
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable" and not depth:
            keys.append(token.text[1:])
    return keys


def _ends(found: Sequence[Token]) -> dict[int, int]:
    """For each opening brace the closing one."""
    ends, stack = {}, list[int]()
    for n, token in enumerate(found):
        if token.text == "{":
            stack.append(n)
        elif token.text == "}" and stack:
            ends[stack.pop()] = n
    return ends


def _declared(found: Sequence[Token]) -> dict[str, str]:
    return {
        found[n + 1].text[:-1]: found[n + 2].text[1:-1]
        for n, token in enumerate(found[:-2])
        if token.says("PREFIX")
    }


def _steps(every: Iterable[Pattern], brace: int, spaces: Mapping[str, str]) -> Iterator[Step]:
    for one in every:
        if brace not in one.groups or one.subject is None or one.object is None:
            continue
        ends = (part(token, spaces) for token in (one.subject, one.predicate, one.object))
        thing, prop, value = ends
        if thing is not None and prop is not None and value is not None:
            yield thing, prop, value


def _paths(
    every: Iterable[Crossing], brace: int, spaces: Mapping[str, str]
) -> Iterator[tuple[str | NamedNode, Way, str | NamedNode]]:
    for one in every:
        if brace not in one.groups or one.subject is None or one.object is None:
            continue
        here, there = part(one.subject, spaces), part(one.object, spaces)
        if here is not None and there is not None:
            yield here, way(one.path, spaces), there
