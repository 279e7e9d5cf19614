"""`rskg contribute`: documents checked here, sent, and what the server says of them."""

from __future__ import annotations

from pathlib import Path

import click

from rskg import settings, templates
from rskg.check import Options, alone, check, limits_of_settings
from rskg.cli import options
from rskg.client.offering import Answer, Server
from rskg.errors import EndpointFailed, InputError, UsageError
from rskg.report import FORMATS, Report, merged, requested, write
from rskg.report.flat import read
from rskg.syntax import source

_THRESHOLD = "violation"
_TAKEN = (200, 201)
_REFUSED = 422
_BROKEN = 500


@click.command("contribute")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--dataset", required=True, metavar="ID", help="The dataset that is yours.")
@click.option("--to", "address", required=True, metavar="URL", help="The server.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=f"A file that holds your token.  [default: ${settings.TOKEN.variable} holds it]",
)
@click.option("--replace", "replaces", is_flag=True, help="In place of all that the dataset holds.")
@click.option("--dry-run", "dry", is_flag=True, help="Have the server judge, and store nothing.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"{', '.join(FORMATS)}; several at once.  [default: text]",
)
def command(
    paths: tuple[str, ...],
    dataset: str,
    address: str,
    token_file: Path | None,
    replaces: bool,
    dry: bool,
    reports: tuple[str, ...],
) -> None:
    """Check documents here, and send each that conforms to a server as a contribution.

    A path is a document, plain or packed (gz, zst), a filled-in template, or a folder. Nothing is
    sent unless all conform here; what only the server's graph can tell is told by it, at the lines
    or cells of your files.

    Exit codes: 0 all are accepted, 1 one isn't, 2 usage or a token that doesn't hold, 3 input
    unreadable, 5 network.
    """
    requests = requested(reports)
    documents = _documents(paths)
    if replaces and len(documents) != 1:
        raise UsageError("--replace takes one document: it becomes all that the dataset holds")
    server = Server(address, dataset, _token(token_file))
    limits = limits_of_settings()
    files = options.files()
    names = [str(path) for path in documents]
    report = alone(lambda: check(names, files, Options(limits=limits, dataset=dataset)), limits)
    if not report.conforms(_THRESHOLD):
        write(report, requests, _THRESHOLD)
        click.echo("nothing was sent", err=True)
        raise click.exceptions.Exit(1)
    told = [_offered(server, path, replaces=replaces, dry=dry) for path in documents]
    new = [one for one in told if one is not None]
    whole = merged(new) if new else report
    write(whole, requests, _THRESHOLD)
    if not whole.conforms(_THRESHOLD):
        raise click.exceptions.Exit(1)


def _offered(server: Server, path: Path, *, replaces: bool, dry: bool) -> Report | None:
    """What the server's report says, about the file that is here; None of what it has already."""
    answer = server.offer(
        path, replaces=replaces, dry=dry, progress=lambda said: click.echo(said, err=True)
    )
    if answer.status not in (*_TAKEN, _REFUSED) or "report" not in answer.told:
        if answer.status >= _BROKEN:
            raise EndpointFailed(server.address, _sentence(answer), answer.status)
        raise UsageError(f"{server.address} refused {path} ({answer.status}): {_sentence(answer)}")
    click.echo(f"{path}: {_outcome(answer)}", err=True)
    if answer.told.get("state") == "already":
        return None
    return read(answer.told["report"], str(path))


def _outcome(answer: Answer) -> str:
    told = answer.told
    match told.get("state"):
        case "accepted":
            gone = f", in place of {', '.join(told['replaced'])}" if told["replaced"] else ""
            return f"accepted as {told['id']} in revision {told['revision']}{gone}"
        case "already":
            return f"is there already, as {told['id']}"
        case "judged":
            return f"would be accepted as {told['id']}"
        case _:
            return "not accepted"


def _sentence(answer: Answer) -> str:
    return str(answer.told.get("detail") or answer.told.get("title") or "no reason was given")


def _documents(paths: tuple[str, ...]) -> list[Path]:
    """The documents that the paths name, in a stable order."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file())
            found += [each for each in inside if source(each) or _is_filled(each)]
        elif path.is_file():
            found.append(path)
        else:
            raise InputError("no such file or folder", path=path)
    if not found:
        raise UsageError("name at least one document to contribute")
    return list(dict.fromkeys(found))


def _is_filled(path: Path) -> bool:
    """Whether a file in a folder is a filled-in template."""
    if path.suffix not in (".csv", ".xlsx"):
        return False
    return templates.of_file(path, lambda: templates.load(options.files()), "", 0) is not None


def _token(file: Path | None) -> str:
    token = file.read_text(encoding="utf-8").strip() if file else settings.TOKEN.value().strip()
    if not token:
        raise UsageError(f"no token: set {settings.TOKEN.variable}, or name a --token-file")
    return token
