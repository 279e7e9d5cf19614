"""The command line: one module a command, loaded when it is called.

Data goes to stdout, talk to stderr; an error is one sentence and the exit code of its kind.
"""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

import click

from rskg.errors import RskgError

COMMANDS = {
    "backup": "Copy the whole store to another folder.",
    "build": "Make the next revision of the store from the files.",
    "convert": "Make Turtle of filled-in templates.",
    "contribute": "Check documents and send them to a server, to a dataset of yours.",
    "dump": "Write a revision as sorted N-Quads, TriG, N-Triples or Turtle.",
    "fetch": "Make a dataset's table anew from its source file.",
    "fmt": "Lay out Turtle files in their normal form, comments kept.",
    "lint-query": "Check query files against the ontology.",
    "mcp": "Answer a program that speaks the Model Context Protocol.",
    "publish": "Have an engine that you run hold the newest revision.",
    "query": "Ask a named question, a query file or standard input.",
    "restore": "Copy a backup to where the store is to be.",
    "revisions": "List, compare, name, roll back, prune and compact revisions.",
    "serve": "Serve the page and the SPARQL endpoint.",
    "template": "Write a table to fill in for a class; list the classes.",
    "token": "Make, list and revoke the tokens by which partners contribute.",
    "validate": "Check files against the shapes.",
}


class _Commands(click.Group):
    """Commands by name; a command's module is imported only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"rskg.cli.{cmd_name.replace('-', '_')}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rskg")
def rskg() -> None:
    """The knowledge graph of responsible sourcing of minerals: build, ask, check, serve."""


def main() -> None:
    """Run the command line; the process ends with the exit codes of `rskg.errors`."""
    try:
        sys.exit(rskg.main(prog_name="rskg", standalone_mode=False) or 0)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except RskgError as error:
        click.echo(f"rskg: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001  (a fault of ours must not look like bad data)
        traceback.print_exception(error)
        click.echo(
            f"rskg: internal failure: {error!r}; please report it with the lines above", err=True
        )
        sys.exit(RskgError.exit_code)
