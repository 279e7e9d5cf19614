"""`rskg serve`: the page and the endpoint, in the foreground."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from rskg.cli import options
from rskg.ontology import prefixes
from rskg.settings import WORKERS
from rskg.store import Revisions
from rskg.store.federation.hosts import Listed
from rskg.store.workers.federated import supervising


@click.command("serve")
@options.store
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--empty", is_flag=True, help="A bare store: starts empty, and takes updates and graphs."
)
@click.option(
    "--workers", envvar=WORKERS.variable, type=click.IntRange(min=1), help=WORKERS.help + "."
)
@options.allow_service
def command(
    root: Path, host: str, port: int, empty: bool, workers: int | None, services: tuple[str, ...]
) -> None:
    """Serve the newest revision; builds it on the first start. Stops on Ctrl-C."""
    listed = Listed.of(services)
    files = options.files()
    names = prefixes(files.ontology)
    revisions = Revisions(root, names)
    revisions.sweep()
    if empty:
        revisions.begin("bare")
    if revisions.current() is None and empty:
        revisions.amend(lambda draft: None, "empty")
    elif revisions.current() is None:
        # on demand: what builds is a quarter of all that would be loaded, once in a store's life
        import_module("rskg.cli.build").build(root, files)
    supervisor = supervising(revisions, names, workers, listed)
    try:
        supervisor.prepare()
        # after that, so that the workers' side loads while this one does
        import_module("rskg.endpoint").serve(revisions, files, supervisor, host=host, port=port)
    finally:
        supervisor.stop()
