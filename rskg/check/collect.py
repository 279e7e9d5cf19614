"""From what a person names to documents: files, folders, patterns, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from rskg.check.limits import Limits
from rskg.errors import InputError, NothingChecked
from rskg.syntax import Source, source, source_of

STDIN = "-"


@dataclass(frozen=True)
class Collected:
    """The documents, each once, in a stable order; sentences about what was left out."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()


def sources(paths: Sequence[str], limits: Limits) -> Collected:
    """What the paths name, each document bounded; raises InputError where one names nothing."""
    found: dict[str, Source] = {}
    skipped: list[str] = []
    for path in paths:
        if path == STDIN:
            found[STDIN] = source_of(sys.stdin.buffer.read(limits.document + 1), "stdin")
            continue
        for file in _files(path):
            one = source(file)
            if one:
                found.setdefault(str(file), one)
            elif str(file) in paths:
                raise InputError("not an RDF document by its name", path=file)
            elif file.suffix in (".csv", ".rq"):
                skipped.append(str(file))
    if not found:
        raise NothingChecked("there is no RDF document in these folders")
    notes = (f"not checked, no RDF documents: {', '.join(skipped)}",) if skipped else ()
    bounded = (
        replace(one, most_bytes=limits.document, most_triples=limits.triples)
        for one in found.values()
    )
    return Collected(tuple(bounded), notes)


def _files(path: str) -> Iterator[Path]:
    """A file, or those in a folder, or those that a pattern such as `data/**/*.ttl` fits."""
    if has_magic(path) and not Path(path).exists():
        matches = [Path(match) for match in sorted(glob(path, recursive=True))]
    else:
        matches = [Path(path)]
    for match in matches:
        if match.is_dir():
            yield from (inside for inside in sorted(match.rglob("*")) if inside.is_file())
        elif match.exists():
            yield match
        else:
            raise InputError("no such file or folder", path=path)
    if not matches:
        raise InputError("no file fits this pattern", path=path)
