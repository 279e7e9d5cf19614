"""Statements as lines of N-Triples in its canonical layout (RDF 1.1 N-Triples 4), many at a time.

One space between terms, a full stop behind one more, no escape in an IRI: what reads them may
cut at spaces. Far quicker than a term object a term, where a million statements are to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from itertools import islice

from pyoxigraph import RdfFormat, Triple, parse, serialize

from rskg.errors import InputError
from rskg.syntax.sources import Source

_BATCH = 2000
_IRI = re.compile(rb"<[^<>\\ ]*>")


def stretches(source: Source) -> Iterator[bytes]:
    """The document's statements, graphs merged, in stretches of whole lines.

    N-Triples come as they are written, whatever their layout, and unparsed; for the rest see
    `told_apart`.
    """
    if source.form != RdfFormat.N_TRIPLES:
        yield from told_apart(source)
        return
    counted = 0
    for stretch in whole_lines(source):
        counted += stretch.count(b"\n")
        source.require_room(counted)
        yield stretch


def whole_lines(source: Source) -> Iterator[bytes]:
    """The document's text in stretches that end where a line does, the last one where it ends."""
    rest: list[bytes] = []
    for chunk in source.chunks():
        whole, end, begun = chunk.rpartition(b"\n")
        if end:
            yield b"".join((*rest, whole, end))
            rest = [begun]
        else:
            rest.append(chunk)
    yield b"".join(rest)


def with_predicates(stretch: bytes, predicates: Set[bytes]) -> bytes:
    """The lines that have one of these predicates, and those of which that isn't certain.

    The text is whole lines of N-Triples in any layout, predicates as canonical ones have them.
    """
    if any(mark in stretch for mark in (b"\t", b"><", b"\n ")) or stretch[:1] == b" ":
        return stretch
    wanted = _Wanted(predicates)
    try:
        kept = [line for line in stretch.splitlines(True) if wanted[line.split(b" ", 2)[1]]]
    except IndexError:  # an empty line, or a comment
        return stretch
    return b"".join(kept)


class _Wanted(dict[bytes, bool]):
    """Whether a predicate is among those that are wanted, or may be one written otherwise."""

    def __init__(self, predicates: Set[bytes]) -> None:
        super().__init__(dict.fromkeys(predicates, True))

    def __missing__(self, predicate: bytes) -> bool:
        self[predicate] = found = not _IRI.fullmatch(predicate)
        return found


def told_apart(source: Source) -> Iterator[bytes]:
    """The statements as canonical lines, blank nodes told apart from other documents' by name.

    Raises InputError with line and column.
    """
    statements = (quad.triple for quad in source.quads())
    while batch := list(islice(statements, _BATCH)):
        yield lines(batch)


def lines(triples: Iterable[Triple]) -> bytes:
    """Triples as canonical lines."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def canonical(stretch: bytes) -> bytes:
    """Whole lines of N-Triples in the canonical layout; raises InputError where they are none."""
    try:
        return lines(quad.triple for quad in parse(stretch, format=RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise InputError("not N-Triples", line=error.lineno, column=error.offset) from error
