"""From the engine's TSV to Arrow: whole columns at a time, since a row at a time is slow."""

from __future__ import annotations

import re
from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from rskg.namespaces import XSD
from rskg.tables.datatypes import NUMBERS, typed

#: What a mixed column holds for each term.
TERM = pa.struct(
    [
        ("value", pa.string()),
        ("kind", pa.string()),
        ("datatype", pa.string()),
        ("language", pa.string()),
    ]
)
STRING = XSD + "string"
_LITERAL = r'^"(?P<text>(?s:.*))"(?P<tail>@[^"]+|\^\^<[^"]+>)?$'
_FEW = 16
_ESCAPED = re.compile(r"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def table_of(tsv: bytes) -> pa.Table:
    """The rows of a SPARQL result in TSV, one column a variable; unbound is null.

    Raises ValueError for bytes that are no such result.
    """
    end = tsv.find(b"\n") if b"\n" in tsv else len(tsv)
    names = names_of(tsv[:end])
    body = memoryview(tsv)[end + 1 :]
    if not names or not body:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    return read(names, body)


def names_of(head: bytes) -> list[str]:
    """The variables of a result's first line."""
    return [name.strip().lstrip("?$") for name in head.decode().split("\t")] if head else []


def read(names: list[str], body: bytes | memoryview) -> pa.Table:
    """The table of some rows, at least one; raises ValueError as `table_of`."""
    found = pyarrow.csv.read_csv(
        pa.py_buffer(body),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names, block_size=max(len(body), 1), use_threads=False
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter="\t", quote_char=False, ignore_empty_lines=False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    made = [_column(name, column.combine_chunks()) for name, column in _columns(found)]
    return pa.Table.from_arrays(
        [values for _, values in made], schema=pa.schema([field for field, _ in made])
    )


def plain(table: pa.Table) -> pa.Table:
    """The same rows with simple columns: mixed ones become numbers where all are, else text."""
    columns = [
        _plain(column.combine_chunks()) if pa.types.is_struct(column.type) else column
        for column in table.columns
    ]
    return pa.table(dict(zip(table.column_names, columns, strict=True)))


def _plain(terms: pa.StructArray) -> pa.Array:
    values = pc.if_else(pc.is_valid(terms), terms.field("value"), None)
    numeric = pc.is_in(terms.field("datatype"), pa.array(sorted(NUMBERS)))
    if not _all(pc.or_(numeric, pc.is_null(terms))):
        return values
    return typed(values, XSD + "double")


def _columns(table: pa.Table) -> list[tuple[str, pa.ChunkedArray]]:
    return list(zip(table.column_names, table.columns, strict=True))


def _column(name: str, terms: pa.Array) -> tuple[pa.Field, pa.Array]:
    """A column of terms as TSV writes them, as values with the field that describes them."""
    named = pc.starts_with(terms, "<")
    blank = pc.starts_with(terms, "_:")
    resources = pc.or_(named, blank)
    if _all(resources):
        inner = _inner(terms, 1, -1)
        values = inner if _all(named) else pc.if_else(named, inner, terms)
        return _field(name, values, kind="resource"), values
    some = pc.any(resources).as_py()
    if not some and (alike := _alike(terms)) is not None:
        texts, tail = alike
        if tail.startswith("@"):
            return _field(name, texts, kind="literal", language=tail[1:]), texts
        values = typed(texts, tail)
        return _field(name, values, kind="literal", datatype=tail), values
    texts, datatypes, languages = _literals(pc.if_else(resources, None, terms))
    if not some and not pc.any(pc.is_valid(languages)).as_py():
        found = pc.unique(pc.drop_null(datatypes))
        if len(found) == 1:
            values = typed(texts, found[0].as_py())
            return _field(name, values, kind="literal", datatype=found[0].as_py()), values
    iris = pc.if_else(named, pc.utf8_slice_codeunits(terms, 1, -1), terms)
    kinds = pc.if_else(named, "iri", pc.if_else(blank, "bnode", "literal"))
    values = pa.StructArray.from_arrays(
        [pc.if_else(resources, iris, texts), kinds, datatypes, languages],
        fields=list(TERM),
        mask=pc.is_null(terms),
    )
    return _field(name, values, kind="mixed"), values


def _alike(terms: pa.Array) -> tuple[pa.Array, str] | None:
    """The texts of literals that all end in the same way, and their `@language` or datatype.

    Most columns are like that, and this is several times faster than to look at each literal.
    What stands without quotes ends in no way: it has the datatype that its form says.
    """
    quoted = pc.starts_with(terms, '"')
    if not pc.any(quoted, min_count=0).as_py():
        datatype = _form(terms)
        return None if datatype is None else (terms, datatype)
    first = terms[pc.index(quoted, True).as_py()].as_py()
    end = first[first.rfind('"') :]
    if not _all(pc.equal(quoted, pc.ends_with(terms, end))):
        return None
    tail = STRING if end == '"' else end[1:] if end[1] == "@" else end[4:-1]
    texts = _inner(terms, 1, -len(end.encode()))
    if not _all(quoted):
        if _form(pc.filter(terms, pc.invert(quoted))) != tail:
            return None
        texts = pc.if_else(quoted, texts, terms)
    return _unescaped(texts), tail


def _form(bare: pa.Array) -> str | None:
    """The datatype that the form of all of them says, as in Turtle; None for several."""
    with suppress(pa.ArrowInvalid):
        pc.cast(bare[:_FEW], pa.int64())  # fails sooner than with all of them
        pc.cast(bare, pa.int64())
        return XSD + "integer"
    found = pc.unique(pc.drop_null(_bare(bare)))
    return found[0].as_py() if len(found) == 1 else None


def _inner(texts: pa.Array, start: int, end: int) -> pa.Array:
    """Texts without the ASCII around them: cut as bytes, which is quicker than as letters."""
    return pc.binary_slice(texts.view(pa.binary()), start, end).view(pa.string())


def _all(true: pa.Array) -> bool:
    return bool(pc.all(true, min_count=0).as_py())


def _literals(terms: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Text, datatype and language of each literal; a datatype or a language is null."""
    quoted = pc.starts_with(terms, '"')
    parts = pc.extract_regex(terms, _LITERAL)
    texts, tails = pc.struct_field(parts, "text"), pc.struct_field(parts, "tail")
    texts = _unescaped(pc.if_else(quoted, texts, terms))
    tagged = pc.starts_with(tails, "@")
    given = pc.if_else(pc.equal(tails, ""), STRING, pc.utf8_slice_codeunits(tails, 3, -1))
    datatypes = pc.if_else(quoted, pc.if_else(tagged, None, given), _bare(terms))
    languages = pc.if_else(pc.and_(quoted, tagged), pc.utf8_slice_codeunits(tails, 1), None)
    return texts, datatypes, languages


def _bare(terms: pa.Array) -> pa.Array:
    """The datatypes of what stands without quotes, as in Turtle."""
    return pc.case_when(
        pc.make_struct(
            pc.match_substring_regex(terms, r"^[+-]?\d+$"),
            pc.match_substring_regex(terms, r"^[+-]?\d*\.\d+$"),
            pc.is_in(terms, pa.array(["true", "false"])),
            pc.is_valid(terms),
        ),
        XSD + "integer",
        XSD + "decimal",
        XSD + "boolean",
        XSD + "double",
        pa.scalar(None, pa.string()),
    )


def _unescaped(texts: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring(texts, "\\"), min_count=0).as_py():
        return texts
    return pa.array(
        [text if text is None else _ESCAPED.sub(_character, text) for text in texts.to_pylist()],
        pa.string(),
    )


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _CHARACTERS.get(match[1], match[1])
    return chr(int(match[2] or match[3], 16))


def _field(name: str, values: pa.Array, **said: str) -> pa.Field:
    return pa.field(name, values.type, metadata=said)
