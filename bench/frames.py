"""Rows from the endpoint into a data frame: as Arrow and as JSON, the whole way, side by side.

    python bench/frames.py [--rows 1000000] [--rounds 1] [--port 8590] [--rdflib]

From the request to a pandas frame with types, way after way, round by round; a round of a tenth of
the rows goes ahead. Each asks another text, so that no answer comes from memory. A row is a place,
a whole number, a decimal and a date; with --narrow, a place and a whole number. What is compared is
a typed frame with a typed frame: Arrow gives numbers, decimals and dates, so JSON has to as well.

    json, by datatype      the standard library's json and a loop that reads each value by its
                           datatype, as a notebook does that wants what the graph says
    json, json_normalize   pandas flattens the bindings, its casts make the types
    json, orjson           the quickest that we know: a list a column, Arrow's casts make the types
    json, rdflib           through rdflib's terms; with --rdflib, as it takes a minute more
    csv, read_csv          CSV, whose types pandas guesses: a decimal becomes a float

Printed are seconds by the clock and of processors, the server's and the client's together, and how
many times as long as Arrow each takes.

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
from datetime import date
from decimal import Decimal
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
#: What a million rows need in JSON, and on a busy machine: more than the bounds let through.
BOUNDS = {"RSKG_QUERY_BYTES": "1000000000", "RSKG_QUERY_SECONDS": "300"}
XSD = "http://www.w3.org/2001/XMLSchema#"
#: What a row has beside the place.
COLUMNS = ("amount", "price", "day")
WIDE = f"?fact <{EX}at> ?place ; <{EX}amount> ?amount ; <{EX}price> ?price ; <{EX}day> ?day"
NARROW = f"?place <{EX}amount> ?amount"


@dataclass(frozen=True)
class Table:
    """What is asked for: a pattern, and the variables that are selected."""

    pattern: str
    names: tuple[str, ...]

    def rows(self, number: int) -> str:
        """The query for so many rows."""
        return f"SELECT {self._names} {{ {self.pattern} }} LIMIT {number}"

    def looked_up(self, number: int) -> str:
        """The query that looks up the same terms and gives one row."""
        lengths = " + ".join(f"STRLEN(STR(?{name}))" for name in self.names)
        inner = f"SELECT {self._names} {{ {self.pattern} }} LIMIT {number}"
        return f"SELECT (SUM({lengths}) AS ?n) {{ {{ {inner} }} }}"

    @property
    def _names(self) -> str:
        return " ".join(f"?{name}" for name in self.names)


def by_arrow(body: bytes) -> pd.DataFrame:
    """The frame of an Arrow stream."""
    table = pa.ipc.open_stream(body).read_all()
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def by_normalize(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON, flattened by pandas and cast by it."""
    frame = pd.json_normalize(json.loads(body)["results"]["bindings"])
    made = pd.DataFrame({name[:-6]: frame[name] for name in frame if name.endswith(".value")})
    casts = {"amount": "int64", "price": PRICE, "day": DAY}
    return made.astype({name: cast for name, cast in casts.items() if name in made})


def by_datatype(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON by a loop that reads each value by its datatype."""
    rows = json.loads(body)["results"]["bindings"]
    return pd.DataFrame([{name: _value(term) for name, term in row.items()} for row in rows])


READ: dict[str | None, Callable[[str], object]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "date": date.fromisoformat,
}


def _value(term: dict[str, str]) -> object:
    read = READ.get(term.get("datatype"))
    return read(term["value"]) if read else term["value"]


def by_rdflib(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON through rdflib's terms."""
    found = Result.parse(io.BytesIO(body), format="json")
    names = [str(name) for name in found.vars or ()]
    return pd.DataFrame([[term.toPython() for term in row] for row in found], columns=names)


def by_orjson(body: bytes) -> pd.DataFrame:
    """The frame of SPARQL's JSON, a list a column."""
    found = orjson.loads(body)
    rows = found["results"]["bindings"]
    types = {"amount": pa.int64(), "price": PRICE.pyarrow_dtype, "day": pa.date32()}
    columns = {
        name: pa.array([row[name]["value"] for row in rows]) for name in found["head"]["vars"]
    }
    table = pa.table(
        {name: column.cast(types.get(name, column.type)) for name, column in columns.items()}
    )
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def by_csv(body: bytes) -> pd.DataFrame:
    """The frame of CSV, whose types pandas guesses but for dates, which it is told."""
    head = body[: body.index(b"\n")].decode().strip().split(",")
    return pd.read_csv(io.BytesIO(body), parse_dates=[name for name in head if name == "day"])


JSON = "application/sparql-results+json"
PRICE, DAY = pd.ArrowDtype(pa.decimal128(18, 2)), pd.ArrowDtype(pa.date32())
WAYS: dict[str, tuple[str, Callable[[bytes], pd.DataFrame]]] = {
    "arrow": ("application/vnd.apache.arrow.stream", by_arrow),
    "json, by datatype": (JSON, by_datatype),
    "json, json_normalize": (JSON, by_normalize),
    "json, rdflib": (JSON, by_rdflib),
    "json, orjson": (JSON, by_orjson),
    "csv, read_csv": ("text/csv", by_csv),
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
    table: Table
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
        self.ask(self.table.looked_up(number), JSON)
        return self.now() - begun

    def frame(self, way: str, number: int) -> Taken:
        """What a frame of so many rows takes, from the request on."""
        accept, read = WAYS[way]
        begun = self.now()
        made = read(self.ask(self.table.rows(number), accept))
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


def store(folder: Path, number: int, *, narrow: bool) -> None:
    """A store of so many facts, at a fiftieth as many places."""
    made = Workbench()
    places = max(number // EACH, 1)
    days = [date.fromordinal(date(2000, 1, 1).toordinal() + n) for n in range(9000)]

    def fact(i: int) -> str:
        place, amount = f"<{EX}place/{i % places}>", f'<{EX}amount> "{i}"^^<{XSD}integer>'
        if narrow:
            return f"{place} {amount} .\n"
        price = f'<{EX}price> "{i % 9973}.{i % 90 + 10}"^^<{XSD}decimal>'
        day = f'<{EX}day> "{days[i % 9000]}"^^<{XSD}date>'
        said = (f"<{EX}at> {place}", amount, price, day)
        return "".join(f"<{EX}fact/{i}> {each} .\n" for each in said)

    made.read("".join(map(fact, range(number))).encode())
    Revisions(folder).commit(made, "bench")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--port", type=int, default=8590)
    asked.add_argument("--rdflib", action="store_true")
    asked.add_argument("--narrow", action="store_true")
    options = asked.parse_args()
    ways = [way for way in WAYS if options.rdflib or "rdflib" not in way]
    os.environ |= BOUNDS
    with tempfile.TemporaryDirectory() as name:
        store(Path(name), options.rows, narrow=options.narrow)
        table = Table(NARROW, ("place", "amount"))
        if not options.narrow:
            table = Table(WIDE, ("place", *COLUMNS))
        serve = [str(BIN / "rskg"), "serve", "--store", name, "--port", str(options.port)]
        with process(serve, options.port) as (_, pid):
            endpoint = Endpoint(options.port, pid, table)
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
