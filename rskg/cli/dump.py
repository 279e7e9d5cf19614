"""`rskg dump`: a revision as text, sorted, so that equal graphs give equal bytes."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import click

from rskg.cli import options
from rskg.errors import StoreError, UsageError
from rskg.store import Reader, Revisions
from rskg.syntax import GRAPH_FORMATS, serialize, sorted_lines

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_FORMATS = {form.name: form for form in GRAPH_FORMATS}
_CHOICES = ("nq", "trig", "nt", "ttl")
_PACKED = (".gz", ".zst")
#: A fifth smaller than zstd's default of 3, and still at 100 MB a second.
_ZSTD_LEVEL = 9


class _Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> int: ...


@click.command("dump")
@options.store
@options.revision
@click.option("--graph", "name", metavar="IRI|default", help="One graph only.")
@click.option("--format", "form", type=click.Choice(_CHOICES), help="nq by default.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A file instead of stdout: its ending tells the format, .gz or .zst after it packs it.",
)
def command(
    root: Path, revision: str | None, name: str | None, form: str | None, output: Path | None
) -> None:
    """Write a revision: every graph as nq or trig, one graph as nt or ttl."""
    chosen = _format(form, name, output)
    if bool(name) != (chosen in ("nt", "ttl")):
        raise UsageError("nt and ttl hold one graph (--graph IRI), nq and trig hold all of them")
    revisions = Revisions(root)
    reader = revisions.open(revisions.find(revision) if revision else None)
    if name and name != "default" and name not in reader.graph_names():
        raise UsageError(f"revision {reader.number} has no graph {name}")
    with _opened(output) as out:
        for piece in _pieces(reader, name, chosen):
            out.write(piece)


def _format(form: str | None, name: str | None, output: Path | None) -> str:
    told = _ending(output) if output else None
    if form and told and form != told:
        raise UsageError(f"{output} reads as {told}, not as {form}: change one of the two")
    return form or told or ("nt" if name else "nq")


def _ending(output: Path) -> str:
    plain = output.with_suffix("") if output.suffix in _PACKED else output
    ending = plain.suffix.removeprefix(".")
    if ending not in _CHOICES:
        raise UsageError(f"{output} ends in none of {', '.join(_CHOICES)}, with .gz, .zst or alone")
    return ending


@contextmanager
def _opened(output: Path | None) -> Iterator[_Sink]:
    """Where to write; a file gets its name only when it is complete."""
    if output is None:
        yield sys.stdout.buffer
        return
    aside = output.with_name(f".{output.name}.part")
    try:
        with aside.open("wb") as file, _packed(file, output.suffix) as packed:
            yield packed
        aside.rename(output)
    except OSError as error:
        raise StoreError(f"can't write {output}: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _packed(file: IO[bytes], suffix: str) -> Iterator[_Sink]:
    """The file, or a compressor in front of it that puts no time or name into what it writes."""
    if suffix == ".gz":
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
            yield packed
    elif suffix == ".zst":
        with zstd.ZstdFile(file, mode="wb", level=_ZSTD_LEVEL) as packed:
            yield packed
    else:
        yield file


def _pieces(reader: Reader, name: str | None, form: str) -> Iterator[bytes]:
    if form == "nq":
        yield sorted_lines(reader.quads())
    elif form == "nt":
        yield sorted_lines(quad.triple for quad in reader.quads(name))
    elif name:
        yield serialize([quad.triple for quad in reader.quads(name)], _FORMATS[form])
    else:
        yield serialize(reader.quads(), _FORMATS[form])
