"""`rskg build`: files → a new revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from rskg import build as building
from rskg.cli import options
from rskg.paths import Files


@click.command("build")
@options.store
@click.option("--without", multiple=True, metavar="DATASET", help="Leave a dataset out.")
def command(root: Path, without: tuple[str, ...]) -> None:
    """Make the next revision of the store from the files.

    Fails with file, line and sentence on bad input, and leaves the last revision as it was.
    """
    number = build(root, options.files(), without)
    click.echo(f"revision {number} of {root}")


def build(root: Path, files: Files, without: Sequence[str] = ()) -> int:
    """Make the next revision and tell how far it is; returns its number."""
    with progress() as tell:
        return building.build(root, files, without=without, progress=tell)


@contextmanager
def progress() -> Iterator[building.Progress]:
    """A bar on a terminal, a line a step elsewhere; both on stderr."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, said: click.echo(f"{step}: {said}", err=True)
        return
    columns = (BarColumn(24), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(building.STEPS[0], total=len(building.STEPS))

        def tell(step: str, said: str) -> None:
            bar.console.print(f"[dim]{step}[/dim] {said}", highlight=False)
            position = building.STEPS.index(step) + 1
            following = building.STEPS[position] if position < len(building.STEPS) else "done"
            bar.update(task, completed=position, description=following)

        yield tell
