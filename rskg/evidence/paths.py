"""What lies on a property path: the triples between its ends, each as a pattern of its own.

SPARQL 1.1 Query 9 (Property Paths): a sequence passes through terms that the path hides, an
alternative takes one of several ways, and a repeated path any number of steps. Written out with a
variable for each term passed, the triples can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

from rskg.store.tokens import Token
from rskg.syntax import NamedNode

#: Subject, property and value; a name is a variable's.
Step = tuple[str | NamedNode, str | NamedNode, str | NamedNode]

_A = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_AGAIN = ("*", "+", "?")


@dataclass(frozen=True)
class Way:
    """A path between the variables `from` and `to`: a pattern that passes it, and its triples."""

    pattern: str
    steps: tuple[Step, ...]


def way(path: Sequence[Token], spaces: Mapping[str, str]) -> Way:
    """A path written out, given the IRIs of the prefixes."""
    reader = _Reader(path, spaces)
    return Way(reader.alternatives("from", "to"), tuple(reader.steps))


def part(token: Token, spaces: Mapping[str, str]) -> str | NamedNode | None:
    """A variable's name or an IRI; None for what isn't known as either."""
    if token.kind == "variable":
        return token.text[1:]
    if token.kind == "iri":
        return NamedNode(token.text[1:-1])
    if token.text == "a":
        return _A
    prefix, _, local = token.text.partition(":")
    return NamedNode(spaces[prefix] + local) if prefix in spaces and "\\" not in local else None


@dataclass
class _Reader:
    """Reads a path by its grammar (rules 88 to 95) and writes patterns between two variables."""

    tokens: Sequence[Token]
    spaces: Mapping[str, str]
    at: int = 0
    steps: list[Step] = field(default_factory=list)
    fresh: count[int] = field(default_factory=lambda: count(1))

    def alternatives(self, one: str, other: str) -> str:
        """`a|b`."""
        ways = [self._sequence(one, other)]
        while self._takes("|"):
            ways.append(self._sequence(one, other))
        return ways[0] if len(ways) == 1 else " UNION ".join(f"{{ {each} }}" for each in ways)

    def _sequence(self, one: str, other: str) -> str:
        ends = self._ends()
        names = [one, *(self._name() for _ in ends[1:]), other]
        found = []
        for here, there in pairwise(names):
            found.append(self._element(here, there))
            self._takes("/")
        return " ".join(found)

    def _element(self, one: str, other: str) -> str:
        """`^a`, `!a`, `(a)`, each with `*`, `+` or `?` behind."""
        if self._takes("^"):
            one, other = other, one
        end = self._end(self.at)
        again = end < len(self.tokens) and self.tokens[end].text in _AGAIN
        if not again:
            return self._primary(one, other)
        inside = "".join(f"{token.text} " for token in self.tokens[self.at : end])
        sign = self.tokens[end].text
        if sign == "?":
            found = self._primary(one, other)
        else:
            here, there = self._name(), self._name()
            step = self._primary(here, there)
            found = f"?{one} ({inside})* ?{here} . {{ {step} }} ?{there} ({inside})* ?{other} ."
        self.at += 1
        return found

    def _primary(self, one: str, other: str) -> str:
        token = self.tokens[self.at]
        if self._takes("("):
            found = self.alternatives(one, other)
            self._takes(")")
            return f"{{ {found} }}"
        if self._takes("!"):
            end = self._end(self.at)
            refused = "".join(f"{each.text} " for each in self.tokens[self.at : end])
            self.at, name = end, self._name()
            self.steps.append((one, name, other))
            return f"?{one} !({refused}) ?{other} . ?{one} ?{name} ?{other} ."
        self.at += 1
        iri = part(token, self.spaces)
        if iri is not None:
            self.steps.append((one, iri, other))
        return f"?{one} {token.text} ?{other} ."

    def _ends(self) -> list[int]:
        """Where each element of the sequence that begins here ends."""
        at, ends = self.at, []
        while True:
            while at < len(self.tokens) and self.tokens[at].text == "^":
                at += 1
            at = self._end(at)
            while at < len(self.tokens) and self.tokens[at].text in _AGAIN:
                at += 1
            ends.append(at)
            if at >= len(self.tokens) or self.tokens[at].text != "/":
                return ends
            at += 1

    def _end(self, at: int) -> int:
        """Behind the primary that begins at a token."""
        while self.tokens[at].text == "!":
            at += 1
        if self.tokens[at].text != "(":
            return at + 1 + (self.tokens[at].text == "^")
        depth = 0
        while at < len(self.tokens):
            depth += (self.tokens[at].text == "(") - (self.tokens[at].text == ")")
            at += 1
            if not depth:
                break
        return at

    def _takes(self, sign: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].text == sign:
            self.at += 1
            return True
        return False

    def _name(self) -> str:
        return f"passed{next(self.fresh)}"
