"""`rskg fmt`: Turtle files in their normal form."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from rskg.errors import InputError, OutputError, UsageError
from rskg.syntax import read_text
from rskg.syntax.turtle import normal_form


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--check", is_flag=True, help="Write nothing; say which files would change.")
def command(paths: tuple[Path, ...], check: bool) -> None:
    """Lay out Turtle files, and those in folders, in one normal form; comments are kept.

    A file is written only when it says the same as before; else it is left, and told.

    Exit codes: 0 all are in normal form (now), 1 --check found others, 2 usage, 3 a file can't be
    read, or laid out without loss.
    """
    if not paths:
        raise UsageError("name at least one Turtle file or folder")
    changed, unread = 0, 0
    documents = _documents(paths)
    for path in documents:
        try:
            changed += _laid(path, check)
        except InputError as error:
            unread += 1
            place = InputError(error.reason, path=path, line=error.line, column=error.column)
            click.echo(f"rskg: {place if error.path is None else error}", err=True)
    word = "would change" if check else "changed"
    click.echo(f"{len(documents)} files, {changed} {word}, {unread} left as they are", err=True)
    if unread or (check and changed):
        raise click.exceptions.Exit(3 if unread else 1)


def _documents(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(path.rglob("*.ttl")))
        elif not path.exists():
            raise InputError("no such file or folder", path=path)
        elif path.suffix.lower() != ".ttl":
            raise UsageError(f"{path} is no Turtle file by its name: only .ttl has a normal form")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _laid(path: Path, check: bool) -> bool:
    """True where the file was not in normal form."""
    laid = normal_form(read_text(path))
    if laid.encode() == path.read_bytes():
        return False
    click.echo(path)
    if not check:
        _replace(path.resolve(), laid)
    return True


def _replace(path: Path, text: str) -> None:
    """Write the file whole, or leave it whole; its permissions stay."""
    name = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode())
        shutil.copymode(path, name)
        os.replace(name, path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise OutputError(f"{path} can't be written: {error.strerror}") from error
