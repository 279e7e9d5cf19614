"""Revisions: every commit makes a new directory, and publishing is one rename.

A store's folder holds `revisions/<number>/`, each with `db/` (never written again) and
`revision.json` (when, what, how much). What a crash leaves behind has a name that starts with
a dot; readers never see it, and the next writer removes it.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rskg.errors import StoreError, UsageError
from rskg.store.local import Reader, Workbench


@dataclass(frozen=True)
class Revision:
    """What is told about a revision: its number, time (UTC), note and size in triples."""

    number: int
    made: str
    note: str
    triples: int


class Revisions:
    """The revisions under one folder."""

    def __init__(self, root: Path, prefixes: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._folder = root / "revisions"
        self._prefixes = dict(prefixes or {})

    def numbers(self) -> list[int]:
        """The published revisions, oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in self._folder.iterdir() if entry.name.isdigit())

    def current(self) -> int | None:
        """The newest published revision, or None in an empty store."""
        numbers = self.numbers()
        return numbers[-1] if numbers else None

    def describe(self, number: int) -> Revision:
        """What is recorded about a revision; raises UsageError for an unknown number."""
        try:
            record = json.loads((self._folder / str(number) / "revision.json").read_text())
        except OSError as error:
            raise UsageError(f"there is no revision {number} in {self.root}") from error
        return Revision(**record)

    def open(self, number: int | None = None) -> Reader:
        """A reader on a revision, the newest by default; raises StoreError, UsageError."""
        wanted = self.current() if number is None else number
        if wanted is None:
            raise StoreError(f"the store {self.root} is empty: run `rskg build` first")
        self.describe(wanted)
        return Reader(wanted, self._folder / str(wanted) / "db", self._prefixes)

    def commit(self, workbench: Workbench, note: str) -> int:
        """Publish what is on the workbench as the next revision; returns its number.

        Raises StoreError when the folder can't be written; the last revision stays as it was.
        """
        with self._writing():
            number = (self.current() or 0) + 1
            making = self._folder / f".making-{number}-{os.getpid()}"
            try:
                making.mkdir()
                workbench.write(making / "db")
                gc.collect()
                made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                record = Revision(number, made, note, workbench.size())
                (making / "revision.json").write_text(json.dumps(asdict(record), indent=1))
                _sync(making)
                making.rename(self._folder / str(number))
                _sync_folder(self._folder)
            except OSError as error:
                shutil.rmtree(making, ignore_errors=True)
                raise StoreError(f"can't write the store {self.root}: {error}") from error
            return number

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, across processes; removes what a crash left behind."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self.root / "lock").open("w")
        except OSError as error:
            raise StoreError(
                f"can't write the store {self.root}: {error.strerror}; choose another with --store"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreError(f"another process writes to {self.root}: try again") from error
            for litter in self._folder.glob(".making-*"):
                shutil.rmtree(litter, ignore_errors=True)
            yield


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
