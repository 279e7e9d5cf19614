"""Writes this folder's pages from the program: `.venv/bin/python docs/reference/generate.py`.

A test fails when a page and the program disagree.
"""

from __future__ import annotations

from pathlib import Path

import click

from rskg.cli import rskg
from rskg.settings import SETTINGS

HERE = Path(__file__).parent


def commands() -> str:
    """Every command with its help."""
    context = click.Context(rskg, info_name="rskg")
    parts = ["# Commands\n"]
    for name in rskg.list_commands(context):
        parts += _command(rskg, context, name)
    return "\n".join(parts)


def _command(group: click.Group, context: click.Context, name: str) -> list[str]:
    found = group.get_command(context, name)
    assert found is not None
    inner = click.Context(found, info_name=name, parent=context, max_content_width=96)
    parts = [f"## {inner.command_path}\n", f"```\n{found.get_help(inner)}\n```\n"]
    if isinstance(found, click.Group):
        for each in found.list_commands(inner):
            parts += _command(found, inner, each)
    return parts


def settings() -> str:
    """Every setting with its default."""
    rows = [f"| `{s.variable}` | `{s.default or '-'}` | {s.help} |" for s in SETTINGS]
    head = [
        "# Settings\n",
        "Environment variables.\n",
        "| variable | default | what for |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


PAGES = {"commands.md": commands, "settings.md": settings}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
