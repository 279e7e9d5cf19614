"""The groups of a query, what each is to the answer, and the FILTERs and VALUES in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf

from rskg.store.tokens import Token

#: `needed` groups must match for the query to have an answer, `branch`es only one of them.
Role = OneOf["needed", "branch", "select", "aside"]

_AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PARTNER = {"(": ")", "{": "}"}


@dataclass(frozen=True)
class Group:
    """A group: the index of its brace, that of the one around it, and of its UNION's first branch.

    `graph` is what GRAPH names; `once` marks a SELECT of aggregates alone, which always has a row;
    `told` are the variables that a SELECT hands on, None for all.
    """

    brace: int
    around: int | None
    role: Role
    graph: Token | None = None
    union: int | None = None
    once: bool = False
    told: frozenset[str] | None = None


@dataclass(frozen=True)
class Condition:
    """A FILTER or VALUES: its text, its variables, its first token, the brace of its group."""

    text: str
    variables: frozenset[str]
    token: Token
    group: int | None
    terms: tuple[Token, ...] = ()


@dataclass
class Layout:
    """All groups by brace, and the conditions in the order of the text."""

    groups: dict[int, Group] = field(default_factory=dict)
    filters: list[Condition] = field(default_factory=list)
    values: list[Condition] = field(default_factory=list)

    def ways_up(self, brace: int | None) -> Iterator[Group]:
        """The group and those around it."""
        while brace is not None:
            yield self.groups[brace]
            brace = self.groups[brace].around

    def needed(self, brace: int) -> bool:
        """True when nothing is answered unless this group matches."""
        return all(g.role in ("needed", "select") and not g.once for g in self.ways_up(brace))

    def scope(self, brace: int | None) -> int | None:
        """The SELECT whose variables those of the group are."""
        return next((g.brace for g in self.ways_up(brace) if g.role == "select"), None)

    def reach(self, brace: int | None, name: str) -> int | None:
        """The outermost SELECT in which a variable of the group is still the same."""
        found: int | None = None
        for group in self.ways_up(brace):
            if group.role == "select":
                found = group.brace
                if group.told is not None and name not in group.told:
                    break
        return found

    def graph(self, brace: int) -> Token | None:
        """What the nearest GRAPH names."""
        return next((g.graph for g in self.ways_up(brace) if g.graph), None)

    def branch(self, brace: int) -> Group | None:
        """The branch of a UNION in which a group stands, when it is needed there."""
        ups = list(self.ways_up(brace))
        at = next((n for n, g in enumerate(ups) if g.role not in ("needed", "select")), None)
        if at is None or ups[at].role != "branch" or any(g.once for g in ups):
            return None
        rest = all(g.role in ("needed", "select") for g in ups[at + 1 :])
        return ups[at] if rest else None


def layout(text: str, tokens: Sequence[Token]) -> Layout:
    """Read it from the tokens of a query that parses."""
    made, stack = Layout(), list[int]()
    head: int | None = None
    for at, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() in _FORMS:
            head = at
        elif token.text == "{":
            group = _group(tokens, at, stack[-1] if stack else None, head)
            if group.role == "select":
                head = None
            made.groups[at] = _in_union(made, tokens, group)
            stack.append(at)
        elif token.text == "}" and stack:
            _closed(made, tokens, stack.pop(), at)
        elif token.says("FILTER") or token.says("VALUES"):
            _condition(made, text, tokens, at, stack[-1] if stack else None)
    return made


def _group(tokens: Sequence[Token], at: int, around: int | None, head: int | None) -> Group:
    words = [token.text.upper() for token in tokens[max(at - 3, 0) : at]]
    words = [""] * (3 - len(words)) + words
    last, second = words[-1], words[-2]
    if last in ("OPTIONAL", "MINUS", "CONSTRUCT") or (second, last) == ("NOT", "EXISTS"):
        return Group(at, around, "aside")
    if second == "SERVICE" or words[0] == "SERVICE" or _of_values(tokens, at):
        return Group(at, around, "aside")
    if last == "UNION":
        return Group(at, around, "branch")
    if second == "GRAPH":
        return Group(at, around, "needed", tokens[at - 1])
    if head is not None and last != "EXISTS":
        once = any(token.text.upper() in _AGGREGATES for token in tokens[head:at])
        return Group(at, around, "select", once=once, told=_told(tokens[head:at]))
    return Group(at, around, "needed")


def _told(head: Sequence[Token]) -> frozenset[str] | None:
    """The variables that `SELECT ?a (… AS ?b)` hands on; None for `SELECT *`."""
    found: set[str] = set()
    depth = 0
    for token in head:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.text == "*":
            return None
        if depth == 0 and token.kind == "variable":
            found.add(token.text[1:])
    return frozenset(found)


def _of_values(tokens: Sequence[Token], at: int) -> bool:
    """True for the brace after `VALUES ?x` or `VALUES (?x ?y)`."""
    back = at - 1
    while back >= 0 and (tokens[back].kind == "variable" or tokens[back].text in "()"):
        back -= 1
    return back >= 0 and tokens[back].says("VALUES")


def _in_union(made: Layout, tokens: Sequence[Token], group: Group) -> Group:
    """A branch knows the first branch of its UNION, which knows it only when it is closed."""
    if group.role != "branch":
        return group
    before = [g for g in made.groups.values() if g.around == group.around and g.role == "branch"]
    first = before[-1].union if before else None
    return replace(group, union=first if first is not None else group.brace)


def _closed(made: Layout, tokens: Sequence[Token], brace: int, at: int) -> None:
    group = made.groups[brace]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after and after.says("UNION") and group.role == "needed":
        made.groups[brace] = replace(group, role="branch", union=brace)
    elif group.role == "select" and group.once and after and after.says("GROUP"):
        made.groups[brace] = replace(group, once=False)


def _condition(
    made: Layout, text: str, tokens: Sequence[Token], at: int, group: int | None
) -> None:
    values = tokens[at].says("VALUES")
    opener = "{" if values else "("
    start = at + 1
    while start < len(tokens) and tokens[start].text != opener:
        start += 1
    end, depth = start, 0
    while end < len(tokens):
        depth += (tokens[end].text == opener) - (tokens[end].text == _PARTNER[opener])
        if depth == 0:
            break
        end += 1
    inside = tokens[at : end + 1]
    if end >= len(tokens) or any(token.says("EXISTS") for token in inside):
        return
    named = tokens[at:start] if values else inside
    found = Condition(
        text[tokens[at].start : tokens[end].end],
        frozenset(token.text[1:] for token in named if token.kind == "variable"),
        tokens[at],
        group,
        tuple(t for t in inside if t.kind in ("iri", "name")),
    )
    (made.values if values else made.filters).append(found)
