"""`rskg template`: a table to fill in for a class, made from the shapes."""

from __future__ import annotations

from pathlib import Path

import click

from rskg import templates
from rskg.cli import options
from rskg.cli.saving import save
from rskg.errors import UsageError

_WRITERS = {"csv": templates.to_csv, "xlsx": templates.to_workbook}


@click.command("template")
@click.argument("name", metavar="[CLASS]", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where it goes, x.csv or x.xlsx.  [default: CSV to standard output]",
)
@click.option("--language", default="en", show_default=True, help="Of the headings: en, fr, …")
def command(name: str | None, output: Path | None, language: str) -> None:
    """Write a table to fill in for a class; without one, list the classes.

    It has a heading for each property, what each takes, the lists of values (to choose from, in a
    workbook) and an invented row to copy. `rskg validate`, `convert` and `contribute` read it back.

    Exit codes: 0 written, 2 an unknown class or ending, 5 the file can't be written.
    """
    known = templates.load(options.files())
    if name is None:
        for each in known.classes:
            one = known.template(each)
            click.echo(f"{each:30} {templates.said(one.notes, language)}".rstrip())
        return
    writer = _WRITERS.get(output.suffix[1:] if output else "csv")
    if writer is None:
        raise UsageError(f"a template is written as .csv or .xlsx, not {output}")
    content = writer(known.template(name), language)
    save(content, output)
