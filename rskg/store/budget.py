"""What a query may use: time, memory, rows and bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rskg.errors import RefusedFeature, UsageError
from rskg.settings import (
    QUERY_BYTES,
    QUERY_MEMORY,
    QUERY_ROWS,
    QUERY_SECONDS,
    TRANSFER_SECONDS,
    WHOLE_BYTES,
    Setting,
)

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)?")


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


def duration(text: str) -> float:
    """Seconds from `30`, `30s` or `500ms`; raises UsageError."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or float(match[1]) == 0:
        raise UsageError(f"timeout takes seconds (30, 30s) or milliseconds (500ms), not {text!r}")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def budget_of_settings() -> Budget:
    """The operator's budget; raises UsageError for a setting that is no number."""
    return Budget(
        seconds=_number(QUERY_SECONDS),
        memory=int(_number(QUERY_MEMORY)),
        rows=int(_number(QUERY_ROWS)),
        size=int(_number(QUERY_BYTES)),
        whole=int(_number(WHOLE_BYTES)),
        transfer=_number(TRANSFER_SECONDS),
    )


def _number(setting: Setting) -> float:
    try:
        number = float(setting.value())
    except ValueError as error:
        raise UsageError(f"{setting.variable} takes a number, not {setting.value()!r}") from error
    if not 0 < number < float("inf"):
        raise UsageError(f"{setting.variable} takes a number above 0, not {setting.value()!r}")
    return number
