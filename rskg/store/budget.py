"""What a query may use: time, memory, rows and bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rskg.errors import RefusedFeature
from rskg.settings import (
    QUERY_BYTES,
    QUERY_MEMORY,
    QUERY_ROWS,
    QUERY_SECONDS,
    TRANSFER_SECONDS,
    WHOLE_BYTES,
    duration,
)


@dataclass(frozen=True)
class Budget:
    """Seconds from the moment a query is handed in; memory and answer (`size`) in bytes.

    An answer of up to `whole` bytes is held until it is complete. A larger one may wait
    `transfer` seconds for its reader in all, which don't count as the query's.
    """

    seconds: float = 30.0
    memory: int = 1_000_000_000
    rows: int = 1_000_000
    size: int = 100_000_000
    whole: int = 8_000_000
    transfer: float = 60.0

    def lowered(self, timeout: str | None) -> Budget:
        """This budget with the time that a caller asks for: `30`, `30s` or `500ms`.

        Raises UsageError for what is no duration, RefusedFeature for more than there is.
        """
        if not timeout or not timeout.strip():
            return self
        seconds = duration(timeout)
        if seconds > self.seconds:
            raise RefusedFeature(
                f"timeout={timeout.strip()}", f"a query has {self.seconds:g} seconds at most"
            )
        return replace(self, seconds=seconds)


def budget_of_settings() -> Budget:
    """The operator's budget; raises UsageError for a setting that is no number."""
    return Budget(
        seconds=QUERY_SECONDS.number(),
        memory=int(QUERY_MEMORY.number()),
        rows=int(QUERY_ROWS.number()),
        size=int(QUERY_BYTES.number()),
        whole=int(WHOLE_BYTES.number()),
        transfer=TRANSFER_SECONDS.number(),
    )
