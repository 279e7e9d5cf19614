"""From a fact that nobody stated to those it follows from, by the rules of the ontology.

Each rule about relations (`ontology/rules/*.ru`) is asked backwards: its pattern, for the facts
that it concluded. What it finds may follow from others in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rskg.evidence.paths import Step, part
from rskg.linting.patterns import patterns
from rskg.namespaces import graph
from rskg.paths import installed
from rskg.reasoning import load_rules
from rskg.store.tokens import Token, tokens
from rskg.syntax import Literal, NamedNode, Term

Row = Mapping[str, Term | None]
Fact = tuple[NamedNode, NamedNode, NamedNode | Literal]

#: A fact follows from others in so many steps at most.
DEEPEST = 4
_HEAD = ("thing", "property", "value")
_INFERRED = graph("inferred")
_TEST = re.compile(r"FILTER NOT EXISTS \{[^{}]*\}\s*\}\s*$")


@dataclass(frozen=True)
class Rule:
    """A rule asked backwards: a pattern whose conclusion is `thing property value`."""

    pattern: str
    steps: tuple[Step, ...]


def inferred(told: Iterable[Fact]) -> str:
    """The query for those of the facts that follow from others."""
    return f"SELECT * {{ {_values(told)} GRAPH <{_INFERRED}> {{ ?thing ?property ?value }} }}"


def premises(told: Iterable[Fact]) -> str:
    """The query for what the facts follow from by one rule."""
    ways = " UNION ".join(f"{{ {rule.pattern} }}" for rule in _rules())
    return f"SELECT DISTINCT * {{ {_values(told)} {ways} }}"


def facts(rows: Iterable[Row]) -> Iterator[Fact]:
    """The facts of the solutions of `premises`."""
    steps = [step for rule in _rules() for step in rule.steps]
    for row in rows:
        for step in steps:
            yield from stepped(step, row)


def stepped(step: Step, row: Row) -> Iterator[Fact]:
    """The triple of a step in a solution, where its ends are bound."""
    thing, prop, value = (row.get(each) if isinstance(each, str) else each for each in step)
    named = isinstance(thing, NamedNode) and isinstance(prop, NamedNode)
    if named and isinstance(value, NamedNode | Literal):
        yield thing, prop, value  # type: ignore[misc]


def _values(told: Iterable[Fact]) -> str:
    rows = "\n".join(sorted(f"({' '.join(map(str, fact))})" for fact in told))
    return f"VALUES (?thing ?property ?value) {{\n{rows}\n}}"


@cache
def _rules() -> tuple[Rule, ...]:
    """The rules about relations; each with variables of its own but for the conclusion."""
    kept = [
        rule for rule in load_rules(installed().ontology / "rules") if rule.about == "relations"
    ]
    return tuple(_backwards(rule.text, number) for number, rule in enumerate(kept))


def _backwards(text: str, number: int) -> Rule:
    found = list(tokens(text))
    spaces = {
        found[n + 1].text[:-1]: found[n + 2].text[1:-1]
        for n, token in enumerate(found[:-2])
        if token.says("PREFIX")
    }
    where = next(n for n, token in enumerate(found) if token.says("WHERE"))
    head = [token for token in found[:where] if token.kind == "variable"]
    names = {token.text: name for token, name in zip(head, _HEAD, strict=True)}

    def written(token: Token) -> str:
        if token.kind == "variable":
            return "?" + names.get(token.text, f"{token.text[1:]}_{number}")
        iri = part(token, spaces) if token.kind == "name" else None
        return str(iri) if iri is not None else token.text

    body, pattern, at = _TEST.sub("", text[found[where + 1].end :]), "", 0
    for token in tokens(body):
        pattern, at = pattern + body[at : token.start] + written(token), token.end
    return Rule(pattern, tuple(_steps(list(tokens(f"SELECT * {{ {pattern} }}")))))


def _steps(found: Sequence[Token]) -> Iterator[Step]:
    for one in patterns(found):
        if one.subject is not None and one.object is not None:
            ends = [part(token, {}) for token in (one.subject, one.predicate, one.object)]
            if None not in ends:
                yield tuple(ends)  # type: ignore[misc]
