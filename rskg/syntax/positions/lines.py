"""N-Triples and N-Quads with positions: a statement a line (RDF 1.1 N-Triples 7, N-Quads 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rskg.namespaces import XSD
from rskg.syntax.blocks import odd
from rskg.syntax.positions import tokens
from rskg.syntax.positions.statements import Labels, Pairs, Statement, Wanted

_LINE = re.compile(
    r"[ \t]*(<[^>]*>|_:[^\s<]+)[ \t]*(<[^>]*>)[ \t]*"
    r"(<[^<>]*>|_:[^\s<]+|(\"(?:[^\"\\]|\\.)*\")(?:@([\w-]+)|\^\^(<[^>]*>))?|<<.*>>)"
)
_STRING = f"<{XSD}string>"
_PLAIN = f"^^{_STRING}".encode()


def read(
    stretches: Iterable[tuple[int, bytes]],
    labels: Labels,
    wanted: Wanted = None,
    *,
    as_object: bool = False,
    sought: Pairs | None = None,
) -> Iterator[tuple[int, Statement]]:
    """Each triple about a wanted subject, or with a wanted object, and its line; its stretches
    count from the line's start. The text comes in stretches of whole lines, each with the number of
    lines before it.

    With `sought`, at least the first about each subject and those with one of these pairs.
    """
    every = wanted is None or (as_object and any(node.startswith('"') for node in wanted))
    nodes = None if every or wanted is None else {node.encode() for node in wanted}
    telling = _Telling(sought) if sought is not None and not as_object else None
    for number, stretch in stretches:
        lines = stretch.split(b"\n")
        for place in _chosen(stretch, lines, nodes, as_object, telling):
            match = _LINE.match(lines[place].decode())
            if match:
                yield number + place + 1, _statement(match, labels)


def _chosen(
    stretch: bytes,
    lines: list[bytes],
    nodes: set[bytes] | None,
    as_object: bool,
    telling: _Telling | None,
) -> Iterable[int]:
    """The indexes of the lines that may have one of the nodes as their subject, or object."""
    if nodes is None or odd(stretch):
        return range(len(lines))
    if as_object:
        return [
            place
            for place, line in enumerate(lines)
            if line[line.rfind(b"<") : line.rfind(b">") + 1] in nodes
        ]
    chosen = [place for place, line in enumerate(lines) if line[: line.find(b" ")] in nodes]
    return chosen if telling is None else [at for at in chosen if telling.holds(lines[at])]


class _Telling:
    """Which lines may be a subject's first one, or hold a pair that is sought, as written."""

    def __init__(self, sought: Pairs) -> None:
        self._beside = defaultdict[bytes, set[bytes]](set)
        for one, other in sought:
            self._beside[one.encode()].add(other.encode())
        self._tagged = any('"@' in other for _, other in sought)
        self._seen = set[bytes]()

    def holds(self, line: bytes) -> bool:
        """False only where the line is certain not to matter."""
        try:
            subject, predicate, value = line.split(b" ", 2)
        except ValueError:
            return True
        if subject not in self._seen:
            self._seen.add(subject)
            return True
        if value[-2:] != b" .":
            return True
        value, beside = value[:-2], self._beside
        if subject in beside and (predicate in beside[subject] or value in beside[subject]):
            return True
        return (predicate in beside and value in beside[predicate]) or self._otherwise(value)

    def _otherwise(self, value: bytes) -> bool:
        """Whether this may be another way to write a term, or has a comment behind it."""
        if not value.startswith(b'"'):
            return b" " in value
        tagged = self._tagged and value[-1:] not in (b'"', b">")
        return tagged or b"\\" in value or value.endswith(_PLAIN) or b" #" in value


def _statement(match: re.Match[str], labels: Labels) -> Statement:
    spans = match.span(1), match.span(2), match.span(3)
    plain = match[4] and not match[5] and match[6] != _STRING
    if (plain or match[3].startswith("<")) and "\\" not in match[0] and match[1][0] == "<":
        return Statement(match[1], match[2], match[3], *spans)
    subject = _node(match[1], labels)
    if match[4]:
        language, datatype = match[5] or "", match[6] and tokens.iri(match[6], "")
        value = tokens.literal(tokens.string(match[4]), datatype or "", language)
    else:
        value = _node(match[3], labels)
    return Statement(subject, tokens.iri(match[2], ""), value, *spans)


def _node(token: str, labels: Labels) -> str:
    if token.startswith("_:"):
        return labels.name(token)
    return token if token.startswith("<<") else tokens.iri(token, "")
