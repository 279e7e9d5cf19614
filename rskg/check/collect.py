"""From what a person names to documents: files, folders, patterns, standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from glob import glob, has_magic
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from rskg.check.limits import Limits
from rskg.dataset import Table, table_of
from rskg.errors import InputError, NothingChecked
from rskg.syntax import NT, Source, source, source_of

if TYPE_CHECKING:
    from rskg.templates import Filled, Templates

STDIN = "-"
#: What a person may think is checked, and isn't without a map.
_TOLD = (".csv", ".rq")
_NO_NAME = "not an RDF document by its name"
_NO_MAP = (
    "a table is checked by its map: put map.rq beside it, or <name>.rq beside <name>.csv; "
    "or start from a template (`rskg template`), whose first columns are id and type"
)
_FORMS = (".csv", ".xlsx")


@dataclass(frozen=True)
class Collected:
    """The documents, each once, in a stable order; sentences about what was left out.

    A table with a map is a document too: what it is mapped to. `tables` has these by name, and
    `filled` the templates that somebody filled in.
    """

    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    filled: Mapping[str, Filled] = field(default_factory=dict)


def sources(
    paths: Sequence[str],
    limits: Limits,
    stdin: bytes | None = None,
    templates: Callable[[], Templates] | None = None,
    dataset: str = "",
    *,
    context: Callable[[], str] | None = None,
) -> Collected:
    """What the paths name, each document bounded; raises InputError where one names nothing.

    `templates` gives the templates by which filled-in ones are read, into what `dataset` names;
    `context` the context document that JSON-LD may name.
    """
    found: dict[str, Source] = {}
    tables: dict[str, Table] = {}
    filled: dict[str, Filled] = {}
    left: list[Path] = []
    for path in paths:
        if path == STDIN:
            content = sys.stdin.buffer.read(limits.document + 1) if stdin is None else stdin
            found[STDIN] = source_of(content, "stdin")
            continue
        for file in _files(path):
            table = table_of(file) if file.suffix == ".csv" else None
            if table:
                tables[str(file)] = table
            one = _mapped(table) if table else source(file)
            if one is None and templates and (form := _filled(file, templates, dataset, limits)):
                filled[form.name] = form
                one = form.source()
            if one:
                found.setdefault(one.name, one)
            else:
                left.append(file)
    notes = _left_out(left, paths, {table.map_path for table in tables.values()})
    if not found:
        raise NothingChecked("there is no RDF document in these folders")
    bounded = (
        replace(one, most_bytes=limits.document, most_triples=limits.triples, context=context)
        for one in found.values()
    )
    return Collected(tuple(bounded), notes, tables, filled)


def _left_out(files: Sequence[Path], paths: Sequence[str], maps: Set[Path]) -> tuple[str, ...]:
    """What to tell of files that are no documents; one that was named itself is an error."""
    for file in files:
        if str(file) in paths:
            raise InputError(_NO_MAP if file.suffix == ".csv" else _NO_NAME, path=file)
    skipped = [str(file) for file in files if file.suffix in _TOLD and file not in maps]
    return (f"not checked, no RDF documents: {', '.join(skipped)}",) if skipped else ()


def _mapped(table: Table) -> Source:
    """What a table is mapped to, when it is first read."""

    @cache
    def content() -> bytes:
        lines: bytes = import_module("rskg.mapping").table_lines(table)
        return lines

    return Source(str(table.path), NT.engine, lambda: BytesIO(content()))


def _filled(
    file: Path, templates: Callable[[], Templates], dataset: str, limits: Limits
) -> Filled | None:
    """A filled-in template; None for another file."""
    if file.suffix not in _FORMS:
        return None
    room = import_module("rskg.templates.filled")
    found: Filled | None = room.of_file(file, templates, dataset, limits.document)
    return found


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
