"""The triple patterns of a query with the groups they stand in: enough to see what can't be.

Property paths stand apart; collections, FILTER, BIND and VALUES are passed over: what isn't
understood is never complained of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rskg.store.tokens import Token

_TERMS = ("iri", "name", "variable")
_TO_GROUP = {"SELECT", "CONSTRUCT", "ASK", "WHERE", "DESCRIBE"}
_TO_END = {"GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET"}
_PARTNER = {"(": ")", "{": "}", "[": "]"}


@dataclass(frozen=True)
class Pattern:
    """A triple pattern; `groups` are the group it stands in and those around that one.

    A group is told by the index of its brace among the tokens. A blank node `[ … ]` is None, and
    so is what isn't a term; a literal is `literal`. `gap` is what the object stands between.
    """

    subject: Token | None
    predicate: Token
    object: Token | None
    literal: bool
    groups: tuple[int, ...]
    gap: tuple[int, int]


@dataclass(frozen=True)
class Crossing:
    """A property path between two terms: the path's tokens, and the groups as in `Pattern`."""

    subject: Token | None
    path: Sequence[Token]
    object: Token | None
    groups: tuple[int, ...]


def patterns(tokens: Sequence[Token]) -> list[Pattern]:
    """Every triple pattern with one plain predicate, in the order of the text."""
    return _Reader(tokens).read()


def crossings(tokens: Sequence[Token]) -> list[Crossing]:
    """Every pattern with a property path, in the order of the text."""
    reader = _Reader(tokens)
    reader.read()
    return reader.crossings


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.groups: list[tuple[int, ...]] = []
        self.alone = False
        self.found: list[Pattern] = []
        self.crossings: list[Crossing] = []

    def read(self) -> list[Pattern]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text in "{}":
                self._brace(token.text)
            elif token.kind == "word":
                self._word(token.text.upper())
            elif self.groups and (token.kind in (*_TERMS, "text") or token.text in "[("):
                self._subject()
            else:
                self.at += 1
        return self.found

    def _brace(self, sign: str) -> None:
        self.at += 1
        if sign == "}":
            if self.groups:
                self.groups.pop()
            return
        around = self.groups[-1] if self.groups and not self.alone else ()
        self.groups.append((self.at - 1, *around))
        self.alone = False

    def _word(self, word: str) -> None:
        self.at += 1
        if word in _TO_GROUP and word != "WHERE":
            self._to("{")
            self.alone = word == "SELECT"
        elif word in _TO_END:
            self._to("}")
        elif word in ("FILTER", "BIND"):
            while self._kind() == "word" and self._text().upper() not in ("EXISTS", "NOT"):
                self.at += 1
            if self._text() == "(":
                self._skip()
        elif word == "VALUES":
            self._to("{")
            self._skip()
        elif word in ("GRAPH", "SERVICE", "PREFIX", "BASE"):
            self.at += 1 + (word == "PREFIX" or self._text().upper() == "SILENT")

    def _subject(self) -> None:
        token = self.tokens[self.at]
        if token.text == "[":
            self.at += 1
            self._predicates(None)
            self._past("]")
            subject = None
        elif token.text == "(":
            self._skip()
            subject = None
        else:
            self.at += 1
            subject = token
        self._predicates(subject)

    def _predicates(self, subject: Token | None) -> None:
        while self._starts_path():
            start = self.at
            predicate = self._path()
            path = self.tokens[start : self.at]
            while True:
                self._object(subject, predicate, path)
                if self._text() != ",":
                    break
                self.at += 1
            while self._text() == ";":
                self.at += 1

    def _starts_path(self) -> bool:
        word = self._kind() == "word" and self._text() == "a"
        return word or self._kind() in _TERMS or self._text() in ("^", "(", "!")

    def _path(self) -> Token | None:
        """The predicate, when it is one term; a path is passed over."""
        first, plain = self.tokens[self.at], True
        while True:
            while self._text() in ("^", "!"):
                self.at, plain = self.at + 1, False
            if self._text() == "(":
                self._skip()
                plain = False
            else:
                self.at += 1
            while self._text() in ("*", "+", "?"):
                self.at, plain = self.at + 1, False
            if self._text() not in ("/", "|"):
                return first if plain else None
            self.at, plain = self.at + 1, False

    def _object(
        self, subject: Token | None, predicate: Token | None, path: Sequence[Token]
    ) -> None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        literal, found = False, None
        if token is None:
            return
        before = self.tokens[self.at - 1].end
        if token.text == "[":
            self.at += 1
            self._predicates(None)
            self._past("]")
        elif token.text == "(":
            self._skip()
        elif token.kind in _TERMS:
            self.at, found = self.at + 1, token
        else:
            literal = True
            self._literal(token)
        if predicate is None and self.groups:
            self.crossings.append(Crossing(subject, path, found, self.groups[-1]))
        elif predicate is not None and self.groups:
            after = self.tokens[self.at].start if self.at < len(self.tokens) else token.end
            gap = (before, after)
            self.found.append(Pattern(subject, predicate, found, literal, self.groups[-1], gap))

    def _literal(self, token: Token) -> None:
        """Pass over text with its language or type, or true and false; numbers are no tokens."""
        if token.kind == "text" or token.text in ("true", "false", "+", "-"):
            self.at += 1
            if self._kind() == "text" and self._text().startswith("@"):
                self.at += 1
            elif self._text() == "^":
                self.at += 3

    def _kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def _text(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def _to(self, sign: str) -> None:
        while self._text() not in (sign, ""):
            self.at += 1

    def _past(self, sign: str) -> None:
        self._to(sign)
        self.at += 1

    def _skip(self) -> None:
        """Pass over a bracket and all that it holds."""
        opener = self._text()
        closer, depth = _PARTNER.get(opener, opener), 0
        while self.at < len(self.tokens):
            depth += (self._text() == opener) - (self._text() == closer)
            self.at += 1
            if depth <= 0:
                return
