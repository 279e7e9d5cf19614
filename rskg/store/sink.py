"""Where an answer is written: counts bytes and rows, and stops the query at their bounds.

What is larger than may be held until it is complete is sent on in pieces, where there is a way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from rskg.errors import BudgetExceeded
from rskg.syntax import Format

#: What ends or parts the rows of a format, and how often it occurs in an answer without rows.
#: Each stands where no value can hold it: values escape `<` in XML, quotes in JSON and newlines
#: in TSV. A JSON row that binds nothing isn't counted.
_MARKS = {"json": (b'},{"', -1), "xml": (b"<result>", 0), "tsv": (b"\n", 1), "csv": (b"\n", 1)}


#: The size of the pieces in which a large answer is sent on, in bytes.
PIECE = 1 << 17


class Sink:
    """A file to the engine; raises BudgetExceeded("rows" or "bytes") when too much comes.

    With `send`, what comes is handed on in pieces as soon as there are more than `whole` bytes.
    """

    def __init__(
        self,
        form: Format,
        rows: int | None = None,
        size: int | None = None,
        *,
        whole: int = sys.maxsize,
        send: Callable[[bytes], None] | None = None,
    ) -> None:
        self._mark, self._more = _MARKS.get(form.name, (b"", 0))
        self._overlap = max(len(self._mark) - 1, 0)
        self._quoted = form.name == "csv"
        self._open = False
        self._marks = self._counted = 0
        self._rows, self._size = rows, size or sys.maxsize
        #: Fewer bytes hold no row too many, so that most answers are never counted.
        self._few = sys.maxsize
        if self._mark and rows is not None:
            self._few = (rows + self._more + 1) * len(self._mark)
        self._whole, self._send = whole, send
        self._piece = min(whole, PIECE)
        self._held = bytearray()
        self._written = 0

    def write(self, piece: bytes) -> int:
        """Take the next piece."""
        held = self._held
        held += piece
        self._written += len(piece)
        if self._written > self._size:
            raise BudgetExceeded("bytes", self._size, self._written)
        if self._written >= self._few:
            self._count()
        if self._written > self._whole and len(held) >= self._piece and self._send:
            self._count()
            end = len(held) - self._overlap  # a mark may begin there
            with memoryview(held) as whole:
                complete = bytes(whole[:end])
            self._send(complete)
            del held[:end]
            self._counted -= end
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: what is not in memory was sent."""

    def body(self) -> bytes:
        """All that was written and not sent on."""
        return bytes(self._held)

    def _count(self) -> None:
        """Count the rows in what is held and wasn't counted."""
        if not self._mark or self._rows is None or self._counted == len(self._held):
            return
        self._marks += self._outside_quotes() if self._quoted else self._marks_held()
        self._counted = len(self._held)
        if self._marks - self._more > self._rows:
            raise BudgetExceeded("rows", self._rows, self._marks - self._more)

    def _marks_held(self) -> int:
        """The marks that end behind what was counted."""
        return self._held.count(self._mark, max(self._counted - self._overlap, 0))

    def _outside_quotes(self) -> int:
        """Line ends of CSV that no quotes surround; a doubled quote closes and opens again."""
        parts = self._held[self._counted :].split(b'"')
        outside = parts[1::2] if self._open else parts[::2]
        self._open ^= len(parts) % 2 == 0
        return sum(part.count(self._mark) for part in outside)


class Pieces:
    """A sink as writers of whole columns want a file: it hands on in pieces what may be large."""

    closed = False

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        whole = memoryview(data)
        for start in range(0, len(whole), PIECE):
            self._sink.write(bytes(whole[start : start + PIECE]))
        return len(whole)

    def flush(self) -> None:
        """Nothing to do, as for a sink."""

    def close(self) -> None:
        """Nothing to do: the sink has what was written."""
