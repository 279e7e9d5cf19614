"""Large answers in pieces: what the reader gets, and what it can't hold up."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from rskg.endpoint.exchange.transfer import Transfer
from rskg.errors import BudgetExceeded, Overloaded, RskgError, WorkerLost
from rskg.store import Answer, Revisions
from rskg.store.ask import Ask
from rskg.store.workers import slow
from rskg.store.workers.flow import Flow
from rskg.store.workers.frames import answered, frame, piece_of
from rskg.store.workers.lane import Lane
from rskg.store.workers.supervisor import Supervisor
from rskg.syntax import GRAPH_FORMATS, SOLUTION_FORMATS, TSV
from tests.test_worker import LONG, ONE_ROW, ROW, alive, begin, busy, supervised, until, workbench

#: 160,000 rows, about five megabytes.
ROWS = "SELECT ?a ?d { ?a ex:next ?b . ?c ex:label ?d }"
FEW = ROWS + " LIMIT 5000"
#: Too many rows for any reader here.
ENDLESS_ROWS = "SELECT ?a ?d ?f { ?a ex:next ?b . ?c ex:label ?d . ?e ex:label ?f }"
BOUNDLESS = {"rows": 10**9, "size": 10**12, "whole": 1000}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ring")
    Revisions(folder).commit(workbench(), "ring")
    return folder


async def flowing(made: Supervisor, query: str = ENDLESS_ROWS, **options: str) -> Flow:
    found = await made.deliver(Ask(query, "text/csv"), 1, **options)
    assert isinstance(found, Flow)
    return found


async def rest(flow: Flow) -> bytes:
    return b"".join([piece async for piece in flow])


async def end_of(flow: Flow) -> RskgError:
    with pytest.raises(RskgError) as error:
        async for _ in flow:
            pass
    return error.value


@pytest.mark.parametrize("form", [*SOLUTION_FORMATS, *GRAPH_FORMATS], ids=lambda form: form.name)
def test_the_pieces_make_the_whole(root: Path, form: object) -> None:
    graph = form in GRAPH_FORMATS
    query = "CONSTRUCT { ?a ex:next ?d } { ?a ex:next ?b . ex:7 ex:label ?d }" if graph else FEW
    ask = Ask(query, format_name=getattr(form, "name", ""))

    async def work(made: Supervisor) -> None:
        flow = await made.deliver(ask, 1)
        assert isinstance(flow, Flow)
        whole = await made.answer(ask, 1)
        assert (flow.form, flow.media_type) == (whole.form, whole.media_type)
        assert await rest(flow) == whole.body
        assert made.state()["answered"] == 2

    supervised(root, work, whole=1000)


def test_what_is_small_enough_comes_whole(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        answer = await made.deliver(ONE_ROW, 1)
        assert isinstance(answer, Answer)
        assert answer.body == ROW

    supervised(root, work, whole=1000)


def test_an_answer_in_pieces_that_is_cut_anywhere_has_no_end() -> None:
    """The last frame makes an answer complete, and it comes whole or not at all."""
    form = SOLUTION_FORMATS[2]
    last = Answer(b"3\r\n", form, "solutions")
    sent = b"".join(
        frame(piece_of(form, "solutions"), piece) for piece in (b"o\r\n1\r\n", b"2\r\n")
    )
    sent += frame(answered(last), last.body)
    sent = sent.replace(b'{"', b'{"number":1,"')

    async def heads(size: int) -> list[bool]:
        heard: list[bool] = []
        lost: list[Lane] = []
        ours, theirs = socket.socketpair()
        Lane(ours, 1000, lambda lane, head, body: heard.append("piece" in head), lost.append)
        theirs.sendall(sent[:size])
        theirs.close()
        await until(lambda: bool(lost))
        return heard

    async def run() -> None:
        for size in range(len(sent)):
            assert all(await heads(size))

    asyncio.run(run())


def test_a_slow_reader_holds_no_lane_and_its_time_is_not_the_query_s(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        flow = await flowing(made, timeout="2s")
        await until(lambda: made.state()["sending"] == 1)
        await asyncio.sleep(2.1)
        assert (await begin(made, LONG)).body.startswith(b"n\r\n"), "the only slow lane is free"
        assert made.state()["sending"] == 1
        error = await end_of(flow)
        assert isinstance(error, BudgetExceeded)
        assert error.budget == "time"
        assert made.state()["time"] == 1

    supervised(root, work, lanes=1, **BOUNDLESS)


def test_a_reader_that_stalls_is_left(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        flow = await flowing(made)
        await until(lambda: made.state()["sending"] == 1)
        (pid,) = busy(made)
        await flow.broken()
        error = await end_of(flow)
        assert isinstance(error, BudgetExceeded)
        assert (error.budget, error.limit) == ("transfer", 0.3)
        await until(lambda: not alive(pid))
        assert made.state()["sending"] == 0
        assert (await made.answer(ONE_ROW, 1)).body == ROW

    supervised(root, work, transfer=0.3, **BOUNDLESS)


def test_a_reader_that_leaves_ends_its_query(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        for waits in (True, False):
            flow = await flowing(made)
            if waits:
                await until(lambda: made.state()["sending"] == 1)
            (pid,) = busy(made)
            flow.close()
            await until(lambda pid=pid: not alive(pid))
            assert isinstance(await end_of(flow), WorkerLost)

    supervised(root, work, **BOUNDLESS)


def test_a_budget_that_runs_out_on_the_way_breaks_the_answer(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        for query, budget in ((ROWS, "bytes"), (ENDLESS_ROWS, "bytes")):
            error = await end_of(await flowing(made, query))
            assert isinstance(error, BudgetExceeded)
            assert error.budget == budget

    supervised(root, work, whole=1000, size=1_000_000)


def test_so_many_readers_may_be_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "MOST_SENDING", 1)

    async def work(made: Supervisor) -> None:
        modest = await flowing(made, client="modest")
        await until(lambda: made.state()["sending"] == 1)
        greedy = [await flowing(made, client="greedy") for _ in range(2)]
        for flow in greedy:
            assert isinstance(await asyncio.wait_for(end_of_unread(flow), 30), Overloaded)
        assert await modest.piece(), "the one that asked for less stays"
        modest.close()

    supervised(root, work, lanes=1, **BOUNDLESS)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it is told by /proc")
def test_a_worker_that_dies_while_its_reader_has_enough_is_noticed(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        flow = await flowing(made)
        await until(lambda: made.state()["sending"] == 1)
        for pid in busy(made):
            os.kill(pid, signal.SIGKILL)
        error = await asyncio.wait_for(end_of_unread(flow), 60)
        assert isinstance(error, BudgetExceeded | WorkerLost), "nobody read, and it is told"
        assert made.state()["sending"] == made.state()["slow"] == 0

    supervised(root, work, **BOUNDLESS)


async def end_of_unread(flow: Flow) -> RskgError:
    await flow.broken()
    return await end_of(flow)


def test_the_rows_are_bounded_in_pieces_too(root: Path) -> None:
    async def work(made: Supervisor) -> None:
        error = await end_of(await flowing(made))
        assert isinstance(error, BudgetExceeded)
        assert (error.budget, error.limit) == ("rows", 10_000)

    supervised(root, work, whole=1000, rows=10_000)


def test_what_breaks_before_its_first_piece_is_told_by_its_status() -> None:
    """With nothing sent yet, the error is raised: a response that never starts tells nothing."""

    async def sent(*pieces: bytes) -> list[dict[str, Any]]:
        flow = Flow("solutions", TSV, lambda: None)
        for piece in pieces:
            flow.put(piece)
        messages: list[dict[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            messages.append(dict(message))
            flow.end(BudgetExceeded("time", 1, 2))

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        if not pieces:
            flow.end(BudgetExceeded("time", 1, 2))
        await Transfer(flow, {})({"type": "http"}, receive, send)
        return messages

    with pytest.raises(BudgetExceeded):
        asyncio.run(sent())
    begun = asyncio.run(sent(b"?a\n", b"1\n"))
    assert begun[0]["status"] == 200
    assert all(message.get("more_body", True) for message in begun)
