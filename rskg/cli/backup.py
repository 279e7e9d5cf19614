"""`rskg backup`: the store copied whole to another folder."""

from __future__ import annotations

from pathlib import Path

import click

from rskg import store
from rskg.cli import options


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@options.store
def command(target: Path, root: Path) -> None:
    """Copy every revision and all that is kept beside them to DIR, which is new or empty.

    The store stays in use meanwhile. DIR shows up whole or not at all. On the same filesystem
    the data files are linked, not copied: for safety against a broken disk choose another one.
    """
    numbers = store.backup(store.Revisions(root), target)
    click.echo(f"{len(numbers)} revisions, the newest {numbers[-1]}, of {root} are in {target}")
