"""XML entities, which let a short document grow without bounds when it is read.

The parser fetches none from elsewhere, but puts in what a document itself declares, in one
another too. What that comes to is told before it is done.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from rskg.errors import InputError

#: The most that references to entities may add to a document, in bytes.
MOST_ADDED = 10_000_000
_LONGEST_NAME = 10_000
_DECLARED = re.compile(rb"""<!ENTITY\s+([^\s%"'>]+)\s+(?:"([^"]*)"|'([^']*)')""")
_REFERRED = re.compile(rb"&([^\s;&#]+);")


def bounded(chunks: Iterable[bytes], path: Path | str | None = None) -> Iterator[bytes]:
    """The chunks of an XML document; raises InputError before its entities add too much.

    `path` only names the document in errors.
    """
    sizes: dict[bytes, int] | None = None
    added, rest = 0, b""
    for chunk in chunks:
        if sizes is None:
            sizes = _sizes(chunk, path)
        elif b"<!ENTITY" in chunk:
            raise InputError("its XML entities are declared too far from its beginning", path=path)
        rest += chunk
        seen = rest.rfind(b"&") if b";" not in rest[rest.rfind(b"&") :] else len(rest)
        seen = len(rest) if seen < 0 or not sizes else seen
        for name, times in Counter(_REFERRED.findall(rest[:seen])).items():
            added += sizes.get(name, 0) * times
        rest = rest[seen:][-_LONGEST_NAME:]
        if added > MOST_ADDED:
            raise InputError(
                f"its XML entities would add more than {MOST_ADDED:,} bytes to it", path=path
            )
        yield chunk


def _sizes(start: bytes, path: Path | str | None) -> dict[bytes, int]:
    """How long each entity is that is declared, with all that it refers to."""
    values = {name: double or single for name, double, single in _DECLARED.findall(start)}
    sizes: dict[bytes, int] = {}
    for name in values:
        _measure(name, values, sizes, path)
    return sizes


def _measure(
    name: bytes, values: dict[bytes, bytes], sizes: dict[bytes, int], path: Path | str | None
) -> None:
    """Note how long an entity is with all that it refers to, and those that it refers to."""
    waiting = [name]
    open_ones: set[bytes] = set()
    while waiting:
        this = waiting[-1]
        inner = [other for other in _REFERRED.findall(values[this]) if other in values]
        unknown = {other for other in inner if other not in sizes}
        open_ones.add(this)
        if this in sizes or not unknown:
            sizes[this] = len(values[this]) + sum(sizes[other] for other in inner)
            open_ones.discard(waiting.pop())
        elif unknown & open_ones:
            told = this.decode(errors="replace")
            raise InputError(f"its XML entity {told} contains itself", path=path)
        else:
            waiting += unknown
