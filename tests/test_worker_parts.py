"""The parts of the pipe and the queue, one by one and without processes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence

import pyarrow.ipc
import pyarrow.parquet
import pytest

from rskg.confinement import OUT_OF_MEMORY, out_of_memory
from rskg.errors import (
    BudgetExceeded,
    NotAcceptable,
    QuerySyntaxError,
    RefusedFeature,
    RskgError,
    UsageError,
)
from rskg.settings import QUERY_ROWS, QUERY_SECONDS
from rskg.store import Answer, Workbench
from rskg.store.answer import Outlet, evaluate
from rskg.store.answer import answered as answered_by_engine
from rskg.store.ask import Ask
from rskg.store.budget import Budget, budget_of_settings
from rskg.store.sink import Sink
from rskg.store.workers.fairness import FairQueue
from rskg.store.workers.frames import (
    Inbox,
    answer_of,
    answered,
    ask_of,
    asked,
    error_of,
    failed,
    frame,
)
from rskg.syntax import SOLUTION_FORMATS, TSV, Literal, NamedNode, Triple, format_named

AWKWARD = ['},{"', "<result>", "a\r\nb", "\n", 'a"b', '"', ",", "\\", "", "☃", '""\n""']


@pytest.mark.parametrize(
    "error",
    [
        QuerySyntaxError("so", line=3, column=None),
        RefusedFeature("LOAD", "no"),
        NotAcceptable("x/y", ["a/b"]),
        BudgetExceeded("rows", 3, 4),
        UsageError("which"),
    ],
)
def test_an_error_survives_the_pipe(error: RskgError) -> None:
    ((head, _),) = Inbox(0).feed(frame(failed(error)))
    back = error_of(head)
    assert (type(back), str(back)) == (type(error), str(error))


def test_an_ask_survives_the_pipe() -> None:
    bindings = (("x", Literal('a "quoted"\nline', language="en")), ("y", NamedNode("a:b")))
    ask = Ask("SELECT ☃", "*/*", "csv", ("a:b",), ("c:d",), bindings)
    ((head, _),) = Inbox(0).feed(asked(ask, 5, Budget(rows=7)))
    assert (ask_of(head), head["revision"], head["rows"]) == (ask, 5, 7)
    ((head, _),) = Inbox(0).feed(asked(Ask("ASK {}"), 5, Budget()))
    assert ask_of(head) == Ask("ASK {}")


def test_answers_are_put_together_from_any_pieces() -> None:
    bodies = [b"one", b"", b"three" * 50]
    answers = [Answer(body, SOLUTION_FORMATS[2], "solutions") for body in bodies]
    sent = b"".join(frame(answered(answer), answer.body) for answer in answers)
    inbox = Inbox(1000)
    for size in (1, 7, len(sent)):
        pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
        found = [answer_of(*told) for piece in pieces for told in inbox.feed(piece)]
        assert [answer.body for answer in found] == bodies


def test_an_answer_that_announces_too_much_is_refused_at_once() -> None:
    sent = frame({}, b"x" * 101)
    with pytest.raises(BudgetExceeded) as error:
        list(Inbox(100).feed(sent[:12]))
    assert (error.value.budget, error.value.limit, error.value.used) == ("bytes", 100, 101)


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("step", [1, 3, 8192])
def test_rows_are_counted_whatever_the_values_hold(name: str, step: int) -> None:
    made = Workbench()
    made.add(Triple(NamedNode("a:a"), NamedNode("a:b"), Literal(text)) for text in AWKWARD)
    form = format_named(name, SOLUTION_FORMATS)
    assert form is not None
    body = answered_by_engine(evaluate(made._store, "SELECT * { ?s ?p ?o }"), None, name).body

    def write(rows: int, whole: int) -> bytes:
        sent: list[bytes] = []
        sink = Sink(form, rows, whole=whole, send=sent.append)
        for at in range(0, len(body), step):
            sink.write(body[at : at + step])
        return b"".join([*sent, sink.body()])

    for whole in (10, len(body)):
        assert write(len(AWKWARD), whole) == body
        with pytest.raises(BudgetExceeded) as error:
            write(len(AWKWARD) - 1, whole)
        assert (error.value.budget, error.value.used) == ("rows", len(AWKWARD))


def test_rows_without_a_single_byte_to_spare_are_counted() -> None:
    sink = Sink(TSV, 3)
    sink.write(b"\n" * 4)
    with pytest.raises(BudgetExceeded, match="4 of 3 rows"):
        sink.write(b"\n")


def test_a_thread_that_finds_no_memory_is_told_from_other_failures() -> None:
    told = """
import threading
from rskg.confinement import OUT_OF_MEMORY, bound_memory, out_of_memory
bound_memory(1_000_000)
try:
    threading.Thread(target=print).start()
except RuntimeError as error:
    raise SystemExit(OUT_OF_MEMORY if out_of_memory(error) else 1)
"""
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == OUT_OF_MEMORY
    assert not out_of_memory(RuntimeError("a fault of ours"))


def test_bytes_are_counted_in_every_format() -> None:
    sink = Sink(SOLUTION_FORMATS[0], size=10)
    sink.write(b"0123456789")
    with pytest.raises(BudgetExceeded, match="11 of 10 bytes"):
        sink.write(b"0")


@pytest.mark.parametrize("name", ["arrow", "parquet"])
def test_columns_are_held_to_the_bound_of_bytes_and_go_on_in_pieces(name: str) -> None:
    made = Workbench()
    made.add(Triple(NamedNode(f"a:{i}"), NamedNode("a:b"), Literal(i)) for i in range(30_000))
    pieces: list[bytes] = []
    outlet = Outlet(100_000, lambda form, kind, piece: pieces.append(piece))

    def answer(size: int) -> bytes:
        pieces.clear()
        found = evaluate(made._store, "SELECT * { ?s ?p ?o }")
        rest = answered_by_engine(found, None, name, Budget(size=size), outlet).body
        return b"".join([*pieces, rest])

    whole = answer(10_000_000)
    assert len(pieces) > 1 or name == "parquet"
    read = pyarrow.parquet.read_table if name == "parquet" else pyarrow.ipc.open_stream
    table = read(io.BytesIO(whole))
    table = table if name == "parquet" else table.read_all()
    assert sorted(table["o"].to_pylist()) == list(range(30_000))
    with pytest.raises(BudgetExceeded, match="bytes"):
        answer(len(whole) - 1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3", 3), ("3s", 3), (" 500ms ", 0.5), ("0.25 S", 0.25), ("", 9), (None, 9)],
)
def test_a_caller_may_ask_for_less_time(text: str | None, seconds: float) -> None:
    assert Budget(seconds=9).lowered(text).seconds == seconds


@pytest.mark.parametrize("text", ["soon", "-3", "3m", "1e3", "0", "0ms", "٣x"])
def test_a_timeout_that_is_no_duration_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="500ms"):
        Budget().lowered(text)


def test_more_time_than_there_is_is_refused() -> None:
    with pytest.raises(RefusedFeature, match="9 seconds"):
        Budget(seconds=9).lowered("9001ms")


def test_the_budget_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(QUERY_SECONDS.variable, "2.5")
    assert (budget_of_settings().seconds, budget_of_settings().rows) == (2.5, 1_000_000)
    for wrong in ("many", "0", "-1", "inf", "nan"):
        monkeypatch.setenv(QUERY_ROWS.variable, wrong)
        with pytest.raises(UsageError, match=QUERY_ROWS.variable):
            budget_of_settings()


def queue(most: int, pushed: Sequence[str]) -> tuple[FairQueue[str], list[str | None]]:
    made: FairQueue[str] = FairQueue(most)
    return made, [made.push(name[0], name) for name in pushed]


def test_each_client_has_its_turn() -> None:
    made, _ = queue(9, ["a1", "a2", "a3", "b1", "c1", "b2"])
    assert [made.pop() for _ in range(len(made))] == ["a1", "b1", "c1", "a2", "b2", "a3"]
    with pytest.raises(IndexError):
        made.pop()
    made, _ = queue(9, ["a1", "b1", "c1", "a2"])
    assert [made.pop({"a", "b"}) for _ in range(len(made))] == ["c1", "a1", "b1", "a2"]


def test_a_full_queue_sends_the_newest_of_the_greediest_away() -> None:
    made, gone = queue(3, ["a1", "a2", "a3", "b1", "a4"])
    assert gone == [None, None, None, "a3", "a4"]
    assert sorted(made) == ["a1", "a2", "b1"]
    assert made.remove("a", "a2")
    assert not made.remove("a", "a2")
    assert [made.pop(), made.pop(), len(made)] == ["a1", "b1", 0]


@pytest.mark.parametrize(
    ("pushed", "greedy"),
    [
        (["a1", "a2", "a3", "a4"], True),
        (["a1", "b1", "a2", "a3"], True),
        (["a1", "b1", "c1", "d1"], False),
        (["a1", "b1", "c1", "c2"], True),
    ],
)
def test_who_asks_for_more_than_a_share_is_told_from_who_comes_too_late(
    pushed: list[str], greedy: bool
) -> None:
    made, gone = queue(3, pushed)
    assert gone[-1] is not None
    assert made.beyond_share(gone[-1][0]) is greedy


def test_a_frame_is_no_pickle() -> None:
    sent = frame(failed(UsageError("which")))
    assert json.loads(sent[12:]) == {"error": ["usage", "which"]}


def test_only_one_clients_items_are_told_apart_from_those_of_several() -> None:
    made, _ = queue(9, ["a1", "a2"])
    assert made.only_client() == "a"
    made.push("b", "b1")
    assert made.only_client() is None
    assert [made.pop(), made.only_client(), made.pop(), made.only_client()] == [
        "a1",
        None,
        "b1",
        "a",
    ]
