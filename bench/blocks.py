"""Lines made as they are read, so that no size has to fit on disk or in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator


class Blocks(io.RawIOBase):
    """A file of blocks of bytes that come one by one."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._blocks, b"")
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)
