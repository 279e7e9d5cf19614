"""Documents as one text for an engine: as written where that can be, else line by line.

Turtle may be followed by Turtle, where prefixes are declared again. What would leak from one
document into the next, a base or a prefix, is no matter: the survey parses each document alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rskg.syntax import BlankNode, Source, Triple, told_apart


def form(sources: Sequence[Source]) -> str:
    """The format that `text` comes in: `ttl` as soon as one document is Turtle."""
    return "ttl" if any(source.form.name == "Turtle" for source in sources) else "nt"


def text(sources: Sequence[Source], context: bytes) -> Iterator[bytes]:
    """All documents, then the context, which has no blank nodes."""
    written = {"ttl": "Turtle", "nt": "N-Triples"}[form(sources)]
    for source in sources:
        plain = source.form.name == written
        plain = plain and (len(sources) == 1 or not _mentions(source.chunks(), b"_:"))
        yield from source.chunks() if plain else told_apart(source)
        yield b"\n"
    yield context


def numbered(triples: Iterable[Triple]) -> Iterator[str]:
    """Triples as N-Triples, blank nodes `_:b0`, `_:b1` … in the order of their first mention."""
    names: dict[BlankNode, str] = {}
    for triple in triples:
        subject, value = (
            names.setdefault(end, f"_:b{len(names)}") if isinstance(end, BlankNode) else end
            for end in (triple.subject, triple.object)
        )
        yield f"{subject} {triple.predicate} {value} .\n"


def _mentions(chunks: Iterable[bytes], what: bytes) -> bool:
    last = b""
    for chunk in chunks:
        if what in last + chunk[: len(what)] or what in chunk:
            return True
        last = chunk[-len(what) :]
    return False
