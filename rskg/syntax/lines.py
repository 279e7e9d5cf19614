"""Statements as lines of N-Triples in its canonical layout (RDF 1.1 N-Triples 4), many at a time.

One space between terms, a full stop behind one more, no escape in an IRI: what reads them may
cut at spaces. Far quicker than a term object a term, where a million statements are to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import RdfFormat, Triple, parse, serialize

from rskg.errors import InputError
from rskg.syntax.sources import Source

_BATCH = 2000


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
    rest = b""
    for chunk in source.chunks():
        whole, end, begun = chunk.rpartition(b"\n")
        if end:
            yield rest + whole + end
            rest = begun
        else:
            rest += chunk
    yield rest


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
