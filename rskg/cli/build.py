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
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.store import Revisions
from rskg.store.engines import Address, connected, is_engine, publish, require_capable


@click.command("build")
@options.place
@click.option("--without", multiple=True, metavar="DATASET", help="Leave a dataset out.")
def command(place: str, without: tuple[str, ...]) -> None:
    """Make the next revision of the store from the files.

    Fails with file, line and sentence on bad input, and leaves the last revision as it was. Into
    an engine, it is built in a folder here and then moved there whole; what was loaded when
    something failed isn't loaded again.
    """
    if is_engine(place):
        _into_engine(place, without)
        return
    number = build(Path(place), options.files(), without)
    click.echo(f"revision {number} of {place}")


def _into_engine(place: str, without: Sequence[str]) -> None:
    """Build in a folder of this engine's own, and publish what came of it there."""
    root = Address.of(place).folder
    prefixes = load_ontology(options.files().ontology).prefixes
    with connected(place, prefixes) as engine:
        require_capable(engine)
        number = build(root, options.files(), without)
        reader = Revisions(root, prefixes).open(number)
        done = publish(reader, engine, _told)
    came = f"{done.loaded:,} loaded" if done.loaded else "none had to be loaded"
    held = f"{done.triples:,} triples in {done.graphs} graphs"
    click.echo(f"build {done.name} in {engine.name}: {held}, {came}")


def _told(graph: str, triples: int, said: str) -> None:
    click.echo(f"engine: {triples:,} triples of {graph} {said}", err=True)


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
