"""`rskg lint-query`: query files against the ontology, before anyone asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from rskg import client, ontology
from rskg.cli import options
from rskg.errors import InputError, UsageError
from rskg.linting import Finding, Vocabulary, lint, reasons, told
from rskg.syntax import read_text

_ENDINGS = (".rq", ".sparql")


@click.command("lint-query")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--against", metavar="STORE|URL", help="Also say what the data of a store never matches."
)
def command(paths: tuple[Path, ...], against: str | None) -> None:
    """Check query files, and those in folders (.rq, .sparql), against the ontology.

    Told are terms that the ontology doesn't have, classes and properties that can't go together,
    and prefixes without use. No store is needed; with one, told is also why a query has no answer
    there.

    Exit codes: 0 nothing found, 1 something found, 2 usage, 3 a query doesn't parse.
    """
    if not paths:
        raise UsageError("name at least one query file or folder")
    known = ontology.load(options.files().ontology)
    vocabulary, prefixes = Vocabulary.of(known.triples), known.prefixes
    data = client.source(against) if against else None
    found, unread = 0, 0
    queries = _queries(paths)
    for path in queries:
        try:
            text = read_text(path)
            for finding in (*lint(text, vocabulary, prefixes), *_unmatched(text, data, prefixes)):
                found += 1
                click.echo(f"{path}:{finding}")
        except InputError as error:
            unread += 1
            placed = InputError(error.reason, path=path, line=error.line, column=error.column)
            click.echo(f"rskg: {placed}", err=True)
    click.echo(f"{len(queries)} queries, {found} findings, {unread} don't parse", err=True)
    if found or unread:
        raise click.exceptions.Exit(3 if unread else 1)


def _unmatched(text: str, data: client.Source | None, prefixes: Mapping[str, str]) -> list[Finding]:
    if data is None:
        return []
    return told(reasons(text, prefixes), lambda query: data.answer(query, {}).body)


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
