"""`rskg validate`: files against shapes, with an exit code to trust."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from rskg import settings
from rskg.check import Options, alone, check, limits_of_settings, pulled, references_of
from rskg.cli import against as other
from rskg.cli import options
from rskg.errors import UsageError
from rskg.paths import Files
from rskg.report import FORMATS, requested, write


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--shapes", "shape_paths", multiple=True, type=click.Path(path_type=Path))
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"{', '.join(FORMATS)}; several at once.  [default: text]",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info", "none"]),
    default="violation",
    show_default=True,
)
@click.option(
    "--shapes-version",
    metavar="VERSION",
    help="Go on only with this version of the shapes, as in 1.4 or 1.4.2.",
)
@click.option("--allow-empty", is_flag=True, help="No node to check is no error.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Results that this file knows don't count; those gone are told.",
)
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what is found as known; reasons and dates are kept.",
)
@click.option("--second-opinion", is_flag=True, help="Ask pySHACL too, and tell differences.")
@click.option(
    "--against",
    metavar="STORE|URL",
    help="A store, SPARQL endpoint or engine that describes what the files only refer to.",
)
@click.option(
    "--timeout",
    metavar="TIME",
    help=f"How long it may take: 30s, 500ms.  [default: ${settings.CHECK_SECONDS.variable}, "
    f"else {settings.CHECK_SECONDS.default}s]",
)
def command(
    paths: tuple[str, ...],
    shape_paths: tuple[Path, ...],
    reports: tuple[str, ...],
    fail_on: str,
    shapes_version: str | None,
    allow_empty: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    second_opinion: bool,
    against: str | None,
    timeout: str | None,
) -> None:
    """Check files and folders against the shapes of this installation, or those given.

    A path is a document, plain or compressed (gz, bz2, zst), a table with a map, a filled-in
    template, a folder, a pattern, or `-`.

    Exit codes: 0 conforms, 1 results at or above the threshold, 2 usage, 3 input unreadable,
    4 shapes invalid or nothing was checked, 5 budget or internal failure.
    """
    if not paths:
        raise UsageError("name at least one file or folder to check")
    requests = requested(reports)
    options.pin(shapes_version, shape_paths)
    limits = limits_of_settings(timeout)
    asked = Options(shape_paths, allow_empty, second_opinion, baseline, write_baseline, limits)
    files = options.files()
    if against:
        asked = _looked_up(paths, files, asked, against)
    report = alone(lambda: check(paths, files, asked), limits)
    for note in report.notes:
        click.echo(note, err=True)
    write(report, requests, fail_on)
    if not report.conforms(fail_on):
        raise click.exceptions.Exit(1)


def _looked_up(paths: Sequence[str], files: Files, asked: Options, place: str) -> Options:
    """The options with what the other graph tells of what the files refer to.

    Who reads the files has no network, and who asks doesn't read them.
    """
    if "-" in paths:
        asked = replace(asked, stdin=sys.stdin.buffer.read(asked.limits.document + 1))
    needed = alone(lambda: references_of(paths, files, asked), asked.limits)
    found = alone(lambda: pulled(needed, other.asking(place)), asked.limits, network=True)
    return replace(asked, elsewhere=found)
