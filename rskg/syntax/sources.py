"""Documents to read more than once: a file, plain or compressed, or what came by standard input."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, BinaryIO, cast

from pyoxigraph import Quad, RdfFormat, Triple
from pyoxigraph import parse as parse_document

from rskg.errors import InputError
from rskg.syntax.documents import FORMATS, located_in, sentence_of
from rskg.syntax.entities import bounded

CHUNK = 1 << 20
BOM = b"\xef\xbb\xbf"
_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
_PACKED = (".gz", ".bz2", ".zst")
_DATASETS = (RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD)
_JSON = re.compile(rb"\s*[\[{]\s*[\"\[{\]}]")
_XML = re.compile(rb"\s*<(\?xml|!--|!DOCTYPE|[\w-]+:RDF\b)")


@dataclass(frozen=True)
class Source:
    """A document: the name to tell it by, its format, and how to read it from its start."""

    name: str
    form: RdfFormat
    open: Callable[[], BinaryIO]

    def chunks(self) -> Iterator[bytes]:
        """The document's bytes, without a byte order mark."""
        try:
            with self.open() as file:
                chunk = file.read(CHUNK).removeprefix(BOM)
                while chunk:
                    yield chunk
                    chunk = file.read(CHUNK)
        except OSError as error:
            raise InputError(_unreadable(error), path=self.name) from error
        except EOFError as error:
            raise InputError("the compressed file is cut short", path=self.name) from error

    def located(self) -> Iterator[tuple[Triple, int]]:
        """Each triple of a readable document with the line (from 1) on which it ends."""
        return located_in(b"".join(self.chunks()), self.form)

    def quads(self) -> Iterator[Quad]:
        """Every statement; raises InputError with line and column where the document is wrong."""
        chunks = self.chunks()
        reader = _Reader(bounded(chunks) if self.form == RdfFormat.RDF_XML else chunks)
        try:
            yield from parse_document(
                cast("IO[bytes]", reader),
                format=self.form,
                rename_blank_nodes=True,
                without_named_graphs=self.form not in _DATASETS,
            )
        except SyntaxError as error:
            raise InputError(
                sentence_of(error), path=self.name, line=error.lineno, column=error.offset
            ) from error
        except (ValueError, MemoryError) as error:
            raise InputError(str(error), path=self.name) from error


def source(path: Path) -> Source | None:
    """A file by its name, `x.ttl` or `x.ttl.gz`; None when that is no document's name."""
    packed = path.suffix.lower()
    inner = Path(path.stem) if packed in _PACKED else path
    form = FORMATS.get(inner.suffix.lower())
    if form is None:
        return None
    return Source(str(path), form, lambda: _opened(path, packed))


def source_of(content: bytes, name: str) -> Source:
    """A document in memory; its format is told from how it begins."""
    start = content.removeprefix(BOM)[:1000]
    form = RdfFormat.TRIG
    if _JSON.match(start):
        form = RdfFormat.JSON_LD
    elif _XML.match(start):
        form = RdfFormat.RDF_XML
    return Source(name, form, lambda: io.BytesIO(content))


class _Reader(io.RawIOBase):
    """Chunks as a file, for a parser that reads."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._chunk = chunks, io.BytesIO()

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; empty at the end."""
        found = self._chunk.read(size)
        while not found and (chunk := next(self._chunks, b"")):
            self._chunk = io.BytesIO(chunk)
            found = self._chunk.read(size)
        return found


def _opened(path: Path, packed: str) -> BinaryIO:
    if packed == ".gz":
        return cast("BinaryIO", gzip.GzipFile(path))
    if packed == ".bz2":
        return cast("BinaryIO", bz2.BZ2File(path))
    if packed == ".zst":
        return cast("BinaryIO", import_module(_ZSTD).ZstdFile(path))
    return path.open("rb")


def _unreadable(error: OSError) -> str:
    return f"can't be read: {error.strerror or error}"
