"""A filled-in table as text cells: CSV as spreadsheet programs save it, or a workbook."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module

from rskg.cells import Layout
from rskg.errors import DocumentTooLarge, InputError
from rskg.templates.fields import ID, TYPE

#: First line and column of a cell, and those behind it.
At = tuple[int, int, int | None, int | None]
_DELIMITERS = (",", ";", "\t")
#: What a damaged workbook makes its reader raise: a part is missing, cut, or no XML.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, struct.error),
    *(LookupError, AttributeError, ValueError, TypeError, ArithmeticError, SyntaxError),
    AssertionError,
)
#: What Excel reads, and some programs write, before the heading.
_SAID = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
_WORKBOOK = b"PK\x03\x04"
_ENCODED = "it isn't UTF-8: save it as “CSV UTF-8”, or as a workbook (.xlsx)"


@dataclass(frozen=True)
class Sheet:
    """The heading, the rows with the line on which each ends, and where a cell stands."""

    heading: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    at: Callable[[int, int], At]
    line: int = 1


def read(content: bytes, name: str, most_bytes: int) -> Sheet:
    """The table; raises InputError with the line where it can't be read."""
    if content.startswith(_WORKBOOK):
        return _workbook(content, name, most_bytes)
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(_ENCODED, path=name, line=line) from error
    said, delimiter = _parted(text)
    text, above = text[said:], 1 if said else 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        heading = next(reader, [])
        first = reader.line_num + above
        rows = [(reader.line_num + above, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        line = reader.line_num + above
        raise InputError(f"not a CSV table: {error}", path=name, line=line) from error
    return Sheet(heading, rows, _below(Layout(text, delimiter).cell, above), first)


def begins_a_template(content: bytes) -> bool:
    """Whether a CSV's first line has the columns that templates begin with."""
    text = content.decode(_encoding(content), errors="replace")
    said, delimiter = _parted(text)
    names = text[said:].split("\n", 1)[0].split(delimiter)[:2]
    return [name.strip().strip('"').casefold() for name in names] == [ID, TYPE]


def _encoding(content: bytes) -> str:
    """UTF-8, unless it begins as the “Unicode text” of spreadsheet programs does."""
    return "utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"


def _parted(text: str) -> tuple[int, str]:
    """How much of the text says what parts the cells (`sep=;`), and what does.

    Spreadsheet programs take what their country's decimals leave free.
    """
    if said := _SAID.match(text):
        return said.end(), said[1]
    first = text.split("\n", 1)[0]
    return 0, max(_DELIMITERS, key=first.count)


def _below(cell: Callable[[int, int], At], above: int) -> Callable[[int, int], At]:
    """The places of a text that begins so many lines below the file's first one."""

    def at(line: int, index: int) -> At:
        start, column, end, last = cell(line - above, index)
        return start + above, column, None if end is None else end + above, last

    return at if above else cell


def _workbook(content: bytes, name: str, most_bytes: int) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > most_bytes:
                raise DocumentTooLarge(f"it unpacks to more than {most_bytes:,} bytes", path=name)
        book = import_module("openpyxl").load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    except _DAMAGED as error:
        said = f"{error}" or type(error).__name__
        raise InputError(f"not a workbook that can be read: {said}", path=name) from error
    for rows in sheets:
        heading = [_text(cell) for cell in rows[0]] if rows else []
        if [one.casefold() for one in heading[:2]] == [ID, TYPE]:
            told = [(n, [_text(cell) for cell in row]) for n, row in enumerate(rows[1:], 2)]
            return Sheet(heading, [row for row in told if any(row[1])], _cell)
    raise InputError(
        f"no sheet begins with the columns {ID} and {TYPE}: start from a template", path=name
    )


def _cell(line: int, index: int) -> At:
    return line, index + 1, None, None


def _text(value: object) -> str:
    """A cell of a workbook as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
