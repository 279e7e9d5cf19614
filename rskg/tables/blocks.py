"""Rows as columns while the engine still finds them: a thread reads what is there block by block.

The engine and Arrow both work without Python's lock, so that only the last block is waited for.
The table is the one that `table_of` makes of all the rows: where the blocks' types don't agree,
the rows are read again as a whole.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from rskg.tables.reading import names_of, read, table_of

#: So many bytes are worth the while of a thread.
BLOCK = 1 << 22


class Blocks:
    """Takes a SPARQL result in TSV piece by piece; a context, at whose end its thread ends."""

    def __init__(self, block: int = BLOCK) -> None:
        self._block = block
        self._pieces: list[bytes] = []
        self._held = 0
        self._names: list[str] | None = None
        self._texts: list[bytes] = []
        self._read: list[Future[pa.Table]] = []
        self._thread = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> Blocks:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def take(self, piece: bytes) -> None:
        """The next bytes, wherever they begin and end."""
        self._pieces.append(piece)
        self._held += len(piece)
        if self._held >= self._block:
            whole = b"".join(self._pieces)
            end = whole.rfind(b"\n") + 1
            self._hand_on(whole[:end])
            self._pieces = [whole[end:]]
            self._held = len(whole) - end

    def table(self, rest: bytes) -> pa.Table:
        """The table of all that was taken and of the rest; raises ValueError as `table_of`."""
        last = b"".join([*self._pieces, rest])
        if self._read:
            self._hand_on(last)
            if (made := _one([each.result() for each in self._read])) is not None:
                return made
            last = b""
        return table_of(b"".join([*self._texts, last]))

    def _hand_on(self, rows: bytes) -> None:
        if not rows:
            return
        self._texts.append(rows)
        body = memoryview(rows)
        if self._names is None:
            head, _, _ = rows.partition(b"\n")
            self._names = names_of(head)
            body = body[len(head) + 1 :]
        if body:
            self._read.append(self._thread.submit(read, self._names, body))


def _one(blocks: list[pa.Table]) -> pa.Table | None:
    """The blocks as one table; None where they say different things of a column."""
    fields, columns = [], []
    for number in range(blocks[0].num_columns):
        chunks = [block.column(number) for block in blocks]
        said = [block.field(number) for block in blocks]
        bound = [
            field
            for field, chunk in zip(said, chunks, strict=True)
            if chunk.null_count < len(chunk)
        ]
        if (field := _agreed(bound or said)) is None:
            return None
        if not all(_fits(chunk, field.type) for chunk in chunks):
            return None
        alike = [_as(chunk, field.type) for chunk in chunks]
        fields.append(field)
        columns.append(pa.chunked_array([each for one in alike for each in one.chunks], field.type))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _agreed(said: list[pa.Field]) -> pa.Field | None:
    """What all the fields say, decimals with as many digits behind the point as any."""
    if all(pa.types.is_decimal(field.type) for field in said):
        widest = max(said, key=lambda field: field.type.scale)
        said = [field.with_type(widest.type) for field in said]
    first, *others = said
    return first if all(field.equals(first, check_metadata=True) for field in others) else None


def _fits(chunk: pa.ChunkedArray, wanted: pa.DataType) -> bool:
    """Whether decimals have room for the others' digits, which Arrow's cast doesn't look at."""
    if chunk.type.equals(wanted) or not pa.types.is_decimal(chunk.type):
        return True
    most = pc.min_max(chunk)
    room = 10 ** (wanted.precision - wanted.scale)
    return all(abs(most[end].as_py()) < room for end in ("min", "max"))


def _as(chunk: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if chunk.type.equals(wanted):
        return chunk
    if chunk.null_count == len(chunk):
        return pa.chunked_array([pa.nulls(len(chunk), wanted)])
    return pc.cast(chunk, wanted)
