"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import rskg
from rskg import settings
from rskg.errors import UsageError
from rskg.paths import Files, installed

#: How the address of somebody's endpoint starts, which is only asked.
_ENDPOINTS = ("http://", "https://")


class _Folder(click.Path):
    """A store's folder; an engine's address is told that it has no place here."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and value.startswith((settings.ENGINE_SCHEME, *_ENDPOINTS)):
            name = ctx.command_path.partition(" ")[2] if ctx else "it"
            raise UsageError(
                f"`{name}` works on a store's folder: revisions, their copies and what partners "
                "contribute are of the embedded store; name the folder that `publish --to` brings "
                "to the engine, or into which `build` built for it (.rskg/engines/…). `build`, "
                "`query`, `serve`, `mcp` and `validate --against` take an engine"
            )
        return super().convert(value, param, ctx)


_DEFAULT_STORE = f"${settings.STORE.variable}, else {settings.STORE.default}"

store = click.option(
    "--store",
    "root",
    type=_Folder(),
    default=settings.STORE.value,
    show_default=_DEFAULT_STORE,
    help="Folder of the store.",
)


class _Place(click.types.StringParamType):
    """A store's folder or an engine's address, as text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value.startswith(_ENDPOINTS):
            name = ctx.command_path.partition(" ")[2] if ctx else "it"
            raise UsageError(
                f"`{name}` takes a folder, or an engine as sparql+{value}; an endpoint at "
                "https://… is only asked, by `query`, `mcp` and `validate --against`"
            )
        return value


place = click.option(
    "--store",
    "place",
    type=_Place(),
    metavar="DIR|URL",
    default=settings.STORE.value,
    show_default=_DEFAULT_STORE,
    help="Folder of the store, or an engine: sparql+https://HOST/…",
)

asked = click.option(
    "--store",
    "place",
    metavar="DIR|URL",
    default=settings.STORE.value,
    show_default=_DEFAULT_STORE,
    help="Folder of the store, an engine: sparql+https://HOST/…, or any SPARQL endpoint.",
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
