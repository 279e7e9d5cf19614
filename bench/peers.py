"""The servers that are measured side by side, and the data that all of them serve."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Store

from rskg.store import Revisions, Workbench
from rskg.syntax import Literal, NamedNode, Triple

EX = "http://example.org/"
EACH = 10
KINDS = 100
BIN = Path(sys.executable).parent
RDFLIB = """
import sys, uvicorn
from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint
app = SparqlEndpoint(graph=Graph().parse(sys.argv[1], format="nt"), path="/sparql")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


@dataclass(frozen=True)
class Server:
    """A server under test: its name, port, path and pid; `patient` when it takes long queries."""

    name: str
    port: int
    path: str
    pid: int
    patient: bool = True

    def spent(self) -> tuple[float, float]:
        """The seconds of processor time that it used so far: the server, its other processes.

        What processes used that are gone is told by those that started them.
        """
        known = _processes()
        own, others = known[self.pid].own if self.pid in known else 0.0, 0.0
        for process in known.values():
            if _descends(process, self.pid, known):
                others += process.own + process.gone
        return own, others


@dataclass(frozen=True)
class _Process:
    """A process's parent, and the seconds of it and of those that it started and that are gone."""

    parent: int
    own: float
    gone: float


def _processes() -> dict[int, _Process]:
    found, tick = {}, os.sysconf("SC_CLK_TCK")
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own, gone = (int(told[at]) + int(told[at + 1]) for at in (11, 13))
        found[int(path.parent.name)] = _Process(int(told[1]), own / tick, gone / tick)
    return found


def _descends(process: _Process, ancestor: int, known: dict[int, _Process]) -> bool:
    while process.parent != ancestor:
        if process.parent not in known:
            return False
        process = known[process.parent]
    return True


def triples(number: int) -> Iterator[Triple]:
    """Things with seven texts, a number, a link and a kind."""
    for i in range(number // EACH):
        thing = NamedNode(f"{EX}thing/{i}")
        for k in range(EACH - 3):
            yield Triple(thing, NamedNode(f"{EX}p{k}"), Literal(f"value {i} {k}"))
        yield Triple(thing, NamedNode(f"{EX}size"), Literal(i * 7 % 1000))
        yield Triple(thing, NamedNode(f"{EX}next"), NamedNode(f"{EX}thing/{i * 7 % number}"))
        yield Triple(thing, NamedNode(f"{EX}kind"), NamedNode(f"{EX}kind/{i % KINDS}"))


@contextmanager
def process(
    command: list[str], port: int, there: Callable[[int], bool] | None = None
) -> Iterator[tuple[float, int]]:
    """A server process that answers; yields how many seconds it took to do so, and its pid."""
    begun = time.perf_counter()
    quiet = subprocess.DEVNULL
    # what is measured is what is asked for: nothing is prepared meanwhile
    alone = {"RSKG_AHEAD_SECONDS": "off", **os.environ}
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=alone) as started:
        try:
            while not (there or answers)(port):
                if started.poll() is not None or time.perf_counter() - begun > 600:
                    raise SystemExit(f"it doesn't start: {' '.join(command)}")
                time.sleep(0.005)
            yield time.perf_counter() - begun, started.pid
        finally:
            started.terminate()


def answers(port: int) -> bool:
    """Whether a server answers a query."""
    for path in ("sparql", "query"):
        url = f"http://127.0.0.1:{port}/{path}?query={quote('ASK {}')}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            continue
        except OSError:
            return False
    return False


def stores(folder: Path, number: int) -> None:
    """The same triples for each server, in the way it keeps them."""
    made = Workbench()
    made.add(triples(number))
    Revisions(folder / "ours").commit(made, "bench")
    store = Store(str(folder / "native"))
    store.bulk_extend(made.quads())
    store.optimize()
    del store


def ours(folder: Path, port: int) -> list[str]:
    """The command of our server over its store."""
    return [str(BIN / "rskg"), "serve", "--store", str(folder / "ours"), "--port", str(port)]


def native(folder: Path, port: int) -> list[str]:
    """The command of the native server over its store."""
    where = ["--location", str(folder / "native"), "--bind", f"127.0.0.1:{port}"]
    return [str(BIN / "oxigraph"), "serve-read-only", *where]


@contextmanager
def servers(folder: Path, number: int, port: int) -> Iterator[list[Server]]:
    """The three, over the same triples."""
    stores(folder, number)
    (folder / "data.nt").write_text("".join(f"{triple} .\n" for triple in triples(number)))
    rdflib = [sys.executable, "-c", RDFLIB, str(folder / "data.nt"), str(port + 2)]
    with ExitStack() as stack:
        _, first = stack.enter_context(process(ours(folder, port), port))
        _, second = stack.enter_context(process(native(folder, port + 1), port + 1))
        _, third = stack.enter_context(process(rdflib, port + 2))
        yield [
            Server("rskg", port, "/sparql", first),
            Server("native", port + 1, "/query", second),
            Server("rdflib-endpoint", port + 2, "/sparql", third, patient=False),
        ]
