"""SPARQL text as tokens: enough of the grammar's terminals to tell words from what hides them.

Tokens only find; whether a word really is a keyword is decided by the engine's parser, see
`rskg.store.reach`. Terminals: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

Kind = OneOf["iri", "text", "variable", "name", "word", "sign"]

_TERMINALS = re.compile(
    r"""(?P<skipped>[\s]+|\#[^\n\r]*)"""
    r"""|(?P<iri><[^<>"{}|^`\x00-\x20]*>)"""
    r"""|(?P<text>"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|@[A-Za-z][\w-]*)"""
    r"""|(?P<variable>[?$]\w+)"""
    r"""|(?P<name>(?:[^\W\d](?:[\w.·-]*[\w·-])?)?:"""
    r"""(?:(?:[\w:%]|\\.)(?:(?:[\w:%.·-]|\\.)*(?:[\w:%·-]|\\.))?)?)"""
    r"""|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<sign>.)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A token: its kind, its text as written, and where it starts and ends."""

    kind: Kind
    text: str
    start: int
    end: int

    def says(self, word: str) -> bool:
        """True for this keyword, in capitals or not."""
        return self.kind == "word" and self.text.isascii() and self.text.upper() == word


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query or update, without space, comments and numbers."""
    for match in _TERMINALS.finditer(query):
        kind = match.lastgroup
        if kind not in ("skipped", "number"):
            yield Token(kind, match[0], match.start(), match.end())  # type: ignore[arg-type]


def keywords(query: str) -> set[str]:
    """The bare words of a query, in capitals; strings, IRIs, comments and names hide theirs."""
    return {token.text.upper() for token in tokens(query) if token.kind == "word"}
