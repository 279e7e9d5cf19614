"""`rskg token`: who may contribute to which dataset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from rskg.cli import options
from rskg.contribution.partners import CC_BY, Partners
from rskg.errors import UsageError


@click.group("token")
def command() -> None:
    """The tokens by which partners contribute, each to one dataset."""


@command.command()
@options.store
@click.option("--partner", required=True, metavar="IRI", help="Who will be named as the source.")
@click.option("--dataset", required=True, metavar="ID", help="The dataset that is theirs.")
@click.option("--name", default="", help="What people call the partner.  [default: the IRI]")
@click.option("--title", default="", help="What people call the dataset.  [default: its ID]")
@click.option("--licence", default="", metavar="IRI", help=f"[default: {CC_BY}]")
@click.option("--expires", metavar="WHEN", help="A date, or days from now: 2027-01-31, 90d.")
def create(
    root: Path,
    partner: str,
    dataset: str,
    name: str,
    title: str,
    licence: str,
    expires: str | None,
) -> None:
    """Make a token and show it this once; only its hash is kept."""
    now = datetime.now(UTC)
    until = _moment(expires, now) if expires else None
    token, grant = Partners(root).create(
        partner, dataset, now, expires=until, name=name, title=title, licence=licence
    )
    click.echo(
        f"token {grant.id}: <{grant.partner}> may contribute to {grant.dataset} under "
        f"<{grant.licence}>{f' until {grant.expires}' if grant.expires else ''}; "
        "keep it now, it isn't shown again",
        err=True,
    )
    click.echo(token)


@command.command("list")
@options.store
def list_all(root: Path) -> None:
    """List the tokens by their public part, newest first; a secret is never shown."""
    now = datetime.now(UTC)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("token", "state", "dataset", "partner", "made (UTC)", "expires"):
        table.add_column(name, overflow="fold")
    for each in reversed(Partners(root).grants().values()):
        table.add_row(
            *(each.id, each.state(now), each.dataset, each.partner),
            *(each.created, each.expires or "never"),
        )
    console = Console()
    Console(width=max(console.width, 160)).print(table, highlight=False, markup=False)


@command.command()
@click.argument("token_id", metavar="TOKEN")
@options.store
def revoke(token_id: str, root: Path) -> None:
    """End a token at once, by its public part as `rskg token list` shows it."""
    ended = Partners(root).revoke(token_id, datetime.now(UTC))
    click.echo(f"token {ended.id} for {ended.dataset} is revoked since {ended.revoked}")


def _moment(text: str, now: datetime) -> datetime:
    days = text.removesuffix("d")
    if days != text and days.isascii() and days.isdigit() and len(days) < 6:
        return now + timedelta(days=int(days))
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--expires takes 2027-01-31 or 90d, not {text!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
