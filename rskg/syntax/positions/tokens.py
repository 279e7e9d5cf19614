"""Turtle's tokens (RDF 1.1 Turtle 6.5, TriG 3.5) as one pattern, and terms from them."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from rskg.namespaces import XSD

_IRI = r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"
_STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n\r]|\\.)*+"'
    r"|'(?:[^'\\\n\r]|\\.)*+'"
)
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_NAME = r"[\w\-·\u0300-\u036f\u203f\u2040]"
_LOCAL = rf"(?:(?:{_NAME}|:|{_ESCAPED})(?:(?:{_NAME}|:|\.(?=(?:{_NAME}|[:.%\\]))|{_ESCAPED})*+)?)?"
_PREFIX = rf"(?:[^\W\d_](?:{_NAME}|\.(?=(?:{_NAME}|\.)))*+)?"
TOKEN = re.compile(
    r"(?P<space>(?:[ \t\r\n]+|\#[^\n\r]*)+)"
    rf"|(?P<iri>{_IRI})"
    rf"|(?P<string>{_STRING})"
    r"|(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)"
    r"|(?P<hats>\^\^)"
    rf"|(?P<blank>_:(?:{_NAME}|\.(?={_NAME}))++)"
    r"|(?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+))"
    rf"|(?P<pname>{_PREFIX}:{_LOCAL})"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<mark><<\(?|\)?>>|\{\||\|\}|[.;,\[\](){}~])",
    re.DOTALL,
)
#: From inside a statement to behind its full stop, at the cost of one match.
REST = re.compile(
    r"(?:[^.<\"'#\\]++"
    rf"|{_IRI}|{_STRING}|\#[^\n\r]*|\\.|<"
    r"|(?<=[\w\-])\.(?=[\w\-:%\\])|(?<=[\s+\-])\.(?=\d))*+\.",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_NUMBERS = (("e", "double"), (".", "decimal"))


def unescaped(text: str) -> str:
    """String, IRI or local-name escapes resolved (Turtle 6.4)."""
    if "\\" not in text:
        return text

    def letter(match: re.Match[str]) -> str:
        said = match[1]
        if said[0] in "uU" and len(said) > 1:
            return chr(int(said[1:], 16))
        return _LETTERS.get(said, said)

    return _ESCAPE.sub(letter, text)


def iri(token: str, base: str) -> str:
    """An IRI token in N-Triples syntax, resolved against the base."""
    said = unescaped(token[1:-1])
    return f"<{urljoin(base, said) if base and ':' not in said.split('/')[0] else said}>"


def name(token: str, prefixes: dict[str, str]) -> str:
    """A prefixed name in N-Triples syntax."""
    prefix, _, local = token.partition(":")
    return f"<{prefixes.get(prefix, '')}{unescaped(local)}>"


def string(token: str) -> str:
    """The text that a string token stands for."""
    quotes = 3 if token[:3] in ('"""', "'''") else 1
    return unescaped(token[quotes:-quotes])


def plain(token: str) -> str:
    """A number or a boolean in N-Triples syntax."""
    kind = "integer"
    if token in ("true", "false"):
        kind = "boolean"
    for sign, other in reversed(_NUMBERS):
        kind = other if sign in token.lower() and kind != "boolean" else kind
    return literal(token, f"<{XSD}{kind}>")


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """A literal in N-Triples syntax."""
    if language:
        tag, _, direction = language.partition("--")
        return str(Literal(text, language=tag)) + (f"--{direction}" if direction else "")
    return str(Literal(text, datatype=NamedNode(datatype[1:-1])) if datatype else Literal(text))
