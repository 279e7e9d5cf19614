"""What an aggregate was made of: its pattern without the aggregate, for the groups of some rows.

SPARQL 1.1 Query 11 (Aggregates): the solutions of the pattern in WHERE are grouped by the keys of
GROUP BY. A key that the answer shows takes the values of its rows; one that it hides is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rskg.linting.groups import Layout, layout
from rskg.linting.patterns import Pattern, patterns
from rskg.store.tokens import Token, tokens
from rskg.syntax import Literal, NamedNode, Term

Row = Mapping[str, Term | None]
Fact = tuple[NamedNode, NamedNode, NamedNode | Literal]
#: Subject, property and value; a name is a variable's.
Step = tuple[str | NamedNode, str | NamedNode, str | NamedNode]

_AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT")
_BEHIND_KEYS = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_A = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True)
class Count:
    """A SELECT with aggregates: the query's prologue, its pattern, its keys and its steps."""

    prologue: str
    pattern: str
    keys: tuple[str, ...]
    steps: tuple[Step, ...]

    def solutions(self, rows: Sequence[Row]) -> str:
        """The query for all solutions of the groups that the rows are of."""
        return f"{self.prologue}\nSELECT DISTINCT * {self._of(rows)}"

    def number(self, rows: Sequence[Row]) -> str:
        """The query for how many there are, as `n`."""
        inner = f"SELECT DISTINCT * {self._of(rows)}"
        return f"{self.prologue}\nSELECT (COUNT(*) AS ?n) {{ {{ {inner} }} }}"

    def _of(self, rows: Sequence[Row]) -> str:
        keys = [key for key in self.keys if any(row.get(key) is not None for row in rows)]
        if not keys:
            return f"{{ {self.pattern} }}"
        groups = dict.fromkeys(
            " ".join("UNDEF" if row.get(key) is None else str(row[key]) for key in keys)
            for row in rows
        )
        names = " ".join(f"?{key}" for key in keys)
        told = " ".join(f"({group})" for group in groups)
        return f"{{ VALUES ({names}) {{ {told} }} {{ {self.pattern} }} }}"


def counts(query: str, prefixes: Mapping[str, str]) -> list[Count]:
    """Every SELECT of the query that has aggregates, in the order of the text."""
    found = list(tokens(query))
    first = next((n for n, token in enumerate(found) if token.says("SELECT")), None)
    if first is None:
        return []
    prologue = query[: found[first].start]
    spaces = {**prefixes, **_declared(found[:first])}
    made, steps = layout(query, found), patterns(found)
    ends = _ends(found)
    counted = []
    for brace, group in made.groups.items():
        if group.role != "select" or brace not in ends:
            continue
        end = ends[brace]
        head = next(n for n in range(brace, -1, -1) if found[n].says("SELECT"))
        keys = _keys(found, end)
        if keys is None and not any(t.text.upper() in _AGGREGATES for t in found[head:brace]):
            continue
        counted.append(
            Count(
                prologue,
                query[found[brace].end : found[end].start],
                tuple(key for key in keys or () if _shown(made, brace, key)),
                tuple(_steps(steps, brace, spaces)),
            )
        )
    return counted


def facts(count: Count, row: Row) -> Iterator[Fact]:
    """The triples of a solution: each step whose ends are bound."""
    for step in count.steps:
        thing, prop, value = (row.get(part) if isinstance(part, str) else part for part in step)
        named = isinstance(thing, NamedNode) and isinstance(prop, NamedNode)
        if named and isinstance(value, NamedNode | Literal):
            yield thing, prop, value  # type: ignore[misc]


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
        ends = (_part(token, spaces) for token in (one.subject, one.predicate, one.object))
        thing, prop, value = ends
        if thing is not None and prop is not None and value is not None:
            yield thing, prop, value


def _part(token: Token, spaces: Mapping[str, str]) -> str | NamedNode | None:
    """A variable's name or an IRI; None for what isn't known as either."""
    if token.kind == "variable":
        return token.text[1:]
    if token.kind == "iri":
        return NamedNode(token.text[1:-1])
    if token.text == "a":
        return _A
    prefix, _, local = token.text.partition(":")
    return NamedNode(spaces[prefix] + local) if prefix in spaces and "\\" not in local else None
