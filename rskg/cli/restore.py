"""`rskg restore`: a backup copied to where the store is to be."""

from __future__ import annotations

from pathlib import Path

import click

from rskg import store
from rskg.cli import options


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path), metavar="DIR")
@options.store
def command(source: Path, root: Path) -> None:
    """Copy the backup in DIR to an empty store; one that holds revisions is never overwritten."""
    numbers = store.restore(source, store.Revisions(root))
    click.echo(f"{len(numbers)} revisions, the newest {numbers[-1]}, of {source} are in {root}")
