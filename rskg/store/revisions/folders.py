"""Folders on disk: made aside under a name with a dot, synced, and shown by one rename.

A folder that is being made or taken away holds a locked file `held`. When its process dies the
lock goes, and the folder is litter that `sweep` removes.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from rskg.store.locks import HELD, Hold, exclusive

#: The ending of the engine's data files: they never change once they are written.
_TABLE = ".sst"


class Making:
    """A folder that is being made beside its final place; nobody else takes it for litter."""

    def __init__(self, path: Path, hold: Hold) -> None:
        self.path = path
        self._hold = hold

    def sync(self) -> None:
        """Wait until everything in it is on disk; raises OSError.

        A data file that is linked was on disk before it got its other name.
        """
        for place, _, names in os.walk(self.path):
            for path in (Path(place, name) for name in names):
                if path.suffix != _TABLE or path.stat().st_nlink == 1:
                    _sync_one(path)
            _sync_one(Path(place))

    def publish(self, target: Path) -> None:
        """Sync everything and give the folder its name: all of it is there afterwards, or none."""
        self.sync()
        self._hold.share()
        self.path.rename(target)
        sync_entries(target.parent)


@contextmanager
def making(parent: Path, prefix: str = ".making-") -> Iterator[Making]:
    """A new folder under `parent` to be published; what isn't published is removed at the end."""
    made = _start(parent, prefix)
    try:
        yield made
    finally:
        if made.path.exists():
            shutil.rmtree(made.path, ignore_errors=True)
        made._hold.release()


def _start(parent: Path, prefix: str) -> Making:
    while True:
        path = parent / f"{prefix}{secrets.token_hex(6)}"
        path.mkdir()
        try:
            hold = exclusive(path / HELD)
        except FileNotFoundError:
            continue  # swept before it was held
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
        if hold is not None:
            return Making(path, hold)


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders with this prefix whose process is gone; to be called by the writer."""
    for half in parent.glob(".*.new"):
        half.unlink(missing_ok=True)
    for litter in parent.glob(f"{prefix}*"):
        try:
            hold = exclusive(litter / HELD)
        except OSError:
            continue  # swept by another process, or not ours to remove
        if hold is not None:
            with hold:
                shutil.rmtree(litter, ignore_errors=True)


class Copier:
    """Copies folders; the engine's data files never change and are linked instead.

    Across filesystems a data file that several folders share is copied once and linked there.
    """

    def __init__(self) -> None:
        self._copies: dict[tuple[int, int], Path] = {}

    def folder(self, source: Path, target: Path) -> None:
        """Copy a folder with all that is in it; raises OSError."""
        target.mkdir()
        for entry in sorted(source.iterdir()):
            if entry.is_dir():
                self.folder(entry, target / entry.name)
            else:
                self.file(entry, target / entry.name)

    def database(self, source: Path, target: Path) -> None:
        """Copy the engine's folder without its lock, its logs and the options of earlier times."""
        target.mkdir()
        names = sorted(entry.name for entry in source.iterdir())
        stale = [name for name in names if name.startswith("OPTIONS")][:-1]
        for name in names:
            if name != "LOCK" and not name.startswith("LOG") and name not in stale:
                self.file(source / name, target / name)

    def file(self, source: Path, target: Path) -> None:
        """Link a data file, copy any other; raises OSError."""
        if source.suffix != _TABLE:
            shutil.copy2(source, target)
            return
        status = source.stat()
        inode = status.st_dev, status.st_ino
        try:
            target.hardlink_to(self._copies.get(inode, source))
        except OSError:
            shutil.copy2(source, target)
            _sync_one(target)
            self._copies[inode] = target


def sync_entries(folder: Path) -> None:
    """Wait until a folder's list of names is on disk; raises OSError."""
    _sync_one(folder)


def try_writing(folder: Path) -> None:
    """Raise OSError when nothing can be made in a folder, or where it would be; leaves nothing."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    with TemporaryFile(dir=there):
        pass


def replace(path: Path, text: str, *, private: bool = False) -> None:
    """Give a small file new content: the old or the new is there, whatever happens.

    A private one can be read by nobody but its owner.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    aside.touch(0o600 if private else 0o666)
    aside.write_text(text, encoding="utf-8")
    _sync_one(aside)
    aside.rename(path)
    _sync_one(path.parent)


def _sync_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
