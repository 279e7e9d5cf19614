"""`rskg mcp`: the graph for machines that reason, over standard input and output."""

from __future__ import annotations

from importlib import import_module

import click

from rskg import settings
from rskg.cli import options
from rskg.errors import EnvironmentLacks


@click.command("mcp")
@click.option(
    "--store",
    metavar="DIR|URL",
    default=settings.STORE.value,
    show_default=f"${settings.STORE.variable}, else {settings.STORE.default}",
    help="Folder of the store, an engine: sparql+https://HOST/…, or any SPARQL endpoint.",
)
def command(store: str) -> None:
    """Serve a program that speaks the Model Context Protocol, until its end of the pipe closes."""
    try:
        run = import_module("rskg.mcp.stdio").run
    except ModuleNotFoundError as error:
        raise EnvironmentLacks(
            f"{error.name} isn't installed: pip install 'rskg[mcp]' brings what `rskg mcp` needs"
        ) from error
    run(store, options.files())
