"""`rskg fetch`: a dataset's source file → its table."""

from __future__ import annotations

from pathlib import Path

import click

from rskg import dataset, fetch
from rskg.cli import options
from rskg.errors import UsageError


@click.command("fetch")
@click.argument("slug", metavar="DATASET")
@click.option(
    "--from",
    "start",
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="The source file, or a folder that holds it, instead of its address.",
)
def command(slug: str, start: Path | None) -> None:
    """Make a dataset's table anew from its source, and say which rows that changed.

    The file has to be the one that the description names, by its checksum; else nothing is
    rewritten.
    """
    folder = options.files().data / slug
    if not folder.is_dir() or "/" in slug:
        raise UsageError(f"there is no dataset {slug} under {folder.parent}")
    for change in fetch.fetch(dataset.load(folder), start):
        click.echo(change)
