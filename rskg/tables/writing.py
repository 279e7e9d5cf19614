"""From Arrow to bytes: an IPC stream, Parquet, and the TSV that the table was made from."""

from __future__ import annotations

from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet

from rskg.tables.datatypes import untyped
from rskg.tables.reading import STRING

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


#: So many rows are a batch of a stream; a group of rows in a file is sixteen times as large.
_BATCH = 1 << 16


def stream(table: pa.Table, out: IO[bytes]) -> None:
    """Write `application/vnd.apache.arrow.stream`: schema with metadata, then batches of rows."""
    with pyarrow.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=_BATCH)


def parquet(table: pa.Table, out: IO[bytes]) -> None:
    """Write a Parquet file, compressed with zstd."""
    with pyarrow.parquet.ParquetWriter(out, table.schema, compression="zstd") as writer:
        writer.write_table(table, row_group_size=16 * _BATCH)


def tsv_of(table: pa.Table) -> bytes:
    """The SPARQL result in TSV again, every literal with its datatype."""
    columns = [_terms(field, table[field.name].combine_chunks()) for field in table.schema]
    head = "\t".join(f"?{name}" for name in table.column_names) + "\n"
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return (head + "".join("\t".join(term or "" for term in row) + "\n" for row in rows)).encode()


def _terms(field: pa.Field, values: pa.Array) -> pa.Array:
    said = {key.decode(): text.decode() for key, text in (field.metadata or {}).items()}
    kind = said.get("kind", "literal")
    if kind == "resource":
        return _resources(values)
    if kind == "mixed":
        literals = _literals(
            values.field("value"), values.field("datatype"), values.field("language")
        )
        written = pc.equal(values.field("kind"), "literal")
        terms = pc.if_else(written, literals, _resources(values.field("value")))
        return pc.if_else(pc.is_valid(values), terms, None)
    datatype = said.get("datatype")
    texts = untyped(values, datatype or STRING)
    return _literals(texts, pa.scalar(datatype), pa.scalar(said.get("language")))


def _resources(values: pa.Array) -> pa.Array:
    iris = pc.binary_join_element_wise("<", values, ">", "")
    return pc.if_else(pc.starts_with(values, "_:"), values, iris)


def _literals(texts: pa.Array, datatypes: pa.Array, languages: pa.Array) -> pa.Array:
    for character, escaped in _ESCAPES:
        texts = pc.replace_substring(texts, character, escaped)
    typed = pc.binary_join_element_wise("^^<", pc.cast(datatypes, pa.string()), ">", "")
    tagged = pc.binary_join_element_wise("@", pc.cast(languages, pa.string()), "")
    return pc.binary_join_element_wise(
        '"', texts, '"', pc.coalesce(tagged, typed, pa.scalar("")), ""
    )
