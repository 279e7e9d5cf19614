"""Documents to triples and back; errors say file, line and column."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from pyoxigraph import Quad, RdfFormat, Triple
from pyoxigraph import parse as parse_document
from pyoxigraph import serialize as write

from rskg.errors import InputError
from rskg.syntax.contexts import REMOTE
from rskg.syntax.entities import bounded
from rskg.syntax.media_types import GraphFormat

#: What a file holds, by its name's suffix.
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
#: What the parser says where a context is one of the network.
_FETCHES = "LoadDocumentCallback"
_DATASETS = (RdfFormat.TRIG, RdfFormat.N_QUADS)
_WHERE = re.compile(r"^Parser error (?:at|between) line \d+ (?:between )?columns? \d+[^:]*: ")


def is_document(path: Path) -> bool:
    """True when the name's suffix is one that `parse` reads."""
    return path.suffix.lower() in FORMATS


def read_text(path: Path) -> str:
    """A text file in UTF-8; raises InputError where it is none or can't be read."""
    try:
        return decoded(path.read_bytes(), path)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", path=path) from error


def decoded(content: bytes, path: Path | str) -> str:
    """Bytes as UTF-8 text; raises InputError at the line and column of the first that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        reason = f"not UTF-8 text: it has the byte 0x{error.object[error.start]:02X} here"
        raise InputError(reason, path=path, line=line, column=column) from error


def parse(path: Path, *, base: str | None = None) -> list[Triple]:
    """The triples of a file; the graphs of TriG and N-Quads are read as one.

    Raises InputError with path, line and column where the file doesn't parse.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        known = " ".join(sorted(FORMATS))
        raise InputError(f"not an RDF document by its name; known endings: {known}", path=path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", path=path) from error
    return parse_bytes(content, form, path=path, base=base)


def parse_bytes(
    content: bytes,
    form: RdfFormat | GraphFormat,
    *,
    path: Path | str | None = None,
    base: str | None = None,
) -> list[Triple]:
    """The triples of a document in memory; `path` only names it in errors."""
    engine = form.engine if isinstance(form, GraphFormat) else form
    try:
        if engine == RdfFormat.RDF_XML:
            content = b"".join(bounded([content], path))
        quads = parse_document(
            content,
            format=engine,
            base_iri=base,
            rename_blank_nodes=True,
            without_named_graphs=engine not in _DATASETS,
        )
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        raise InputError(
            sentence_of(error), path=path, line=error.lineno, column=error.offset
        ) from error
    except (ValueError, MemoryError) as error:
        raise InputError(str(error), path=path) from error


class _LineByLine(io.BytesIO):
    """Bytes handed out a line at a time, so that the parser is never further than it must be."""

    line = 0

    def read(self, size: int | None = -1) -> bytes:
        """The next line, however much was asked for; empty at the end."""
        found = self.readline()
        self.line += bool(found)
        return found


def located(path: Path) -> Iterator[tuple[Triple, int]]:
    """Each triple of a readable file with the line (from 1) on which it ends."""
    return located_in(path.read_bytes(), FORMATS[path.suffix.lower()])


def located_in(content: bytes, form: RdfFormat) -> Iterator[tuple[Triple, int]]:
    """The same for a document in memory."""
    source = _LineByLine(content)
    for quad in parse_document(source, format=form):
        yield quad.triple, source.line


def sentence_of(error: SyntaxError) -> str:
    """The parser's reason without the place, which is told apart."""
    said = _WHERE.sub("", error.msg or str(error)).strip().replace("\n", " ")
    return REMOTE if _FETCHES in said else said


def serialize(
    content: Iterable[Triple | Quad],
    form: GraphFormat,
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """Triples or quads as a document, in a stable order: equal graphs give equal bytes.

    Of the prefixes, those are declared whose namespace occurs.
    """
    ordered: list[Triple | Quad] = sorted(content, key=str)
    text = "\n".join(map(str, ordered)) if prefixes else ""
    told = {name: space for name, space in (prefixes or {}).items() if f"<{space}" in text}
    return write(cast("list[Quad]", ordered), format=form.engine, prefixes=told) or b""


def sorted_lines(quads: Iterable[Triple | Quad]) -> bytes:
    """Sorted N-Quads (N-Triples for the default graph), one a line, newline at the end."""
    lines = sorted(f"{quad} .\n" for quad in quads)
    return "".join(lines).encode()
