"""From Arrow to bytes: an IPC stream, Parquet, and the TSV that the table was made from."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet

from rskg.tables.datatypes import untyped
from rskg.tables.reading import STRING

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def stream(table: pa.Table) -> bytes:
    """`application/vnd.apache.arrow.stream`: schema with metadata, then the rows."""
    out = io.BytesIO()
    with pyarrow.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def parquet(table: pa.Table) -> bytes:
    """A Parquet file, compressed with zstd."""
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


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
