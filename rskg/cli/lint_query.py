"""`rskg lint-query`: query files against the ontology, before anyone asks them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from rskg import ontology
from rskg.cli import options
from rskg.errors import InputError, UsageError
from rskg.linting import Vocabulary, lint
from rskg.syntax import read_text

_ENDINGS = (".rq", ".sparql")


@click.command("lint-query")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
def command(paths: tuple[Path, ...]) -> None:
    """Check query files, and those in folders (.rq, .sparql), against the ontology.

    Told are terms that the ontology doesn't have, classes and properties that can't go together,
    and prefixes without use. No store is needed.

    Exit codes: 0 nothing found, 1 something found, 2 usage, 3 a query doesn't parse.
    """
    if not paths:
        raise UsageError("name at least one query file or folder")
    known = ontology.load(options.files().ontology)
    vocabulary, prefixes = Vocabulary.of(known.triples), known.prefixes
    found, unread = 0, 0
    queries = _queries(paths)
    for path in queries:
        try:
            for finding in lint(read_text(path), vocabulary, prefixes):
                found += 1
                place = f"{path}:{finding.line}:{finding.column}"
                click.echo(f"{place}: {finding.kind}: {finding.sentence}")
        except InputError as error:
            unread += 1
            placed = InputError(error.reason, path=path, line=error.line, column=error.column)
            click.echo(f"rskg: {placed}", err=True)
    click.echo(f"{len(queries)} queries, {found} findings, {unread} don't parse", err=True)
    if found or unread:
        raise click.exceptions.Exit(3 if unread else 1)


def _queries(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(p for p in sorted(path.rglob("*")) if p.suffix in _ENDINGS)
        elif path.exists():
            found.append(path)
        else:
            raise InputError("no such file or folder", path=path)
    return list(dict.fromkeys(found))
