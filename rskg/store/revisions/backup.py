"""A store copied whole to another folder, and back.

A backup holds what a store holds, its revisions and all that is kept beside them. On the same
filesystem the engine's data files, which never change, are linked; elsewhere each is copied once.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from rskg.errors import StoreError, UsageError
from rskg.store.local import Reader
from rskg.store.locks import HELD, shared
from rskg.store.revisions.folders import Copier, making, sweep, sync_entries
from rskg.store.revisions.history import Revisions

_LEFT_OUT = {"lock", "revisions", HELD}


def backup(revisions: Revisions, target: Path) -> list[int]:
    """Copy a store to a folder that isn't there yet or is empty; returns its revisions.

    Others can commit meanwhile: the backup is the store as it was at the start, and shows up
    whole or not at all. Raises UsageError or StoreError.
    """
    _check_target(revisions, target)
    prefix = f".{target.name}.making-"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent, prefix)
        with ExitStack() as holds, making(target.parent, prefix) as new:
            copier = Copier()
            with revisions.writing():
                numbers = revisions.numbers()
                for number in numbers:
                    holds.enter_context(shared(revisions.folder / str(number) / HELD))
                _copy_beside(copier, revisions.root, new.path)
            _copy_revisions(copier, revisions.folder, new.path, numbers)
            new.publish(target)
    except OSError as error:
        raise StoreError(f"can't write the backup {target}: {error}") from error
    return numbers


def restore(source: Path, revisions: Revisions) -> list[int]:
    """Copy a backup to where a store is to be; returns its revisions.

    All its revisions show up at once or none does. Raises UsageError when the folder is no
    backup or the store already holds revisions, StoreError when either can't be read or written.
    """
    numbers = Revisions(source).numbers()
    if not numbers:
        raise UsageError(f"there is no backup in {source}")
    for number in numbers:
        Reader(number, source / "revisions" / str(number) / "db")
    with revisions.writing():
        if revisions.numbers():
            raise UsageError(
                f"the store {revisions.root} holds revisions: choose an empty one with --store"
            )
        with making(revisions.root, ".restoring-") as new:
            copier = Copier()
            _copy_beside(copier, source, new.path)
            _copy_revisions(copier, source / "revisions", new.path, numbers)
            new.sync()
            _show(new.path, revisions.root)
    return numbers


def _check_target(revisions: Revisions, target: Path) -> None:
    if revisions.current() is None:
        raise UsageError(f"the store {revisions.root} is empty: there is nothing to back up")
    if target.resolve().is_relative_to(revisions.root.resolve()):
        raise UsageError(f"{target} is inside the store: choose a folder outside of it")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is not empty: choose a new folder for the backup")


def _copy_beside(copier: Copier, source: Path, target: Path) -> None:
    for entry in sorted(source.iterdir()):
        if entry.name.startswith(".") or entry.name in _LEFT_OUT:
            continue
        copy = copier.folder if entry.is_dir() else copier.file
        copy(entry, target / entry.name)


def _copy_revisions(copier: Copier, source: Path, target: Path, numbers: list[int]) -> None:
    (target / "revisions").mkdir()
    for number in numbers:
        folder = target / "revisions" / str(number)
        folder.mkdir()
        for entry in (source / str(number)).iterdir():
            copy = copier.database if entry.is_dir() else copier.file
            copy(entry, folder / entry.name)


def _show(restored: Path, root: Path) -> None:
    """Move what was restored to its place, the revisions last."""
    (root / "revisions").rmdir()
    entries = sorted(restored.iterdir(), key=lambda entry: (entry.name == "revisions", entry.name))
    for entry in entries:
        if entry.name == HELD:
            continue
        if entry.is_dir() and (root / entry.name).exists():
            raise StoreError(f"{root / entry.name} is in the way: move it, then restore again")
        entry.rename(root / entry.name)
    sync_entries(root)
