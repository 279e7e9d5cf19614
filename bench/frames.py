"""Rows from the endpoint into a data frame: as Arrow and as JSON, the whole way, side by side.

    python bench/frames.py [--rows 1000000] [--rounds 3] [--port 8590]

From the request to a pandas frame with numbers as numbers, round by round, JSON after Arrow. Each
round asks another text, so that no answer comes from memory. Printed are seconds, and the median
ratio of the rounds. JSON is read as most notebooks do (json, json_normalize) and the quickest way
(orjson, a list a column). What the engine needs to find and write the rows is part of every way.
"""

from __future__ import annotations

import argparse
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
            for turn in range(options.rounds):
                for way, seconds in took.items():
                    text = f"{query} # {turn} {way}"
                    seconds.append(taken(options.port, way, text, options.rows))
    print(f"\n{options.rows:,} rows into a data frame, from the request on")
    for way, seconds in took.items():
        print(f"  {way:<20} {' '.join(f'{each:6.2f}' for each in seconds)} s")
    for way, seconds in took.items():
        if way != "arrow":
            ratios = [slow / fast for fast, slow in zip(took["arrow"], seconds, strict=True)]
            print(f"  {way} / arrow {statistics.median(ratios):.1f} ({WANTED:.0f} wanted)")


if __name__ == "__main__":
    main()
