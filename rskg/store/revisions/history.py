"""Revisions: every commit makes a new directory, and publishing is one rename.

A store's folder holds `revisions/<number>/`, each with `db/` (never written again),
`revision.json` (when, what, how much), `changes` (since the one before, where known) and `held`
(locked while somebody reads it); beside them
`releases.json` (names), `store.json` (the mode) and `lock` (one writer at a time). What a crash
leaves behind has a name that starts with a dot; readers never see it, and the next writer
removes it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as OneOf
from uuid import uuid4

from rskg.errors import StoreBusy, StoreError, UsageError
from rskg.store.draft import Draft
from rskg.store.local import Reader, Workbench
from rskg.store.locks import HELD, exclusive
from rskg.store.revisions import releases
from rskg.store.revisions.folders import (
    Copier,
    Making,
    making,
    replace,
    sweep,
    sync_entries,
    try_writing,
)
from rskg.store.revisions.heap import HEAPING, Heap

#: A *built* store follows from files and contributions; a *bare* one takes raw writes.
Mode = OneOf["built", "bare"]
#: How long a writer waits for another one, in seconds.
PATIENCE = 30.0
#: The file in a revision that tells what was changed since the one before, where that is known.
CHANGES = "changes"


@dataclass(frozen=True)
class Revision:
    """What is told about a revision.

    Its number, time (UTC), note, size of the default graph in triples (None: not counted), the
    revision it was copied from (None: made whole), its names as a release, and an identity that no
    other revision has, of any store (empty: made before revisions had one).
    """

    number: int
    made: str
    note: str
    triples: int | None
    base: int | None = None
    names: tuple[str, ...] = ()
    id: str = ""


class Revisions:
    """The revisions under one folder."""

    def __init__(
        self, root: Path, prefixes: Mapping[str, str] | None = None, *, patience: float = PATIENCE
    ) -> None:
        self.root = root
        self.folder = root / "revisions"
        self._prefixes = dict(prefixes or {})
        self._patience = patience

    @property
    def mode(self) -> Mode:
        """What kind of store this is; built, unless it was begun as bare."""
        try:
            record = json.loads((self.root / "store.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return "built"
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.root / 'store.json'} can't be read: {error}") from error
        return "bare" if record.get("mode") == "bare" else "built"

    def require(self, mode: Mode) -> None:
        """Raise UsageError when the store holds revisions of the other mode."""
        if self.numbers() and self.mode != mode:
            kinds = {"built": "follows from files", "bare": "takes raw writes"}
            raise UsageError(
                f"the store {self.root} is {self.mode}, it {kinds[self.mode]}: "
                f"choose another with --store for one that {kinds[mode]}"
            )

    def require_writable(self) -> None:
        """Raise StoreError when no revision can be made, before there is work to lose."""
        try:
            try_writing(self.root)
            try_writing(self.folder)
        except OSError as error:
            raise self._unwritable(error) from error

    def begin(self, mode: Mode) -> None:
        """Record the mode of a store; raises UsageError when it is of the other one."""
        with self.writing():
            self.require(mode)
            replace(self.root / "store.json", json.dumps({"mode": mode}) + "\n")

    def numbers(self) -> list[int]:
        """The published revisions, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in self.folder.iterdir() if entry.name.isdigit())

    def current(self) -> int | None:
        """The newest published revision, or None in an empty store."""
        numbers = self.numbers()
        return numbers[-1] if numbers else None

    def names(self) -> dict[str, int]:
        """The releases: each name with the revision that it names."""
        return releases.load(self.root)

    def find(self, text: str) -> int:
        """The revision that a number or a release's name means; raises UsageError."""
        if text.isascii() and text.isdigit():
            return self.describe(int(text)).number
        number = self.names().get(text)
        if number is None:
            raise UsageError(f"there is no release {text} in {self.root}")
        return number

    def describe(self, number: int) -> Revision:
        """What is recorded about a revision; raises UsageError for an unknown number."""
        try:
            record = json.loads((self.folder / str(number) / "revision.json").read_text())
        except OSError as error:
            if 1 <= number < (self.current() or 0):
                raise UsageError(f"revision {number} of {self.root} was removed") from error
            raise UsageError(f"there is no revision {number} in {self.root}") from error
        given = tuple(sorted(name for name, named in self.names().items() if named == number))
        return Revision(**record, names=given)

    def open(self, number: int | None = None) -> Reader:
        """A reader on a revision, the newest by default; raises StoreError, UsageError."""
        wanted = self.current() if number is None else number
        if wanted is None:
            raise StoreError(f"the store {self.root} is empty: run `rskg build` first")
        try:
            self.describe(wanted)
            return Reader(wanted, self.folder / str(wanted) / "db", self._prefixes)
        except UsageError:
            if number is None and self.current() != wanted:
                return self.open()  # it was the newest a moment ago, and is pruned
            raise

    def commit(
        self,
        workbench: Workbench | Heap,
        note: str,
        catch_up: Callable[[Draft], None] | None = None,
    ) -> int:
        """Publish what is on the workbench, or the heap, as the next revision; returns its number.

        It is written without the lock, so that others can commit meanwhile; `catch_up` is called
        under the lock, to apply again what they did since (`draft.base` is the newest revision).
        Raises StoreError when the folder can't be written; the last revision stays as it was.
        """
        with self.new() as new:
            triples: int | None = workbench.size()
            workbench.write(new.path / "db")
            new.sync()
            with self.writing():
                if catch_up is not None:
                    triples = self._change(new, catch_up, self.current(), triples)
                return self.publish(new, note, triples, None)

    def amend(self, change: Callable[[Draft], None], note: str) -> int:
        """Publish the newest revision with a change as the next one; returns its number.

        `change` is called with a copy of the newest revision; what it raises ends the commit.
        Raises StoreError when the folder can't be written; the last revision stays as it was.
        """
        with self.writing(), self.new() as new:
            base = self.current()
            triples: int | None = 0
            if base is not None:
                triples = self.describe(base).triples
                Copier().database(self.folder / str(base) / "db", new.path / "db")
            triples = self._change(new, change, base, triples)
            return self.publish(new, note, triples, base)

    def rollback(self, number: int) -> int:
        """Publish a copy of an older revision as the next one; returns its number."""
        with self.writing(), self.new() as new:
            triples = self.describe(number).triples
            Copier().database(self.folder / str(number) / "db", new.path / "db")
            return self.publish(new, f"rollback to {number}", triples, number)

    def name(self, number: int, label: str) -> None:
        """Make a revision a release, which is never pruned; raises UsageError."""
        with self.writing():
            self.describe(number)
            releases.add(self.root, label, number)

    def prune(self, keep: int) -> list[int]:
        """Remove all but the newest `keep` unnamed revisions; returns which.

        The newest revision, a release and one that somebody reads stay.
        """
        with self.writing():
            return [number for number in self.surplus(keep) if self._remove(number)]

    def remove(self, numbers: Iterable[int]) -> list[int]:
        """Remove these revisions; returns which. The newest one, and one somebody reads, stay."""
        with self.writing():
            newest = self.current()
            return [each for each in numbers if each != newest and self._remove(each)]

    def surplus(self, keep: int) -> list[int]:
        """The unnamed revisions but the newest `keep` of them, and never the newest of all."""
        numbers, named = self.numbers(), set(self.names().values())
        unnamed = [number for number in numbers if number not in named]
        old = unnamed[: max(len(unnamed) - keep, 0)]
        return [number for number in old if number != numbers[-1]]

    def sweep(self) -> None:
        """Remove what a crash left behind; nothing while somebody writes, or nobody may."""
        with suppress(StoreError), Revisions(self.root, patience=0).writing():
            pass

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time, across processes; removes what a crash left behind.

        Raises StoreError when the folder can't be written or another writer doesn't end.
        """
        self._make_folder()
        try:
            lock = exclusive(self.root / "lock", self._patience)
            if lock is None:
                raise StoreBusy(f"another process writes to {self.root}: try again")
            with lock:
                sweep(self.root, ".restoring-")
                sweep(self.root, HEAPING)
                sweep(self.folder, ".making-")
                sweep(self.folder, ".removing-")
                yield
        except OSError as error:
            raise StoreError(f"can't write the store {self.root}: {error}") from error

    @contextmanager
    def new(self) -> Iterator[Making]:
        """A folder to become a revision; raises StoreError when it can't be written."""
        self._make_folder()
        try:
            with making(self.folder) as new:
                yield new
        except OSError as error:
            raise StoreError(f"can't write the store {self.root}: {error}") from error

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> StoreError:
        return StoreError(
            f"can't write the store {self.root}: {error.strerror}; choose another with --store"
        )

    def _change(
        self, new: Making, change: Callable[[Draft], None], base: int | None, triples: int | None
    ) -> int | None:
        draft = Draft(new.path / "db", base, triples, self._prefixes)
        done = False
        try:
            change(draft)
            done = True
        finally:
            draft.close(keep=done)
        if draft.journal.text is not None and base is not None:
            (new.path / CHANGES).write_bytes(draft.journal.text.encode())
        return draft.triples

    def publish(self, new: Making, note: str, triples: int | None, base: int | None) -> int:
        """Make a folder the next revision, as the one who is writing; returns its number."""
        number = (self.current() or 0) + 1
        made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        record = {"number": number, "made": made, "note": note, "triples": triples, "base": base}
        record["id"] = uuid4().hex
        (new.path / "revision.json").write_text(json.dumps(record, indent=1) + "\n")
        new.publish(self.folder / str(number))
        return number

    def _remove(self, number: int) -> bool:
        path = self.folder / str(number)
        hold = exclusive(path / HELD)
        if hold is None:
            return False
        with hold:
            gone = self.folder / f".removing-{number}"
            path.rename(gone)
            sync_entries(self.folder)
            shutil.rmtree(gone)
        return True
