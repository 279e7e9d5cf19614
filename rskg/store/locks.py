"""Locks between processes (flock): they end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
import weakref
from pathlib import Path
from types import TracebackType

#: The file in a revision that whoever reads it holds, so that it isn't removed.
HELD = "held"

_PAUSE = 0.02


class Hold:
    """A lock on a file, kept until it is released or forgotten."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._end = weakref.finalize(self, os.close, handle)

    def share(self) -> None:
        """Let readers in beside the holder of an exclusive lock."""
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the lock up; a second time does nothing."""
        self._end()

    def __enter__(self) -> Hold:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def shared(path: Path, *, wait: bool = True) -> Hold:
    """A reader's hold on an existing file.

    Raises FileNotFoundError when the file isn't there or was taken away meanwhile, BlockingIOError
    when somebody is taking it away and the caller can't wait.
    """
    handle = os.open(path, os.O_RDONLY)
    hold = Hold(handle)
    fcntl.flock(handle, fcntl.LOCK_SH if wait else fcntl.LOCK_SH | fcntl.LOCK_NB)
    if not _is_still(handle, path):
        hold.release()
        raise FileNotFoundError(path)
    return hold


def exclusive(path: Path, patience: float = 0.0) -> Hold | None:
    """The only hold on a file, which is made when it isn't there.

    None when somebody else has held it for `patience` seconds, or it was taken away meanwhile.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    hold = Hold(handle)
    until = time.monotonic() + patience
    while not _locked(handle):
        if time.monotonic() >= until:
            hold.release()
            return None
        time.sleep(_PAUSE)
    if not _is_still(handle, path):
        hold.release()
        return None
    return hold


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(handle: int, path: Path) -> bool:
    """True while the open file is the one that the path names."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
