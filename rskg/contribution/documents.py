"""The documents of contributions as they were sent, in `contributions/` beside the revisions.

A file is named by the hash of what it holds before it is packed, and never changes: whoever builds
the store anew reads them again. What no revision speaks of is what a crash left behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from rskg import confinement
from rskg.contribution.record import TABLES, Contribution
from rskg.errors import InputError, RskgError, StoreError
from rskg.store.revisions import folders
from rskg.syntax import NT, Source, Triple, parse, serialize, source, unpacked
from rskg.syntax.sources import unpacking_errors
from rskg.templates import Filled, Templates

FOLDER = "contributions"
#: How the file of an upload begins, in the store's folder.
RECEIVING = ".receiving-"
ENDINGS = {"ttl": ".ttl", "nt": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf"}
_PIECE = 1 << 20
#: Documents that the templates or the context have a part in.
_BY_OTHERS = {*TABLES, "jsonld"}


class TooLarge(RskgError):
    """A document that holds more than it may, once unpacked."""


def suffix(form: str, packed: str) -> str:
    """How the name of such a document ends: `.ttl.gz`."""
    return ENDINGS.get(form, f".{form}") + (f".{packed}" if packed else "")


@dataclass(frozen=True)
class Document:
    """A document under the name that reports give it, and the SHA-256 of what it holds.

    `filled` is the template that it is, if it is one.
    """

    source: Source
    sha256: str
    filled: Filled | None = None


def reading(
    path: Path,
    most_bytes: int,
    most_triples: int,
    templates: Callable[[], Templates],
    dataset: str,
    *,
    context: Callable[[], str] | None = None,
) -> Document:
    """A document to be read for a dataset, by these templates where it is a table.

    `context` gives the context document that JSON-LD may name.
    Raises InputError where it can't be unpacked, TooLarge where it holds more than it may.
    """
    ending, opened = unpacked(path)
    name = f"document{ending}{'' if path.suffix.lower() == ending else path.suffix}"
    filled = None
    if ending[1:] in TABLES:
        filled = Filled(name, partial(_whole, opened), templates, dataset, most_bytes)
    found = filled.source() if filled else source(path)
    if found is None:
        raise InputError("not a document by its name", path=path)
    digest, size = sha256(), 0
    try:
        with opened() as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > most_bytes:
                    raise TooLarge(f"the document holds more than {most_bytes:,} bytes")
                digest.update(piece)
    except unpacking_errors() as error:
        raise InputError(f"can't be unpacked: {error}", path=name) from error
    bounded = replace(
        found, name=name, most_bytes=most_bytes, most_triples=most_triples, context=context
    )
    return Document(bounded, digest.hexdigest(), filled)


def _whole(opened: Callable[[], BinaryIO]) -> bytes:
    with opened() as file:
        return file.read()


def keep(root: Path, sent: Path, contribution: Contribution) -> None:
    """Have the document in its place, on disk, before a revision speaks of it; raises StoreError.

    The file that was sent may be gone afterwards.
    """
    kept = path_of(root, contribution)
    try:
        kept.parent.mkdir(exist_ok=True)
        if kept.exists():
            return
        handle = os.open(sent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        sent.rename(kept)
        folders.sync_entries(kept.parent)
        folders.sync_entries(root)
    except OSError as error:
        raise StoreError(f"can't keep the document {kept}: {error.strerror}") from error


def path_of(root: Path, contribution: Contribution) -> Path:
    """Where the document of a contribution is."""
    return root / FOLDER / (contribution.sha256 + suffix(contribution.form, contribution.packed))


def keep_said(root: Path, contribution: Contribution, triples: Iterable[Triple]) -> None:
    """Have what a document says beside it, on disk, where that isn't in the document alone.

    A table is read by the templates of the day, JSON-LD by the context.
    """
    if contribution.form in _BY_OTHERS:
        folders.replace(_said_path(root, contribution), serialize(triples, NT).decode())


def said(root: Path, contribution: Contribution) -> list[Triple] | None:
    """What a kept document was understood to say, where that was kept; raises InputError."""
    path = _said_path(root, contribution)
    return parse(path) if contribution.form in TABLES or path.exists() else None


def remove(root: Path, contribution: Contribution, *, shared: bool) -> None:
    """Have the document gone, unless it is `shared` with another contribution."""
    gone = [] if shared else [path_of(root, contribution)]
    if contribution.form in _BY_OTHERS:
        gone.append(_said_path(root, contribution))
    for path in gone:
        path.unlink(missing_ok=True)


def _said_path(root: Path, contribution: Contribution) -> Path:
    return root / FOLDER / f"{contribution.sha256}-{contribution.dataset}.nt"


def sweep(root: Path) -> None:
    """Remove the uploads of processes that are gone; names are `.receiving-PID-…`."""
    for left in root.glob(f"{RECEIVING}*"):
        pid = left.name.removeprefix(RECEIVING).split("-")[0]
        if not (pid.isdigit() and confinement.runs(int(pid))):
            with suppress(OSError):
                left.unlink()
