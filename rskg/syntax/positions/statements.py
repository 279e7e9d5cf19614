"""A statement with its terms' stretches of the text, and stretches as lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Set
from typing import NamedTuple

#: Start and end of a stretch, in characters of the text.
Span = tuple[int, int]


class Statement(NamedTuple):
    """Terms in N-Triples syntax, and where each stands."""

    subject: str
    predicate: str
    object: str
    subject_at: Span
    predicate_at: Span
    object_at: Span


#: The subjects that matter; None when all do.
Wanted = Set[str] | None
#: Pairs of terms that some statements have: subject, predicate and object, less one of them.
Pairs = Set[tuple[str, str]]


class Lines:
    """A text's line starts, to tell an offset as line and column (from 1)."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        place = text.find("\n")
        while place >= 0:
            self._starts.append(place + 1)
            place = text.find("\n", place + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class ByteLines:
    """The same for offsets in bytes of UTF-8; columns still count characters."""

    def __init__(self, content: bytes) -> None:
        self._content, self._starts = content, [0]
        place = content.find(b"\n")
        while place >= 0:
            self._starts.append(place + 1)
            place = content.find(b"\n", place + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        before = self._content[self._starts[line - 1] : offset]
        return line, len(before.decode(errors="replace")) + 1


class Labels:
    """Names for blank nodes, each once."""

    def __init__(self) -> None:
        self._names: dict[object, str] = {}

    def name(self, node: object) -> str:
        """The node's label, a new one when it is new."""
        return self._names.setdefault(node, f"_:b{len(self._names)}")
