"""`rskg validate`: files against shapes, with an exit code to trust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from rskg import ontology, shapes
from rskg.cli import options
from rskg.errors import InputError, NothingChecked, UsageError
from rskg.report import FORMATS, Place, Report, requested, write
from rskg.syntax import Triple, is_document, located, parse, skolemise
from rskg.validation import validate


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
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
@click.option("--allow-empty", is_flag=True, help="No node to check is no error.")
def command(
    paths: tuple[Path, ...],
    shape_paths: tuple[Path, ...],
    reports: tuple[str, ...],
    fail_on: str,
    allow_empty: bool,
) -> None:
    """Check files and folders against the shapes of this installation, or those given.

    Exit codes: 0 conforms, 1 results at or above the threshold, 2 usage, 3 input unreadable,
    4 shapes invalid or nothing was checked, 5 internal failure.
    """
    if not paths:
        raise UsageError("name at least one file or folder to check")
    requests = requested(reports)
    files = options.files()
    rules = shapes.load(shape_paths or [files.shapes])
    documents = _documents(paths)
    data = [triple for path in documents for triple in skolemise(parse(path))]
    report = validate(data, rules.triples, ontology.load(files.ontology).triples)
    if not report.focus_nodes and not allow_empty:
        raise NothingChecked(
            "nothing was checked: no shape looks at any node of these files "
            "(is the namespace https://w3id.org/rskg/ontology#?)"
        )
    skipped = _skipped(paths)
    if skipped:
        click.echo(f"not checked, no RDF documents: {', '.join(map(str, skipped))}", err=True)
    placed = _placed(report, documents)
    write(placed, requests, fail_on)
    if not report.conforms(fail_on):
        raise click.exceptions.Exit(1)


def _documents(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(p for p in sorted(path.rglob("*")) if is_document(p))
        elif path.exists():
            found.append(path)
        else:
            raise InputError("no such file or folder", path=path)
    if not found:
        raise NothingChecked("there is no RDF document in these folders")
    return found


def _skipped(paths: Sequence[Path]) -> list[Path]:
    """Tables and maps in the folders: `rskg build` checks those, this command doesn't yet."""
    inside = [p for path in paths if path.is_dir() for p in sorted(path.rglob("*"))]
    return [path for path in inside if path.suffix in (".csv", ".rq")]


def _placed(report: Report, documents: Sequence[Path]) -> Report:
    """Each result at the line of the triple at fault, else of its subject's first line."""
    if not report.results:
        return report
    lines = _lines(documents)
    results = []
    for result in report.results:
        subject, path = result.focus, result.path
        keys = [(subject, path, result.value), (subject, path, None), (subject, None, None)]
        results.append(result.at(next((lines[k] for k in keys if k in lines), None)))
    return replace(report, results=tuple(results))


_Key = tuple[str, str | None, str | None]


def _lines(documents: Sequence[Path]) -> dict[_Key, Place]:
    lines: dict[_Key, Place] = {}
    for path in documents:
        for triple, line in located(path):
            place = Place(str(path), line)
            for key in _keys(triple):
                lines.setdefault(key, place)
    return lines


def _keys(triple: Triple) -> list[_Key]:
    subject, predicate = str(triple.subject), str(triple.predicate)
    return [
        (subject, predicate, str(triple.object)),
        (subject, predicate, None),
        (subject, None, None),
    ]
