"""`rskg serve`: the page and the endpoint, in the foreground."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from rskg.cli import options
from rskg.errors import UsageError
from rskg.ontology import prefixes
from rskg.settings import ENGINE_SCHEME, WORKERS
from rskg.store import Revisions
from rskg.store.federation.hosts import Listed
from rskg.store.workers.federated import supervising


@click.command("serve")
@options.place
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
    place: str, host: str, port: int, empty: bool, workers: int | None, services: tuple[str, ...]
) -> None:
    """Serve the newest revision; builds it on the first start. Stops on Ctrl-C.

    On an engine it serves what was built there.
    """
    if place.startswith(ENGINE_SCHEME):
        if empty or services:
            raise UsageError(
                "--empty and --allow-service are the embedded store's: an engine is built into by "
                "`rskg build`, and lists services itself"
            )
        _serve_engine(place, host, port, workers)
    else:
        _serve_store(Path(place), host, port, empty, workers, services)


def _serve_store(
    root: Path, host: str, port: int, empty: bool, workers: int | None, services: tuple[str, ...]
) -> None:
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
        endpoint = import_module("rskg.endpoint")
        endpoint.serve(
            lambda log: endpoint.create_app(revisions, files, supervisor, log=log),
            name=str(root),
            host=host,
            port=port,
        )
    finally:
        supervisor.stop()


def _serve_engine(place: str, host: str, port: int, workers: int | None) -> None:
    # on demand: most servers ask no engine
    on_engine = import_module("rskg.endpoint.on_engine")
    files = options.files()
    with on_engine.serving(place, prefixes(files.ontology), workers) as what:
        endpoint = import_module("rskg.endpoint")
        endpoint.serve(
            lambda log: endpoint.front(what, files, log=log), name=what.name, host=host, port=port
        )
