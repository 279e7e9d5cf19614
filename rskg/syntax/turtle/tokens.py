"""The tokens of a Turtle document, comments among them (RDF 1.1 Turtle 6.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rskg.errors import InputError

_IRI = r"<[^\x00-\x20<>\"{}|^`]*>"
_PREFIX = r"(?:[^\W\d_](?:[\w.·-]*[\w·-])?)?"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:(?:[\w:]|{_ESCAPED})(?:(?:[\w:.·-]|{_ESCAPED})*(?:[\w:·-]|{_ESCAPED}))?)?"
_NAME = rf"{_PREFIX}:{_LOCAL}"
_STRING = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""|' + r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''|"
    r'"(?:[^"\\\n\r]|\\.)*"|' + r"'(?:[^'\\\n\r]|\\.)*'"
)
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<directive>@prefix\b|@base\b|(?i:prefix|base)(?=[\s<]))
  | (?P<term>
        (?:{_STRING})(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\s*\^\^\s*(?:{_IRI}|{_NAME}))?
      | {_IRI}
      | _:[\w](?:[\w.·-]*[\w·-])?
      | {_NAME}
      | [+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)
      | true\b|false\b|a(?=[\s<#"'\[(])
    )
  | (?P<sign>[\[\]();,.])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A token; `alone` for a comment on a line of its own, `gap` after an empty line."""

    kind: str
    text: str
    alone: bool = False
    gap: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Every token but white space; raises InputError with line and column for what is none."""
    position, alone, gap = 0, True, False
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            line = text.count("\n", 0, position) + 1
            column = position - text.rfind("\n", 0, position)
            raise InputError("Turtle that can't be laid out yet", line=line, column=column)
        if found.lastgroup == "space":
            breaks = found[0].count("\n")
            alone, gap = alone or breaks > 0, breaks > 1
        else:
            yield Token(
                found.lastgroup, found[0].rstrip() if found["comment"] else found[0], alone, gap
            )
            alone = gap = False
        position = found.end()
