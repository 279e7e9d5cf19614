"""What a check of files may use: bytes and triples of a document, time and memory of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from rskg import settings

#: How seldom rings are looked for (`gc.set_threshold`): a check ends soon and makes few of them.
RARELY = (100_000, 20, 100)


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes of memory of the run; the largest document, once unpacked."""

    seconds: float = 600.0
    memory: int = 4_000_000_000
    document: int = 2_000_000_000
    triples: int = 20_000_000


def limits_of_settings(timeout: str | None = None) -> Limits:
    """What the environment sets, with the time that a caller asks for; raises UsageError."""
    return Limits(
        settings.duration(timeout) if timeout else settings.CHECK_SECONDS.number(),
        int(settings.CHECK_MEMORY.number()),
        int(settings.CHECK_BYTES.number()),
        int(settings.CHECK_TRIPLES.number()),
    )
