"""Rows from the endpoint into a data frame: as Arrow and as JSON, the whole way, side by side.

    python bench/frames.py [--rows 1000000] [--rounds 3] [--port 8590]

From the request to a pandas frame with numbers as numbers, round by round, JSON after Arrow. Each
round asks another text, so that no answer comes from memory; the first round warms up. Printed are
seconds, and the median ratio of the rounds. JSON is read as most notebooks do (json_normalize; a
plain loop; rdflib, terms to values) and the quickest way (orjson, a list a column). What the engine
needs to find and write the rows is part of every way, and so is loading pyarrow in a new worker:
one that held a large answer is replaced.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import orjson
import pandas as pd
import pyarrow as pa
from peers import BIN, EX, process
from rdflib.query import Result

from rskg.store import Revisions, Workbench
from rskg.syntax import Literal, NamedNode, Triple

WANTED = 5.0
#: What a server needs for a million rows in JSON.
BOUNDS = {"RSKG_QUERY_BYTES": "2000000000", "RSKG_QUERY_MEMORY": "8000000000"}


def things(number: int) -> Iterator[Triple]:
    """Things with a size, a whole number."""
    for i in range(number):
        thing = NamedNode(f"{EX}thing/{i}")
        yield Triple(thing, NamedNode(f"{EX}size"), Literal(i * 7 % 1000))


def by_arrow(body: bytes) -> pd.DataFrame:
    """The frame of an Arrow stream."""
    table = pa.ipc.open_stream(body).read_all()
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def by_normalize(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON, as notebooks make it."""
    frame = pd.json_normalize(json.loads(body)["results"]["bindings"])
    return frame.rename(columns={"size.value": "size"}).astype({"size": "int64"})


def by_loop(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON by a loop that reads each value by its datatype."""
    rows = json.loads(body)["results"]["bindings"]
    return pd.DataFrame([{name: _value(term) for name, term in row.items()} for row in rows])


def _value(term: dict[str, str]) -> int | str:
    whole = term.get("datatype", "").endswith("#integer")
    return int(term["value"]) if whole else term["value"]


def by_rdflib(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON through rdflib's terms."""
    found = Result.parse(io.BytesIO(body), format="json")
    names = [str(name) for name in found.vars or ()]
    return pd.DataFrame([[term.toPython() for term in row] for row in found], columns=names)


def by_json(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON."""
    found = orjson.loads(body)
    rows = found["results"]["bindings"]
    names = found["head"]["vars"]
    frame = pd.DataFrame({name: [row[name]["value"] for row in rows] for name in names})
    return frame.astype({"size": "int64"})


WAYS: dict[str, tuple[str, Callable[[bytes], pd.DataFrame]]] = {
    "arrow": ("application/vnd.apache.arrow.stream", by_arrow),
    "json, json_normalize": ("application/sparql-results+json", by_normalize),
    "json, a plain loop": ("application/sparql-results+json", by_loop),
    "json, rdflib": ("application/sparql-results+json", by_rdflib),
    "json, orjson": ("application/sparql-results+json", by_json),
}


def taken(port: int, way: str, text: str, number: int) -> float:
    """The seconds from the request to the frame."""
    accept, read = WAYS[way]
    begun = time.perf_counter()
    answer = httpx.post(
        f"http://127.0.0.1:{port}/sparql",
        content=text,
        headers={"Accept": accept, "Content-Type": "application/sparql-query"},
        timeout=300,
    )
    answer.raise_for_status()
    frame = read(answer.content)
    seconds = time.perf_counter() - begun
    if len(frame) != number or frame["size"].sum() != sum(i * 7 % 1000 for i in range(number)):
        raise SystemExit(f"{way}: the frame isn't what the store holds")
    return seconds


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--port", type=int, default=8590)
    options = asked.parse_args()
    query = f"SELECT ?thing ?size {{ ?thing <{EX}size> ?size }}"
    os.environ |= BOUNDS
    with tempfile.TemporaryDirectory() as name:
        made = Workbench()
        made.add(things(options.rows))
        Revisions(Path(name)).commit(made, "bench")
        del made
        serve = [str(BIN / "rskg"), "serve", "--store", name, "--port", str(options.port)]
        with process(serve, options.port):
            took: dict[str, list[float]] = {way: [] for way in WAYS}
            for turn in range(options.rounds + 1):
                for way, seconds in took.items():
                    text = f"{query} # {turn} {way}"
                    took_now = taken(options.port, way, text, options.rows)
                    if turn:
                        seconds.append(took_now)
    print(f"\n{options.rows:,} rows into a data frame, from the request on")
    for way, seconds in took.items():
        print(f"  {way:<20} {' '.join(f'{each:6.2f}' for each in seconds)} s")
    for way, seconds in took.items():
        if way != "arrow":
            ratios = [slow / fast for fast, slow in zip(took["arrow"], seconds, strict=True)]
            print(f"  {way} / arrow {statistics.median(ratios):.1f} ({WANTED:.0f} wanted)")


if __name__ == "__main__":
    main()
