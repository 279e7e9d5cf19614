"""Queries in processes that can be killed: what leaves them, what ends them, who hears of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pyarrow.ipc
import pytest

from rskg.errors import (
    BudgetExceeded,
    NotAcceptable,
    Overloaded,
    QuerySyntaxError,
    RefusedFeature,
    RskgError,
    UsageError,
    WorkerLost,
)
from rskg.store import Answer, Revisions, Workbench
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.workers import fast, slow, verdicts
from rskg.store.workers.frames import answered, frame
from rskg.store.workers.lane import Lane
from rskg.store.workers.supervisor import Supervisor
from rskg.syntax import SOLUTION_FORMATS, Literal, NamedNode, Triple
from rskg.tables import table_of

EX = "http://example.org/"
NODES = 400
#: Never ends, and needs no memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
#: Lasts longer than a slice.
LONG = "SELECT (MIN(?c) AS ?n) { ?a ex:label ?c . ?d ex:label ?f . FILTER(STR(?c) <= STR(?f)) }"
ONE_ROW = Ask("SELECT ?o { ex:0 ex:label ?o }", "text/csv")
ROW = b"o\r\nnode 0\r\n"
Work = Callable[[Supervisor], Awaitable[None]]


def workbench(label: str = "node") -> Workbench:
    """A ring of nodes, each with a label; one label is told in a graph."""
    made = Workbench()
    nodes = [NamedNode(f"{EX}{i}") for i in range(NODES)]
    made.add(Triple(n, NamedNode(f"{EX}next"), nodes[i - 1]) for i, n in enumerate(nodes))
    named = NamedNode(f"{EX}label")
    made.add(Triple(n, named, Literal(f"{label} {i}")) for i, n in enumerate(nodes))
    made.add([Triple(nodes[0], named, Literal("told"))], f"{EX}graph")
    return made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ring")
    Revisions(folder).commit(workbench(), "ring")
    return folder


def supervised(root: Path, work: Work, *, lanes: int = 2, **budget: Any) -> None:
    """Run `work` with workers over a store, in a loop of its own; no process is left."""

    async def run() -> list[int]:
        bounds = Budget(**{"seconds": 20.0, **budget})
        made = Supervisor(root, {"ex": EX}, budget=bounds, lanes=lanes)
        made.start(1)
        try:
            await work(made)
        finally:
            left = pids(made)
            made.stop()
        return left

    left = asyncio.run(run())
    asyncio.run(until(lambda: not any(alive(pid) for pid in left)))


async def refused(made: Supervisor, query: str, **options: Any) -> RskgError:
    """The error that a query ends with."""
    with pytest.raises(RskgError) as error:
        await made.answer(Ask(query, "text/csv"), 1, **options)
    return error.value


def begin(made: Supervisor, query: str = ENDLESS, **options: Any) -> asyncio.Task[Answer]:
    return asyncio.ensure_future(made.answer(Ask(query, "text/csv"), 1, **options))


async def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it didn't happen in time"
        await asyncio.sleep(0.01)


def pids(made: Supervisor) -> list[int]:
    return [lane.pid for lane in made._crew if lane.pid is not None]


def busy(made: Supervisor) -> list[int]:
    doing = [lane for lane in made._crew if lane.job is not None and not lane.doomed]
    return [lane.pid for lane in doing if lane.pid is not None]


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the latter while it is being removed
        return False


# --- strings in, bytes or an error out ---


def test_strings_go_in_and_bytes_come_out(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        answer = await made.answer(ONE_ROW, 1)
        assert (answer.body, answer.form, answer.media_type) == (ROW, "solutions", "text/csv")
        truth = await made.answer(Ask("ASK { ex:1 ex:next ex:0 }"), 1)
        assert (truth.form, b"true" in truth.body) == ("boolean", True)
        graph = await made.answer(Ask("DESCRIBE ex:7", format_name="nt"), 1)
        assert (graph.form, graph.body.count(b"\n")) == ("graph", 2)

    supervised(root, work)


def test_graphs_and_bindings_go_through_the_pipe(root: Path) -> None:
    labels = "SELECT ?s ?o { ?s ex:label ?o }"

    async def work(made: Supervisor) -> None:
        told = await made.answer(Ask(labels, "text/csv", default_graphs=(f"{EX}graph",)), 1)
        assert told.body.splitlines()[1:] == [f"{EX}0,told".encode()]
        named = Ask(
            "SELECT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv", named_graphs=(f"{EX}nowhere",)
        )
        assert (await made.answer(named, 1)).body == b"g\r\n"
        for binding in (("s", NamedNode(f"{EX}3")), ("o", Literal("node 3"))):
            bound = await made.answer(Ask(labels, "text/csv", bindings=(binding,)), 1)
            assert bound.body.splitlines()[1:] == [f"{EX}3,node 3".encode()]

    supervised(root, work)


def test_errors_come_back_as_what_they_are(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        syntax = await refused(made, "SELECT * {\n ?s ?p }")
        assert isinstance(syntax, QuerySyntaxError)
        assert syntax.line == 2
        assert isinstance(await refused(made, "SELECT * { SERVICE <a:b> {} }"), RefusedFeature)
        assert isinstance(await refused(made, "ASK {}"), NotAcceptable)
        with pytest.raises(UsageError, match="no revision 7"):
            await made.answer(ONE_ROW, 7)
        assert (await made.answer(ONE_ROW, 1)).body == ROW, "the workers go on"

    supervised(root, work)


# --- budgets ---


def test_a_query_past_its_time_is_killed_and_nobody_else_hears_of_it(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        await until(lambda: bool(made._crew._idle))
        begun = time.monotonic()
        endless = begin(made, timeout="400ms")
        await until(lambda: bool(busy(made)))
        (pid,) = busy(made)
        while not endless.done():
            assert (await made.answer(ONE_ROW, 1)).body == ROW
        error = endless.exception()
        assert isinstance(error, BudgetExceeded)
        assert (error.budget, error.limit) == ("time", 0.4)
        assert 0.4 <= error.used <= time.monotonic() - begun
        await until(lambda: not alive(pid))

    supervised(root, work)


@pytest.mark.parametrize(
    ("budget", "query", "bounds"),
    [
        (
            "memory",
            "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f",
            {"memory": 100_000_000},
        ),
        ("rows", "SELECT * { ?a ?b ?c . ?d ?e ?f }", {"rows": 1000}),
        ("bytes", "SELECT * { ?a ?b ?c . ?d ?e ?f }", {"size": 100_000}),
        ("bytes", "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }", {"size": 100_000}),
        ("stack", "SELECT * " + "{" * 30_000 + "}" * 30_000, {}),
        ("stack", "SELECT * { FILTER(" + "!" * 80_000 + "true) }", {}),
    ],
)
def test_each_budget_ends_a_query_with_its_name(
    root: Path, budget: str, query: str, bounds: dict[str, int]
) -> None:
    async def work(made: Supervisor) -> None:
        with pytest.raises(BudgetExceeded) as error:
            await made.answer(Ask(query), 1)
        assert error.value.budget == budget
        assert error.value.used >= error.value.limit > 0
        assert (await made.answer(ONE_ROW, 1)).body == ROW
        assert made.state()[budget] == 1

    supervised(root, work, **bounds)


def test_memory_is_bounded_by_the_system_even_when_nobody_looks(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lane, "memory", lambda lane: 0)
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f"

    async def work(made: Supervisor) -> None:
        error = await refused(made, query)
        assert isinstance(error, BudgetExceeded)
        assert error.budget == "memory"

    supervised(root, work, memory=50_000_000)


def test_the_rows_of_an_answer_are_all_there_or_none(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        all_rows = await made.answer(Ask("SELECT ?s { ?s ex:next ?o }", "text/csv"), 1)
        assert all_rows.body.count(b"\r\n") == NODES + 1

    supervised(root, work, rows=NODES)


# --- lanes ---


def test_a_long_query_leaves_the_only_fast_lane_and_is_answered_all_the_same(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        endless = begin(made)
        quick = [await made.answer(ONE_ROW, 1) for _ in range(20)]
        assert not endless.done(), "the short ones did not wait for it"
        assert {answer.body for answer in quick} == {ROW}
        endless.cancel()
        assert (await begin(made, LONG)).body.startswith(b"n\r\n")

    supervised(root, work, lanes=1)


def test_more_long_queries_than_lanes_are_all_answered(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        long = [begin(made, LONG, client=str(i % 3)) for i in range(8)]
        assert (await made.answer(ONE_ROW, 1)).body == ROW
        assert len({(await task).body for task in long}) == 1

    supervised(root, work, lanes=2)


def test_so_many_long_queries_run_at_once_as_there_are_lanes(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        long = [begin(made, client=str(i % 3)) for i in range(6)]
        await until(lambda: made.state()["resting"] == 4)
        assert made.state()["slow"] == 2
        long[0].cancel()
        await until(lambda: made.state()["resting"] == 3)
        await until(lambda: made.state()["slow"] == 2)
        for task in long:
            task.cancel()

    supervised(root, work, lanes=2)


def test_too_many_long_queries_are_sent_away_with_a_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "MOST_RESTING", 2)
    # a slice that the modest one outlasts for sure: within it nobody would have to make place
    monkeypatch.setattr(verdicts, "SLICE", 0.005)

    async def work(made: Supervisor) -> None:
        greedy = [begin(made, client="greedy", timeout="3s") for _ in range(5)]
        await until(lambda: sum(task.done() for task in greedy) == 2)
        modest = begin(made, LONG, client="modest")
        await asyncio.wait(greedy)
        ends = [task.exception() for task in greedy]
        sent_away = [error for error in ends if isinstance(error, Overloaded)]
        assert len(sent_away) == 3, "two found no place, one made place for the modest"
        assert all(1 <= error.retry_after <= 3 for error in sent_away)
        assert (await modest).body.startswith(b"n\r\n"), "the one that asks for little stays"

    supervised(root, work, lanes=1)


def test_a_query_that_nobody_waits_for_is_killed(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        left = asyncio.Event()
        endless = begin(made, gone=left.wait)
        await until(lambda: made.state()["slow"] == 1)
        (pid,) = busy(made)
        left.set()
        assert isinstance((await asyncio.gather(endless, return_exceptions=True))[0], WorkerLost)
        await until(lambda: not alive(pid))
        cancelled = begin(made)
        await until(lambda: made.state()["slow"] == 1)
        (pid,) = busy(made)
        cancelled.cancel()
        await until(lambda: not alive(pid))

    supervised(root, work)


@pytest.mark.parametrize("clients", [1, 5])
def test_each_answer_goes_to_its_own_question(root: Path, clients: int) -> None:
    """Short queries follow one another through the pipes while long ones, killed ones and dying
    workers come between them."""
    short = "SELECT ?n {{ ex:{} ex:label ?n }}"
    long = "SELECT (MIN(?o) AS ?n) {{ ex:{} ex:label ?o . ?a ex:label ?b . ?c ex:label ?d }}"

    async def ask(made: Supervisor, number: int) -> bool:
        client = str(number % clients)
        if number % 19 == 7:
            error = await refused(made, ENDLESS, client=client, timeout="300ms")
            return isinstance(error, BudgetExceeded | Overloaded)
        query = (long if number % 23 == 5 else short).format(number)
        answer = await made.answer(Ask(query, "text/csv"), 1, client=client)
        return answer.body == f"n\r\nnode {number}\r\n".encode()

    async def work(made: Supervisor) -> None:
        asked = [asyncio.ensure_future(ask(made, number)) for number in range(NODES)]
        assert all(await asyncio.gather(*asked))

    supervised(root, work)


# --- what ends processes ---


def test_a_worker_that_dies_is_told_to_its_client_alone_and_replaced(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        endless = begin(made)
        await until(lambda: len(busy(made)) == 1)
        (pid,) = busy(made)
        long = begin(made, LONG)
        os.kill(pid, signal.SIGTERM)
        assert isinstance((await asyncio.gather(endless, return_exceptions=True))[0], WorkerLost)
        assert (await long).body.startswith(b"n\r\n")
        await until(lambda: len(made._crew._idle) >= 3)
        assert pid not in pids(made)

    supervised(root, work)


def test_a_nursery_that_dies_is_replaced(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        assert (await made.answer(ONE_ROW, 1)).body == ROW
        nurse, old = made._crew._nurse, pids(made)
        assert nurse is not None
        endless = begin(made)
        await until(lambda: bool(busy(made)))
        nurse._process.kill()
        assert isinstance((await asyncio.gather(endless, return_exceptions=True))[0], WorkerLost)
        await until(lambda: not set(old) & set(pids(made)))
        await until(lambda: not any(alive(pid) for pid in old))
        assert (await made.answer(ONE_ROW, 1)).body == ROW

    supervised(root, work)


def test_workers_are_born_with_what_writes_columns_by_a_nursery_without_threads(
    root: Path,
) -> None:
    def loaded(pid: int) -> bool:
        return "libarrow" in Path(f"/proc/{pid}/maps").read_text()

    async def work(made: Supervisor) -> None:
        nurse = made._crew._nurse
        assert nurse is not None
        nursery = nurse._process.pid
        await until(lambda: loaded(nursery))
        assert len(os.listdir(f"/proc/{nursery}/task")) == 1
        old = pids(made)
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: not pids(made))
        made._crew.keep(1)
        await until(lambda: bool(pids(made)))
        assert all(map(loaded, pids(made)))
        answer = await made.answer(ONE_ROW._replace(accept=None, format_name="arrow"), 1)
        assert table_of(b'?o\n"node 0"\n').equals(pyarrow.ipc.open_stream(answer.body).read_all())

    supervised(root, work)


def test_an_answer_that_is_cut_is_no_answer() -> None:
    async def run() -> None:
        heard, lost = [], []
        ours, theirs = socket.socketpair()
        lane = Lane(ours, 1000, lambda *told: heard.append(told), lost.append)
        answer = Answer(b"o\r\n1\r\n2\r\n", SOLUTION_FORMATS[2], "solutions")
        sent = frame(answered(answer), answer.body)
        theirs.sendall(sent[:-1])
        await asyncio.sleep(0.01)
        theirs.close()
        await until(lambda: bool(lost))
        assert (heard, lost) == ([], [lane])

    asyncio.run(run())


ORPHAN = """
import asyncio, sys
from pathlib import Path
from rskg.store.ask import Ask
from rskg.store.workers.supervisor import Supervisor
async def run():
    made = Supervisor(Path(sys.argv[1]), lanes=2)
    made.start(1)
    asked = [asyncio.ensure_future(made.answer(Ask(sys.argv[2]), 1)) for _ in range(3)]
    while made.state()["slow"] < 2 or any(lane.pid is None for lane in made._crew):
        await asyncio.sleep(0.01)
    print(made._crew._nurse._process.pid, *[lane.pid for lane in made._crew], flush=True)
    await asyncio.gather(*asked)
asyncio.run(run())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent")
def test_a_killed_server_leaves_no_process(root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(root), ENDLESS], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        processes = [int(pid) for pid in server.stdout.readline().split()]
        assert len(processes) > 3
        assert all(alive(pid) for pid in processes)
        server.kill()
    asyncio.run(until(lambda: not any(alive(pid) for pid in processes)))


# --- confinement ---


def open_files(pid: int) -> list[str]:
    """What a process holds open; a file that it closes meanwhile is none of them."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(os.readlink(link))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_worker_has_no_socket_but_its_own_and_no_network(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.set_inheritable(True)
            await made.answer(ONE_ROW, 1)
            await until(lambda: len(pids(made)) == 2 + fast.SPARES)
            for pid in pids(made):
                assert sum(link.startswith("socket:") for link in open_files(pid)) == 1
        if made.state()["isolated"]:
            for pid in pids(made):
                devices = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
                assert [line.split(":")[0].strip() for line in devices] == ["lo"]

    supervised(root, work)


# --- revisions ---


def test_each_revision_is_answered_and_running_queries_keep_theirs(tmp_path: Path) -> None:
    revisions = Revisions(tmp_path)
    revisions.commit(workbench("first"), "1")

    async def work(made: Supervisor) -> None:
        before = begin(made, LONG)
        await until(lambda: bool(busy(made)))
        revisions.commit(workbench("second"), "2")
        made.publish(2)
        for number, label in ((2, b"second"), (1, b"first"), (2, b"second")):
            bodies = {(await made.answer(ONE_ROW, number)).body for _ in range(10)}
            assert bodies == {b"o\r\n" + label + b" 0\r\n"}
        assert b"first 0" in (await before).body

    supervised(tmp_path, work)
