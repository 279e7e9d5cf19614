"""What a command made, to the file that was named or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from rskg.errors import OutputError


def save(content: bytes, output: Path | None) -> None:
    """Write to the file, or to standard output without one; raises OutputError."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise OutputError(f"can't write {output}: {error.strerror}") from error
