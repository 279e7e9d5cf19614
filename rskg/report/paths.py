"""Property paths: from SPARQL's syntax (1.1, 9.1) to SHACL's nodes (2.3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"\s*(<[^>]*>|[()/|^*+?])")
_AFTER = {"*": "sh:zeroOrMorePath", "+": "sh:oneOrMorePath", "?": "sh:zeroOrOnePath"}

#: An IRI in angle brackets, a node with one property, or a sequence.
Path = str | dict[str, list["Path"]] | tuple["Path", ...]


def shacl_path(text: str) -> Path | None:
    """The path as SHACL writes it; None for a text that is no path that SHACL knows."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s+(?![^<]*>)", "", text):
        return None
    try:
        path = _alternative(tokens)
    except IndexError:
        return None
    return None if tokens else path


def _alternative(tokens: list[str]) -> Path:
    parts = _parted(tokens, "|", _sequence)
    return parts[0] if len(parts) == 1 else {"sh:alternativePath": [tuple(parts)]}


def _sequence(tokens: list[str]) -> Path:
    parts = _parted(tokens, "/", _step)
    return parts[0] if len(parts) == 1 else tuple(parts)


def _parted(tokens: list[str], sign: str, part: Callable[[list[str]], Path]) -> list[Path]:
    parts = [part(tokens)]
    while tokens and tokens[0] == sign:
        tokens.pop(0)
        parts.append(part(tokens))
    return parts


def _step(tokens: list[str]) -> Path:
    first = tokens.pop(0)
    if first == "^":
        return {"sh:inversePath": [_step(tokens)]}
    path: Path = first
    if first == "(":
        path = _alternative(tokens)
        if tokens.pop(0) != ")":
            raise IndexError(first)
    elif not first.startswith("<"):
        raise IndexError(first)
    while tokens and tokens[0] in _AFTER:
        path = {_AFTER[tokens.pop(0)]: [path]}
    return path
