"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

import rskg
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


def pin(version: str | None, shapes: Sequence[Path]) -> None:
    """Raise UsageError where the shapes of this installation aren't of the version asked for.

    The version of the package is that of the shapes in it.
    """
    if version is None:
        return
    if shapes:
        raise UsageError("--shapes-version is about the installed shapes: leave out --shapes")
    here = rskg.__version__
    if f"{here}.".startswith(f"{version}."):
        return
    raise UsageError(
        f"the shapes here are version {here}, not {version}: pip install 'rskg=={version}'"
    )
