"""Rows from the endpoint into a data frame: as Arrow and as JSON, the whole way, side by side.

    python bench/frames.py [--rows 1000000] [--rounds 1] [--port 8590] [--rdflib]

From the request to a pandas frame with numbers as numbers, way after way, round by round; a round
of a tenth of the rows goes ahead. Each asks another text, so that no answer comes from memory.
JSON is read as most notebooks do (json_normalize; a plain loop; with --rdflib, which takes a minute
more, through its terms) and the quickest way (orjson, a list a column). Printed are seconds by the
clock and of processors, the server's and the client's together, and how many times as long JSON
takes.

What the engine needs to find the rows and look up their terms is the same for every way, and no
format makes it less. It is measured too, as a query that looks up the same terms and gives one
row, and the ratios are told with it and without.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import pandas as pd
import pyarrow as pa
from peers import BIN, EX, process
from rdflib.query import Result

from rskg.store import Revisions, Workbench

WANTED = 5.0
#: So many amounts has a place: in most tables names come again.
EACH = 50
#: What a million rows need in JSON; they are more than the bound of bytes lets through.
BOUNDS = {"RSKG_QUERY_BYTES": "1000000000"}
ROWS = f"SELECT ?place ?amount {{ ?place <{EX}amount> ?amount }} LIMIT "
LOOKED_UP = (
    f"SELECT (SUM(STRLEN(STR(?place))) AS ?n) {{ {{ SELECT ?place ?amount {{ "
    f"?place <{EX}amount> ?amount }} LIMIT "
)


def by_arrow(body: bytes) -> pd.DataFrame:
    """The frame of an Arrow stream."""
    table = pa.ipc.open_stream(body).read_all()
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def by_normalize(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON, as notebooks make it."""
    frame = pd.json_normalize(json.loads(body)["results"]["bindings"])
    return frame.rename(columns={"amount.value": "amount"}).astype({"amount": "int64"})


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


def by_orjson(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON, a list a column."""
    found = orjson.loads(body)
    rows = found["results"]["bindings"]
    names = found["head"]["vars"]
    frame = pd.DataFrame({name: [row[name]["value"] for row in rows] for name in names})
    return frame.astype({"amount": "int64"})


JSON = "application/sparql-results+json"
WAYS: dict[str, tuple[str, Callable[[bytes], pd.DataFrame]]] = {
    "arrow": ("application/vnd.apache.arrow.stream", by_arrow),
    "json, json_normalize": (JSON, by_normalize),
    "json, a plain loop": (JSON, by_loop),
    "json, rdflib": (JSON, by_rdflib),
    "json, orjson": (JSON, by_orjson),
}


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and of processors."""

    clock: float
    processor: float

    def __sub__(self, other: Taken) -> Taken:
        return Taken(self.clock - other.clock, self.processor - other.processor)

    def __truediv__(self, other: Taken) -> Taken:
        return Taken(self.clock / other.clock, self.processor / other.processor)


@dataclass
class Endpoint:
    """The server that is asked; each text is another."""

    port: int
    pid: int
    asked: int = 0

    def ask(self, text: str, accept: str) -> bytes:
        """The whole answer."""
        self.asked += 1
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/sparql",
            content=f"{text} # {self.asked}",
            headers={"Accept": accept, "Content-Type": "application/sparql-query"},
            timeout=300,
        )
        answer.raise_for_status()
        return answer.content

    def now(self) -> Taken:
        """The clock, and what the server's processes and this one have used so far."""
        used = _ticks(self.pid) / os.sysconf("SC_CLK_TCK")
        return Taken(time.perf_counter(), time.process_time() + used)

    def engine(self, number: int) -> Taken:
        """What it takes to find so many rows and to look up their terms."""
        begun = self.now()
        self.ask(f"{LOOKED_UP}{number} }} }}", JSON)
        return self.now() - begun

    def frame(self, way: str, number: int) -> Taken:
        """What a frame of so many rows takes, from the request on."""
        accept, read = WAYS[way]
        begun = self.now()
        made = read(self.ask(f"{ROWS}{number}", accept))
        taken = self.now() - begun
        if len(made) != number or made["amount"].nunique() != number:
            raise SystemExit(f"{way}: the frame isn't what the store holds")
        return taken


def _ticks(first: int) -> int:
    """What a process and those below it have used, with those that they buried."""
    told = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    found = {first}
    while more := {pid for pid, each in told.items() if int(each[1]) in found} - found:
        found |= more
    return sum(int(each) for pid in found for each in told[pid][11:15])


def store(folder: Path, number: int) -> None:
    """A store of so many amounts, of a fiftieth as many places."""
    made = Workbench()
    places = max(number // EACH, 1)
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    made.read(
        "".join(
            f'<{EX}place/{i % places}> <{EX}amount> "{i}"^^<{integer}> .\n' for i in range(number)
        ).encode()
    )
    Revisions(folder).commit(made, "bench")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--port", type=int, default=8590)
    asked.add_argument("--rdflib", action="store_true")
    options = asked.parse_args()
    ways = [way for way in WAYS if options.rdflib or "rdflib" not in way]
    os.environ |= BOUNDS
    with tempfile.TemporaryDirectory() as name:
        store(Path(name), options.rows)
        serve = [str(BIN / "rskg"), "serve", "--store", name, "--port", str(options.port)]
        with process(serve, options.port) as (_, pid):
            endpoint = Endpoint(options.port, pid)
            for way in ways:
                endpoint.frame(way, options.rows // 10)
            engine, took = [], {way: [] for way in ways}
            for _ in range(options.rounds):
                engine.append(endpoint.engine(options.rows))
                for way in ways:
                    took[way].append(endpoint.frame(way, options.rows))
    tell(options.rows, engine, took)


def tell(number: int, engine: list[Taken], took: dict[str, list[Taken]]) -> None:
    """Medians of the rounds, and what JSON takes for each second of Arrow."""
    print(f"\n{number:,} rows into a data frame, from the request on")
    print(f"  {'seconds':<22} {'clock':>7} {'processors':>11}")
    middle = {way: _median(each) for way, each in took.items()} | {"the engine": _median(engine)}
    for way, each in middle.items():
        print(f"  {way:<22} {each.clock:>7.2f} {each.processor:>11.2f}")
    arrow, shared = middle.pop("arrow"), middle.pop("the engine")
    print(f"  times as long as Arrow ({WANTED:.0f} wanted), and without the engine's part")
    for way, each in middle.items():
        whole, rest = each / arrow, (each - shared) / (arrow - shared)
        print(
            f"  {way:<22} {whole.clock:>7.1f} {whole.processor:>11.1f}"
            f" {rest.clock:>7.1f} {rest.processor:>11.1f}"
        )


def _median(each: list[Taken]) -> Taken:
    return Taken(
        statistics.median(one.clock for one in each),
        statistics.median(one.processor for one in each),
    )


if __name__ == "__main__":
    main()
