"""An endpoint asked from Python gives what the store gives."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

import rskg
from rskg.errors import EndpointFailed, UsageError
from tests.test_client import KINDS, LABELS


def test_an_endpoint_gives_what_the_store_gives(store: Path, real_site: httpx.Client) -> None:
    kg, there = rskg.open(store), rskg.open(f"{real_site.base_url}/sparql")
    for query in (LABELS, KINDS):
        assert there.query(query).cite().result == kg.query(query).cite().result
    slug = "who-drives-one-commodity"
    assert list(there.ask(slug)) == list(kg.ask(slug))
    assert list(there.ask(slug, commodity="lithium")) == list(kg.ask(slug, commodity="lithium"))
    assert there.query("ASK { ?s ?p ?o }")
    assert there.query("ASK { ?s ?p ?o }").revision == kg.query("ASK { ?s ?p ?o }").revision
    assert len(there.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3").to_rdflib()) == 3
    with pytest.raises(EndpointFailed, match=r"HTTP 400: .*does not parse"):
        there.query("SELECT * {")
    with pytest.raises(UsageError, match="CONSTRUCT"):
        there.graph()


def test_an_endpoint_of_ours_says_why_and_whence_as_the_store_does(
    store: Path, real_site: httpx.Client
) -> None:
    kg, there = rskg.open(store), rskg.open(f"{real_site.base_url}/sparql")
    nothing = "SELECT * { ?x a rskg:Proces }"
    (reason,) = there.query(nothing).why()
    assert reason == kg.query(nothing).why()[0]
    assert reason.suggestion == "rskg:Process"
    counted = (
        "SELECT (COUNT(*) AS ?n) { ?who rskg:assuresProcess|rskg:issues process:irma-standard }"
    )
    facts = [list(each.query(counted).evidence()) for each in (kg, there)]
    assert facts[0] == facts[1] != []


@pytest.mark.parametrize("name", ["arrow", "parquet"])
def test_rows_come_as_columns_where_they_are_asked_for(
    store: Path, real_site: httpx.Client, name: str
) -> None:
    media_type = f"application/vnd.apache.{name}{'.stream' * (name == 'arrow')}"
    read = pyarrow.parquet.read_table if name == "parquet" else _read_stream
    expected = rskg.open(store).query(KINDS).to_arrow()
    for asked in ({"Accept": media_type}, {}):
        parameters = {"query": KINDS, **({} if asked else {"format": name})}
        found = real_site.get("/sparql", params=parameters, headers=asked)
        assert (found.status_code, found.headers["content-type"]) == (200, media_type)
        table = read(io.BytesIO(found.content))
        assert table.equals(expected, check_metadata=True)
    page = real_site.get("/queries/uptake-by-instrument", params={"format": name})
    assert read(io.BytesIO(page.content)).num_rows > 5


def _read_stream(body: io.BytesIO) -> pa.Table:
    return pyarrow.ipc.open_stream(body).read_all()
