"""The documents of contributions as they were sent, in `contributions/` beside the revisions.

A file is named by the hash of what it holds before it is packed, and never changes: whoever builds
the store anew reads them again. What no revision speaks of is what a crash left behind.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from rskg import confinement
from rskg.contribution.record import Contribution
from rskg.errors import InputError, RskgError, StoreError
from rskg.store.revisions.folders import sync_entries
from rskg.syntax import Source, source
from rskg.syntax.sources import unpacking_errors

FOLDER = "contributions"
#: How the file of an upload begins, in the store's folder.
RECEIVING = ".receiving-"
ENDINGS = {"ttl": ".ttl", "nt": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf"}
_PIECE = 1 << 20


class TooLarge(RskgError):
    """A document that holds more than it may, once unpacked."""


def suffix(form: str, packed: str) -> str:
    """How the name of such a document ends: `.ttl.gz`."""
    return ENDINGS[form] + (f".{packed}" if packed else "")


def reading(path: Path, most_bytes: int, most_triples: int) -> tuple[Source, str]:
    """A document under the name that reports give it, and the SHA-256 of what it holds.

    Raises InputError where it can't be unpacked, TooLarge where it holds more than it may.
    """
    found = source(path)
    if found is None:
        raise InputError("not a document by its name", path=path)
    name = f"document{''.join(path.suffixes[-2:] if found.path is None else path.suffixes[-1:])}"
    digest, size = sha256(), 0
    try:
        with found.open() as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > most_bytes:
                    raise TooLarge(f"the document holds more than {most_bytes:,} bytes")
                digest.update(piece)
    except unpacking_errors() as error:
        raise InputError(f"can't be unpacked: {error}", path=name) from error
    bounded = replace(found, name=name, most_bytes=most_bytes, most_triples=most_triples)
    return bounded, digest.hexdigest()


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
        sync_entries(kept.parent)
        sync_entries(root)
    except OSError as error:
        raise StoreError(f"can't keep the document {kept}: {error.strerror}") from error


def path_of(root: Path, contribution: Contribution) -> Path:
    """Where the document of a contribution is."""
    return root / FOLDER / (contribution.sha256 + suffix(contribution.form, contribution.packed))


def sweep(root: Path) -> None:
    """Remove the uploads of processes that are gone; names are `.receiving-PID-…`."""
    for left in root.glob(f"{RECEIVING}*"):
        pid = left.name.removeprefix(RECEIVING).split("-")[0]
        if not (pid.isdigit() and confinement.runs(int(pid))):
            with suppress(OSError):
                left.unlink()
