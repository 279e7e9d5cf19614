"""Results as Arrow tables: types kept, nothing lost on the way there and back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import IO

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pyoxigraph as ox
import pytest

from rskg.namespaces import XSD
from rskg.tables import Blocks, parquet, stream, table_of, tsv_of

#: For each XSD datatype, texts that show its corners.
TEXTS = {
    "string": ["", "plain", 'tab\t "quote" \\ back\nline\r', "<http://a.b/>", "_:b", "5", "é 漢 🜨"],
    "boolean": ["true", "false", "1", "0"],
    "integer": ["5", "+5", "-0", "007", "9223372036854775807"],
    "decimal": [
        "1.50",
        "-0.5",
        ".5",
        "1",
        "123456789.123456789",
        "0.0",
        "12345678901234567890.0123456789",
    ],
    "double": ["1", "1.5e3", "-1E-300", "NaN", "INF", "-INF", "-0", "0.1"],
    "float": ["1", "1.5e3", "NaN", "INF", "-INF", "0.1"],
    "date": ["2020-01-01", "1066-10-14"],
    "time": ["13:20:00", "13:20:00.5"],
    "dateTime": ["2020-01-01T10:00:00", "2020-01-01T10:00:00.123456"],
    "dateTimeStamp": ["2020-01-01T10:00:00Z"],
    "gYear": ["2020", "0066"],
    "gYearMonth": ["2020-01"],
    "gMonth": ["--01"],
    "gDay": ["---31"],
    "gMonthDay": ["--01-31"],
    "duration": ["P1Y2M3DT4H", "-P1D"],
    "yearMonthDuration": ["P1Y"],
    "dayTimeDuration": ["P1DT1S"],
    "hexBinary": ["00FF"],
    "base64Binary": ["aGk="],
    "anyURI": ["http://a.b/"],
    "normalizedString": ["a b"],
    "token": ["a b"],
    "language": ["en"],
    "Name": ["a"],
    "NCName": ["a"],
    "NMTOKEN": ["a"],
    **{
        name: ["7", "120"]
        for name in (
            "long",
            "int",
            "short",
            "byte",
            "nonNegativeInteger",
            "positiveInteger",
            "unsignedLong",
            "unsignedInt",
            "unsignedShort",
            "unsignedByte",
        )
    },
    "nonPositiveInteger": ["0", "-7"],
    "negativeInteger": ["-7"],
}
#: What no Arrow type holds: time zones that differ, years out of range, texts of no value.
ODD = {
    "integer": ["5", "9" * 30, "none"],
    "decimal": ["1.5", "much"],
    "boolean": ["true", "yes"],
    "date": ["2020-01-01", "2020-01-01+02:00", "-0044-03-15", "12020-01-01"],
    "time": ["13:20:00Z", "13:20:00"],
    "dateTime": [
        "2020-01-01T10:00:00Z",
        "2020-01-01T10:00:00",
        "2020-01-01T10:00:00.1234567+02:00",
    ],
    "gYear": ["2020", "2020Z", "-0044", "12020"],
    "double": ["1", "much"],
}


def literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def told(columns: dict[str, list[ox.Literal | ox.NamedNode | ox.BlankNode | None]]) -> bytes:
    """The columns as the engine tells them: each row a subject, each column a property."""
    store = ox.Store()
    for name, terms in columns.items():
        for row, term in enumerate(terms):
            subject = ox.NamedNode(f"http://example.org/{row:03}")
            store.add(ox.Quad(subject, ox.NamedNode("http://example.org/row"), ox.Literal(row)))
            if term is not None:
                store.add(ox.Quad(subject, ox.NamedNode(f"http://example.org/{name}"), term))
    wanted = " ".join(f"OPTIONAL {{ ?s <http://example.org/{name}> ?{name} }}" for name in columns)
    names = " ".join(f"?{name}" for name in columns)
    query = f"SELECT {names} {{ ?s <http://example.org/row> ?row {wanted} }} ORDER BY ?s"
    answer = store.query(query)
    assert isinstance(answer, ox.QuerySolutions)
    body = answer.serialize(format=ox.QueryResultsFormat.TSV)
    assert isinstance(body, bytes)
    return body


def stored(tsv: bytes) -> list[list[str]]:
    """The rows as the store would hold them: equal values are the same term there."""
    found = ox.parse_query_results(tsv, format=ox.QueryResultsFormat.TSV)
    assert isinstance(found, ox.QuerySolutions)
    store = ox.Store()
    number = 0
    rows: list[list[str]] = []
    for solution in found:
        row = []
        for name in found.variables:
            term = solution[name]
            subject = ox.NamedNode(f"http://example.org/{number}")
            number += 1
            if term is not None:
                store.add(ox.Quad(subject, ox.NamedNode("http://example.org/is"), term))
            (again,) = [str(q.object) for q in store.quads_for_pattern(subject, None, None)] or [""]
            row.append(again)
        rows.append(row)
    return rows


def _written(write: Callable[[pa.Table, IO[bytes]], None], table: pa.Table) -> io.BytesIO:
    out = io.BytesIO()
    write(table, out)
    return io.BytesIO(out.getvalue())


def same_after(table: pa.Table, tsv: bytes) -> None:
    assert stored(tsv_of(table)) == stored(tsv)
    by_stream = pyarrow.ipc.open_stream(_written(stream, table)).read_all()
    by_parquet = pyarrow.parquet.read_table(_written(parquet, table))
    for again in (by_stream, by_parquet):
        assert stored(tsv_of(again)) == stored(tsv)


@pytest.mark.parametrize("datatype", TEXTS)
def test_nothing_is_lost_of_a_column_of_one_datatype(datatype: str) -> None:
    tsv = told({"value": [literal(text, datatype) for text in TEXTS[datatype]]})
    same_after(table_of(tsv), tsv)


@pytest.mark.parametrize("datatype", ODD)
def test_what_no_type_holds_stays_text_with_its_datatype(datatype: str) -> None:
    tsv = told({"value": [literal(text, datatype) for text in ODD[datatype]]})
    table = table_of(tsv)
    assert table.schema.types == [pa.string()]
    assert table.schema.field(0).metadata[b"datatype"] == (XSD + datatype).encode()
    same_after(table, tsv)


def test_everything_in_one_column_keeps_what_each_is() -> None:
    terms: list[ox.Literal | ox.NamedNode | ox.BlankNode | None] = [
        literal(text, datatype) for datatype, texts in TEXTS.items() for text in texts
    ]
    terms += [None, ox.NamedNode("http://a.b/c?d=e#f"), ox.BlankNode("b0")]
    terms += [ox.Literal("Erz", language="de"), ox.Literal("ore", language="en-gb")]
    tsv = told({"value": terms})
    table = table_of(tsv)
    assert pa.types.is_struct(table.schema.types[0])
    same_after(table, tsv)


def test_values_have_the_types_of_their_datatypes() -> None:
    columns = {
        "iri": ox.NamedNode("http://a.b/c"),
        "text": ox.Literal("ore"),
        "label": ox.Literal("Erz", language="de"),
        "whole": literal("5", "integer"),
        "exact": literal("1.50", "decimal"),
        "rough": literal("1.5e0", "double"),
        "truth": literal("true", "boolean"),
        "day": literal("2020-02-03", "date"),
        "moment": literal("2020-02-03T04:05:06Z", "dateTime"),
        "year": literal("2020", "gYear"),
    }
    table = table_of(told({name: [None, term, None] for name, term in columns.items()}))
    assert table.num_rows == 3
    assert [set(row.values()) for row in (table.to_pylist()[0], table.to_pylist()[2])] == [
        {None}
    ] * 2
    assert table.to_pylist()[1] == {
        "iri": "http://a.b/c",
        "text": "ore",
        "label": "Erz",
        "whole": 5,
        "exact": Decimal("1.5"),
        "rough": 1.5,
        "truth": True,
        "day": dt.date(2020, 2, 3),
        "moment": dt.datetime(2020, 2, 3, 4, 5, 6, tzinfo=dt.UTC),
        "year": 2020,
    }
    said = {field.name: field.metadata for field in table.schema}
    assert said["label"] == {b"kind": b"literal", b"language": b"de"}
    assert said["iri"] == {b"kind": b"resource"}
    assert said["year"][b"datatype"] == (XSD + "gYear").encode()


def typed(datatype: str, *texts: str) -> list[str]:
    return [f'"{text}"^^<{XSD}{datatype}>' for text in texts]


#: Parts of a column as TSV writes them; two of them may agree, or not.
PARTS = {
    "resources": ["<http://a.b/é>", "_:b0"],
    "unbound": ["", ""],
    "whole": ["5", "-7"],
    "large": ["9" * 30, "5"],
    "exact": ["1.5", ".25", *typed("decimal", "2")],
    "more exact": ["1.123456"],
    "too exact": ["1." + "3" * 30, "1" * 20 + ".5"],
    "rough": ["1.5e3", *typed("double", "NaN")],
    "plain": ['"a"', r'"tab\t \"quoted\" \u00e9"'],
    "English": ['"a"@en'],
    "German": ['"b"@de'],
    "days": typed("date", "2020-01-01", "1066-10-14"),
    "days elsewhere": typed("date", "2020-01-01+02:00"),
    "moments": typed("dateTime", "2020-01-01T10:00:00"),
    "moments of UTC": typed("dateTime", "2020-01-01T10:00:00Z"),
    "years": typed("gYear", "0066"),
    "own": ['"x"^^<http://a.b/type>'],
}


def test_a_number_that_only_arrow_would_read_stays_text() -> None:
    for datatype, text in (("int", "0x10"), ("decimal", "1e2"), ("date", "20200101")):
        column = table_of("\n".join(["?a", *typed(datatype, text), ""]).encode()).column("a")
        assert column.to_pylist() == [text]


@pytest.mark.parametrize("first", PARTS)
def test_read_in_blocks_the_rows_are_what_they_are_as_a_whole(first: str) -> None:
    for second in PARTS.values():
        column = [*PARTS[first], *second]
        tsv = "?a\t?b\n" + "".join(f"{term}\t{n}\n" for n, term in enumerate(column))
        whole = tsv.encode()
        pieces = [whole[at : at + 7] for at in range(0, len(whole), 7)]
        with Blocks(block=8) as blocks:
            for piece in pieces[:-1]:
                blocks.take(piece)
            table = blocks.table(pieces[-1])
        expected = table_of(whole)
        assert table.schema.equals(expected.schema, check_metadata=True)
        assert repr(table.to_pylist()) == repr(expected.to_pylist())
        assert tsv_of(table) == tsv_of(expected)


def test_blocks_that_agree_are_not_read_again() -> None:
    rows = [f"<http://a.b/{n}>\t{n}\t{n}.{'5' * (n % 3 + 1)}\n" for n in range(100)]
    with Blocks(block=200) as blocks:
        blocks.take(b"?a\t?b\t?c\n")
        for row in rows:
            blocks.take(row.encode())
        table = blocks.table(b"")
    assert table.num_rows == 100
    assert table.column("c").num_chunks > 5


@pytest.mark.parametrize("text", [b"", b"?a\n", b"?a", b"?a\t?b\n"])
def test_blocks_of_no_rows_are_a_table_without_rows(text: bytes) -> None:
    with Blocks(block=1) as blocks:
        blocks.take(text)
        table = blocks.table(b"")
    assert table.equals(table_of(text))


def test_rows_that_are_no_result_are_refused_in_blocks_too() -> None:
    with Blocks(block=1) as blocks, pytest.raises(ValueError, match="columns"):
        blocks.take(b"?a\n1\n")
        blocks.take(b"2\t3\n")
        blocks.table(b"")


@pytest.mark.parametrize("columns", [{"a": []}, {"a": [], "b": []}, {"a": [None, None]}])
def test_nothing_found_is_a_table_without_values(
    columns: dict[str, list[ox.Literal | ox.NamedNode | ox.BlankNode | None]],
) -> None:
    table = table_of(told(columns))
    assert table.column_names == list(columns)
    assert [len(terms) for terms in columns.values()] == [table.num_rows] * len(columns)
    assert all(column.null_count == table.num_rows for column in table.columns)
