"""A question's parameters put into its text, for engines that take a query's text and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rskg.store.tokens import Token
from rskg.syntax import Term

Change = tuple[int, int, str]


def with_parameters(query: str, read: Sequence[Token], bindings: Mapping[str, Term]) -> str:
    """The query with each parameter's value where its variable stands in a pattern.

    A head that names the variable still finds it, bound at the end of its pattern. A subquery that
    doesn't give the variable out has one of its own of that name, which stays as it is.
    """
    scopes = _scopes(read)
    changes = [c for name, value in bindings.items() for c in _changes(read, scopes, name, value)]
    for start, end, text in sorted(changes, reverse=True):
        query = query[:start] + text + query[end:]
    return query


def closing(read: Sequence[Token], opening: int) -> int:
    """Where the brace closes that opens there, both as positions among the tokens."""
    depth = 0
    for at in range(opening, len(read)):
        depth += (read[at].text == "{") - (read[at].text == "}")
        if depth == 0:
            return at
    raise ValueError("a group is not closed")


@dataclass(frozen=True)
class _Scope:
    """A SELECT: its head, and its pattern from brace to brace, as positions among the tokens."""

    head: int
    opening: int
    closing: int

    def holds(self, other: _Scope) -> bool:
        return self.opening < other.head < self.closing


def _scopes(read: Sequence[Token]) -> list[_Scope]:
    """The query's own scope first, then those of its subqueries."""
    found = [_scope(read, at) for at, token in enumerate(read) if token.says("SELECT")]
    if found and read[found[0].head - 1].text != "{":
        return found
    opening = next(at for at, t in enumerate(read) if t.text == "{" and _opens_pattern(read, at))
    return [_Scope(opening - 1, opening, closing(read, opening)), *found]


def _opens_pattern(read: Sequence[Token], at: int) -> bool:
    """True for the brace of an ASK's or a CONSTRUCT's pattern, not for that of a template."""
    if not read[at - 1].says("CONSTRUCT"):
        return True
    after = closing(read, at) + 1
    return after == len(read) or not (read[after].says("WHERE") or read[after].text == "{")


def _scope(read: Sequence[Token], head: int) -> _Scope:
    opening = next(at for at in range(head, len(read)) if read[at].text == "{")
    return _Scope(head, opening, closing(read, opening))


def _changes(
    read: Sequence[Token], scopes: Sequence[_Scope], name: str, value: Term
) -> Iterator[Change]:
    outer = scopes[0]
    own = [scope for scope in scopes[1:] if not _gives(read, scope, name)]
    shared = [s for s in scopes if not any(o == s or o.holds(s) for o in own)]
    for at in range(outer.opening, outer.closing):
        if read[at].kind != "variable" or read[at].text[1:] != name:
            continue
        if any(o.head <= at <= o.closing or _is_behind(read, o, at) for o in own):
            continue
        if not any(s.head <= at < s.opening or _is_behind(read, s, at) for s in shared[1:]):
            yield from _change(read, at, value)
    for scope in shared:
        end = read[scope.closing].start
        yield end, end, f" VALUES ?{name} {{ {value} }} "


def _change(read: Sequence[Token], at: int, value: Term) -> Iterator[Change]:
    """The value in place of a variable, unless it is being bound there."""
    if read[at - 2].says("BOUND") and read[at - 1].text == "(":
        yield read[at - 2].start, read[at + 1].end, "true"
    elif not (read[at - 1].says("AS") or read[at - 1].says("VALUES")):
        yield read[at].start, read[at].end, str(value)


def _gives(read: Sequence[Token], scope: _Scope, name: str) -> bool:
    """True for a SELECT whose head gives out the variable."""
    head = read[scope.head : scope.opening]
    return any((t.kind == "variable" and t.text[1:] == name) or t.text == "*" for t in head)


def _is_behind(read: Sequence[Token], scope: _Scope, at: int) -> bool:
    """True behind a subquery's pattern: in its GROUP BY, HAVING or ORDER BY."""
    if at <= scope.closing:
        return False
    depth = 0
    for token in read[scope.closing + 1 : at + 1]:
        depth += (token.text == "{") - (token.text == "}")
        if depth < 0:
            return False
    return True
