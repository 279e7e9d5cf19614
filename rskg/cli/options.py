"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from rskg import settings
from rskg.errors import UsageError
from rskg.paths import Files, installed

store = click.option(
    "--store",
    "root",
    type=click.Path(path_type=Path),
    default=settings.STORE.value,
    show_default=f"${settings.STORE.variable}, else {settings.STORE.default}",
    help="Folder of the store.",
)

revision = click.option(
    "--revision", metavar="N", help="A revision's number or release; the newest by default."
)

allow_service = click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="IRI-PREFIX",
    help="Let queries ask endpoints whose IRI begins so by SERVICE; to be repeated.",
)


def files() -> Files:
    """The files to build from: the setting's folder, else those of the installation."""
    folder = settings.FILES.value()
    if not folder:
        return installed()
    chosen = Files(Path(folder))
    if not chosen.ontology.is_dir():
        raise UsageError(f"{settings.FILES.variable}={folder} holds no ontology/ folder")
    return chosen
