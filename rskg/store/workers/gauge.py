"""How much memory a query took: the most that its process held, above what it held before.

Read where the platform tells it (Linux, proc(5): `VmHWM`, and `clear_refs` to begin anew).
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
#: Has the kernel forget the most that the process held (since Linux 4.0).
_FORGET = "5"


class Gauge:
    """Measures the process that it is in, from one reading to the next."""

    def __init__(self) -> None:
        self._before: int | None = None
        self.reset()

    def taken(self) -> int | None:
        """Bytes taken at most since the last reading; None where the platform doesn't tell."""
        before, most = self._before, _held("VmHWM")
        self.reset()
        return None if before is None or most is None else max(most - before, 0)

    def reset(self) -> None:
        """Begin anew with what is held now."""
        self._before = None
        with suppress(OSError):
            _CLEAR.write_text(_FORGET)
            self._before = _held("VmRSS")


def _held(name: str) -> int | None:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return None
