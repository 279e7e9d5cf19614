"""N-Triples and N-Quads with positions: a statement a line (RDF 1.1 N-Triples 7, N-Quads 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rskg.syntax.positions import tokens
from rskg.syntax.positions.statements import Labels, Statement, Wanted

_LINE = re.compile(
    r"[ \t]*(<[^>]*>|_:[^\s<]+)[ \t]*(<[^>]*>)[ \t]*"
    r"(<[^<>]*>|_:[^\s<]+|(\"(?:[^\"\\]|\\.)*\")(?:@([\w-]+)|\^\^(<[^>]*>))?|<<.*>>)"
)


def read(
    lines: Iterable[bytes], labels: Labels, wanted: Wanted = None, *, as_object: bool = False
) -> Iterator[tuple[int, Statement]]:
    """Each triple about a wanted subject, or with a wanted object, and its line; its stretches
    count from the line's start.
    """
    every = wanted is None or (as_object and any(node.startswith('"') for node in wanted))
    nodes = None if every or wanted is None else {node.encode() for node in wanted}
    for number, line in enumerate(lines, 1):
        if nodes is not None:
            if as_object:
                node = line[line.rfind(b"<") : line.rfind(b">") + 1]
            else:
                node = line[: line.find(b">") + 1].lstrip()
            if node not in nodes and b"\\" not in node:
                continue
        match = _LINE.match(line.decode())
        if match:
            yield number, _statement(match, labels)


def _statement(match: re.Match[str], labels: Labels) -> Statement:
    subject = _node(match[1], labels)
    if match[4]:
        language, datatype = match[5] or "", match[6] and tokens.iri(match[6], "")
        value = tokens.literal(tokens.string(match[4]), datatype or "", language)
    else:
        value = _node(match[3], labels)
    spans = match.span(1), match.span(2), match.span(3)
    return Statement(subject, tokens.iri(match[2], ""), value, *spans)


def _node(token: str, labels: Labels) -> str:
    if token.startswith("_:"):
        return labels.name(token)
    return token if token.startswith("<<") else tokens.iri(token, "")
