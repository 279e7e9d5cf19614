"""`rskg convert`: filled-in templates to Turtle."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import click

from rskg import templates
from rskg.check import alone, limits_of_settings
from rskg.cli import options
from rskg.cli.saving import save
from rskg.errors import InputError, UsageError
from rskg.report import Report, requested, write
from rskg.syntax import Triple


@click.command("convert")
@click.argument("paths", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the Turtle goes.  [default: standard output]",
)
@click.option(
    "--dataset",
    default="",
    metavar="ID",
    help="Your dataset: what IRIs begin with that are minted.  [default: the file's name]",
)
def command(paths: tuple[Path, ...], output: Path | None, dataset: str) -> None:
    """Make Turtle of filled-in templates (CSV or XLSX).

    Cells that are no values of their columns are told by row and column, and nothing is written.

    Exit codes: 0 written, 1 a cell is wrong, 2 usage, 3 a file is no template,
    4 no row of it is filled in, 5 the file can't be written.
    """
    if not paths:
        raise UsageError("name at least one filled-in template")
    limits = limits_of_settings()
    files = options.files()

    @cache
    def known() -> templates.Templates:
        return templates.load(files)

    def converted() -> tuple[Report, bytes]:
        filled = [_filled(path, known, dataset, limits.document) for path in paths]
        wrong = tuple(result for one in filled for result in one.faults())
        said: list[Triple] = [triple for one in filled for triple in one.triples]
        return Report(wrong, 0, 0), b"" if wrong else templates.to_turtle(said, known())

    report, content = alone(converted, limits)
    if not report.conforms():
        write(report, requested(()), "violation")
        raise click.exceptions.Exit(1)
    save(content, output)


def _filled(
    path: Path, known: Callable[[], templates.Templates], dataset: str, most: int
) -> templates.Filled:
    found = templates.of_file(path, known, dataset, most)
    if found is None:
        raise InputError("not a filled-in template: its first columns are id and type", path=path)
    return found
