"""What was worked out before, kept by the hash of what it follows from.

Anybody may remove the folder at any time: it costs the next build its time and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class Cache:
    """Packed files in one folder, each named by a key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What was kept under the key, or what `make` makes, which is kept from now on."""
        path = self._folder / f"{key}.zst"
        self._used.add(path.name)
        with suppress(OSError, zstd.ZstdError):
            return bytes(zstd.decompress(path.read_bytes()))
        made = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{token_hex(6)}")
        aside.write_bytes(zstd.compress(made))
        aside.rename(path)
        return made

    def forget_others(self) -> None:
        """Remove what this run had no use for."""
        for path in self._folder.glob("*"):
            if path.name not in self._used:
                path.unlink(missing_ok=True)


def key(*parts: bytes | str) -> str:
    """The name of what follows from these parts."""
    digest = sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8) + content)
    return digest.hexdigest()


def key_of(parts: Iterable[bytes | str]) -> str:
    """The same, of parts in any order."""
    return key(*sorted(part.encode() if isinstance(part, str) else part for part in parts))
