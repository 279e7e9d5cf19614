"""Documents as one text for an engine: as written where that can be, else line by line.

Turtle may be followed by Turtle, where prefixes are declared again. What would leak from one
document into the next, a base or a prefix, is no matter: the survey parses each document alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rskg.syntax import BlankNode, Source, Triple

_BATCH = 2000


def form(sources: Sequence[Source]) -> str:
    """The format that `text` comes in: `ttl` as soon as one document is Turtle."""
    return "ttl" if any(source.form.name == "Turtle" for source in sources) else "nt"


def text(sources: Sequence[Source], context: Sequence[Triple]) -> Iterator[bytes]:
    """All documents, then the context, which has no blank nodes."""
    for source in sources:
        plain = source.form.name in ("Turtle", "N-Triples")
        labelled = len(sources) > 1 and plain and _mentions(source.chunks(), b"_:")
        yield from source.chunks() if plain and not labelled else _as_lines(source)
        yield b"\n"
    yield "".join(f"{triple} .\n" for triple in context).encode()


def numbered(triples: Iterable[Triple]) -> Iterator[str]:
    """Triples as N-Triples, blank nodes `_:b0`, `_:b1` … in the order of their first mention."""
    names: dict[BlankNode, str] = {}
    for triple in triples:
        subject, value = (
            names.setdefault(end, f"_:b{len(names)}") if isinstance(end, BlankNode) else end
            for end in (triple.subject, triple.object)
        )
        yield f"{subject} {triple.predicate} {value} .\n"


def _as_lines(source: Source) -> Iterator[bytes]:
    """The document's statements as N-Triples, graphs merged, blank nodes told apart by name."""
    statements = iter(source.quads())
    while batch := list(islice(statements, _BATCH)):
        yield "".join([f"{quad.triple} .\n" for quad in batch]).encode()


def _mentions(chunks: Iterable[bytes], what: bytes) -> bool:
    last = b""
    for chunk in chunks:
        if what in last + chunk[: len(what)] or what in chunk:
            return True
        last = chunk[-len(what) :]
    return False
