"""`rskg revisions`: the states of the store, to list, compare, name, roll back and prune."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from rskg import settings
from rskg.cli import options
from rskg.errors import StoreError
from rskg.store import Change, Difference, Revision, Revisions, changes, difference
from rskg.store import compact as bring_together

_revision = click.argument("number", metavar="N")
_form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")


@click.group("revisions")
def command() -> None:
    """The states of the store. N is a revision's number or the name of a release."""


@command.command("list")
@options.store
@_form
def list_all(root: Path, form: str) -> None:
    """List the revisions, newest first."""
    revisions = Revisions(root)
    found = [revisions.describe(number) for number in reversed(revisions.numbers())]
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in found], indent=1))
        return
    rows = [
        (str(each.number), each.made, _size(each), " ".join(each.names), each.note)
        for each in found
    ]
    _print_table(("revision", "made (UTC)", "triples", "release", "note"), rows)


@command.command()
@_revision
@options.store
@_form
def show(number: str, root: Path, form: str) -> None:
    """Show what is recorded about a revision, and the size of each graph."""
    revisions = Revisions(root)
    told = revisions.describe(revisions.find(number))
    reader = revisions.open(told.number)
    graphs = {"default": reader.size(), **reader.sizes()}
    if form == "json":
        click.echo(json.dumps({**asdict(told), "graphs": graphs}, indent=1))
        return
    base = "" if told.base is None else f", copied from {told.base}"
    named = f", release {', '.join(told.names)}" if told.names else ""
    click.echo(f"revision {told.number}{named}: {told.note}, made {told.made}{base}")
    _print_table(("graph", "triples"), [(name, f"{size:,}") for name, size in graphs.items()])


@command.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@options.store
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "patch"]),
    default="table",
    show_default=True,
    help="patch: a line for each triple added (A) or deleted (D).",
)
def diff(before: str, after: str, root: Path, form: str) -> None:
    """Say what came and went from revision A to revision B, by graph, and what became of terms."""
    revisions = Revisions(root)
    old, new = (revisions.open(revisions.find(text)) for text in (before, after))
    if form == "patch":
        _print_patch(changes(old, new))
        return
    found = difference(old, new)
    if form == "json":
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        _print_difference(found)


@command.command()
@_revision
@options.store
def rollback(number: str, root: Path) -> None:
    """Publish a copy of revision N as the newest one."""
    revisions = Revisions(root)
    old = revisions.find(number)
    click.echo(f"revision {revisions.rollback(old)} is what revision {old} was")


@command.command()
@_revision
@click.argument("label")
@options.store
def name(number: str, label: str, root: Path) -> None:
    """Make revision N a release with a name: it is never pruned, and the name never moves."""
    revisions = Revisions(root)
    named = revisions.find(number)
    revisions.name(named, label)
    click.echo(f"revision {named} is release {label}")


@command.command()
@options.store
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="K",
    default=settings.KEEP_REVISIONS.value,
    show_default=f"${settings.KEEP_REVISIONS.variable}, else {settings.KEEP_REVISIONS.default}",
    help="How many unnamed revisions stay.",
)
@click.option(
    "--contribution",
    metavar="ID",
    help="Erase this withdrawn contribution instead: all unnamed revisions with it, its document.",
)
def prune(root: Path, keep: int, contribution: str | None) -> None:
    """Remove old revisions; releases, and what somebody reads, stay."""
    revisions = Revisions(root)
    if contribution:
        _erase(revisions, contribution)
        return
    gone = revisions.prune(keep)
    what = f"revisions {', '.join(map(str, gone))}" if gone else "nothing"
    click.echo(f"removed {what}; {len(revisions.numbers())} revisions stay")


@command.command()
@options.store
def compact(root: Path) -> None:
    """Bring what many commits left in many files together, in a new revision that reads quicker.

    Others can commit meanwhile; when that can't be done again, nothing changes.
    """
    number = bring_together(Revisions(root))
    if number is None:
        raise StoreError(
            f"the store {root} is empty, or a commit meanwhile can't be done again: try later"
        )
    click.echo(f"revision {number} holds the same in fewer files")


def _erase(revisions: Revisions, contribution: str) -> None:
    done = import_module("rskg.contribution.erasing").erase(revisions, contribution)
    gone = f"revisions {', '.join(map(str, done.removed))}" if done.removed else "no revision"
    click.echo(f"erased {contribution}: removed {gone}; revision {done.revision} is written anew")
    if done.releases:
        click.echo(f"releases that still hold it: {', '.join(done.releases)}")
    if done.read:
        click.echo(
            f"somebody reads {', '.join(map(str, done.read))}, which hold it: do this again later"
        )


def _size(revision: Revision) -> str:
    return "not counted" if revision.triples is None else f"{revision.triples:,}"


def _print_difference(found: Difference) -> None:
    if not found.graphs:
        click.echo(f"revisions {found.before} and {found.after} hold the same triples")
        return
    rows = [(each.graph, f"+{each.added:,}", f"-{each.removed:,}") for each in found.graphs]
    _print_table(("graph", "added", "removed"), rows)
    for word, terms in (("added", found.terms.added), ("retired", found.terms.retired)):
        for term in terms:
            click.echo(f"{word}: {term}")
    for old, new in found.terms.renamed:
        click.echo(f"renamed: {old} is now {new}")


def _print_patch(found: Iterable[Change]) -> None:
    """RDF Patch: each line can be applied, or undone, by itself."""
    for change in found:
        sys.stdout.write(f"{'A' if change.added else 'D'} {change.quad} .\n")


def _print_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for position, column in enumerate(names):
        number = position > 0 and column in ("triples", "added", "removed")
        table.add_column(column, overflow="fold", justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    console = Console() if sys.stdout.isatty() else Console(width=240)
    console.print(table, highlight=False, markup=False)
