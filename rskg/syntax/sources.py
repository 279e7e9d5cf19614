"""Documents to read more than once: a file, plain or compressed, or what came by standard input."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast

from pyoxigraph import Quad, RdfFormat
from pyoxigraph import parse as parse_document

from rskg.errors import DocumentTooLarge, InputError
from rskg.syntax import contexts
from rskg.syntax.contexts import Placed
from rskg.syntax.documents import FORMATS, decoded, sentence_of
from rskg.syntax.entities import bounded

CHUNK = 1 << 20
BOM = b"\xef\xbb\xbf"
_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
_PACKED = (".gz", ".bz2", ".zst")
_DATASETS = (RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD)
_JSON = re.compile(rb"\s*[\[{]\s*[\"\[{\]}]")
#: An IRI longer than this is no IRI but an attack on whoever prints it.
LONGEST_IRI = 1 << 16
_LONG = re.compile(
    rb"""(?:<|@id"\s{0,9}:\s{0,9}"|(?:about|resource|ID)=["'])[^\s<>"']{%d}""" % LONGEST_IRI
)
_SPACE = re.compile(rb"\s")
_XML = re.compile(rb"\s*<(\?xml|!--|!DOCTYPE|[\w-]+:RDF\b)")


@dataclass(frozen=True)
class Source:
    """A document: the name to tell it by, its format, and how to read it from its start.

    `most_bytes`, once unpacked, and `most_triples` are what it may hold; `path` is the file, where
    it isn't packed; `context` gives the context document that JSON-LD may name by its IRI.
    """

    name: str
    form: RdfFormat
    open: Callable[[], BinaryIO]
    most_bytes: int | None = None
    most_triples: int | None = None
    path: Path | None = None
    context: Callable[[], str] | None = None

    def plain(self) -> Path | None:
        """The file, where its bytes are the document and no more of them than there may be."""
        if self.path is None or not self.path.is_file():
            return None
        if self.most_bytes is not None and self.path.stat().st_size > self.most_bytes:
            return None
        with self.path.open("rb") as file:
            return None if file.read(len(BOM)) == BOM else self.path

    def chunks(self) -> Iterator[bytes]:
        """The document's bytes, without a byte order mark.

        Raises InputError where it can't be read, is larger than it may be, or holds an IRI
        longer than LONGEST_IRI.
        """
        size, before = 0, b""
        try:
            with self.open() as file:
                chunk = file.read(CHUNK).removeprefix(BOM)
                while chunk:
                    size += len(chunk)
                    self._bounded(size, before, chunk)
                    yield chunk
                    before = chunk[-LONGEST_IRI:]
                    chunk = file.read(CHUNK)
        except OSError as error:
            raise InputError(_unreadable(error), path=self.name) from error
        except EOFError as error:
            raise InputError("the compressed file is cut short", path=self.name) from error
        except unpacking_errors() as error:
            raise InputError(f"the compressed file is damaged: {error}", path=self.name) from error

    def _bounded(self, size: int, before: bytes, chunk: bytes) -> None:
        if self.most_bytes is not None and size > self.most_bytes:
            raise DocumentTooLarge(
                f"the document is larger than {self.most_bytes:,} bytes; split it, or raise "
                "the bound",
                path=self.name,
            )
        text = before + chunk
        if _unbroken(text) and _LONG.search(text):
            raise InputError(f"an IRI is longer than {LONGEST_IRI:,} bytes", path=self.name)

    def require_room(self, triples: int) -> None:
        """Raise InputError for more triples than the document may hold."""
        if self.most_triples is not None and triples > self.most_triples:
            raise DocumentTooLarge(
                f"the document holds more than {self.most_triples:,} triples; split it, or "
                "raise the bound",
                path=self.name,
            )

    def placed(self) -> Placed | None:
        """A JSON-LD document that names the context, with it in its place; None for another one.

        Raises InputError as `chunks` does.
        """
        if self.form != RdfFormat.JSON_LD or self.context is None:
            return None
        if not contexts.are_named(self.chunks()):
            return None
        text = decoded(b"".join(self.chunks()), self.name)
        return contexts.placed(text, self.context(), self.name, self.most_bytes)

    def quads(self) -> Iterator[Quad]:
        """Every statement; raises InputError with line and column where the document is wrong."""
        whole = self.placed()
        chunks = iter([whole.text.encode()]) if whole else self.chunks()
        reader = _Reader(bounded(chunks, self.name) if self.form == RdfFormat.RDF_XML else chunks)
        try:
            found = parse_document(
                cast("IO[bytes]", reader),
                format=self.form,
                rename_blank_nodes=True,
                without_named_graphs=self.form not in _DATASETS,
            )
            yield from islice(found, self.most_triples)
            if self.most_triples is not None and next(found, None) is not None:
                self.require_room(self.most_triples + 1)
        except SyntaxError as error:
            line, column = error.lineno, error.offset
            if whole and line and column:
                line, column = whole.line_and_column(line, column)
            reason = sentence_of(error)
            raise InputError(reason, path=self.name, line=line, column=column) from error
        except ValueError as error:
            raise InputError(str(error), path=self.name) from error
        except MemoryError as error:
            if not str(error):  # memory is out; the parser says so of a term that is too long
                raise
            raise InputError(str(error), path=self.name) from error


def source(path: Path) -> Source | None:
    """A file by its name, `x.ttl` or `x.ttl.gz`; None when that is no document's name."""
    ending, opened = unpacked(path)
    form = FORMATS.get(ending)
    if form is None:
        return None
    file = path if path.suffix.lower() == ending else None
    return Source(str(path), form, opened, path=file)


def unpacked(path: Path) -> tuple[str, Callable[[], BinaryIO]]:
    """How a file's name ends without `.gz` and its like, and how to read what it holds."""
    packed = path.suffix.lower()
    inner = Path(path.stem) if packed in _PACKED else path
    return inner.suffix.lower(), lambda: _opened(path, packed)


def source_of(content: bytes, name: str) -> Source:
    """A document in memory; its format is told from how it begins."""
    start = content.removeprefix(BOM)[:1000]
    form = RdfFormat.TRIG
    if _JSON.match(start):
        form = RdfFormat.JSON_LD
    elif _XML.match(start):
        form = RdfFormat.RDF_XML
    return Source(name, form, lambda: io.BytesIO(content))


def unpacking_errors() -> tuple[type[Exception], ...]:
    """What reading a packed file may raise; zstd's is known once it was loaded."""
    loaded = sys.modules.get(_ZSTD)
    return (OSError, EOFError, zlib.error, *((loaded.ZstdError,) if loaded else ()))


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


def _unbroken(text: bytes) -> bool:
    """True when a stretch without a space may be longer than an IRI may be; quick."""
    half = LONGEST_IRI // 2
    for start in range(0, len(text) - half, half):
        space = _SPACE.search(text, start, start + half)
        if space is None:
            return True
    return False


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
