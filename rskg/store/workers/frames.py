"""What goes through the pipe between the server and a worker: lengths, a head, a body.

A frame is the lengths of its head and body, a head in JSON and a body of bytes. No pickle:
nothing that arrives is ever executed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from rskg.errors import (
    BudgetExceeded,
    EndpointFailed,
    GraphChanged,
    InputError,
    NotAcceptable,
    PartialAnswer,
    QuerySyntaxError,
    RefusedFeature,
    RskgError,
    ServiceFailed,
    StoreError,
    UpdateFailed,
    UsageError,
)
from rskg.store.answer import Answer, Form
from rskg.store.ask import Ask, Call, Elsewhere, Reply
from rskg.store.budget import Budget
from rskg.syntax import GRAPH_FORMATS, SOLUTION_FORMATS, Format, Term, parse_bytes

_LENGTHS = struct.Struct("!IQ")
_LARGEST_HEAD = 1 << 27
_FORMATS: dict[str, Format] = {form.name: form for form in (*SOLUTION_FORMATS, *GRAPH_FORMATS)}
_N_TRIPLES = next(form for form in GRAPH_FORMATS if form.name == "nt")

Head = dict[str, Any]


def frame(head: Mapping[str, object], body: bytes = b"") -> bytes:
    """One frame as bytes."""
    told = orjson.dumps(head)
    return b"%b%b%b" % (_LENGTHS.pack(len(told), len(body)), told, body)


class Inbox:
    """Puts frames together from whatever pieces a socket delivers."""

    def __init__(self, largest_body: int) -> None:
        self._largest = largest_body
        self._held = bytearray()

    def feed(self, piece: bytes | memoryview) -> Iterator[tuple[Head, bytes]]:
        """The frames that are complete with this piece.

        Raises BudgetExceeded as soon as a frame announces more than this box takes.
        """
        held = self._held
        if not held and (only := self._single(piece)) is not None:
            yield only
            return
        held += piece
        while len(held) >= _LENGTHS.size:
            start, end = self._extent(held)
            if len(held) < end:
                return
            told = orjson.loads(held[_LENGTHS.size : start])
            with memoryview(held) as whole:
                content = bytes(whole[start:end])
            del held[:end]
            yield told, content

    def _single(self, piece: bytes | memoryview) -> tuple[Head, bytes] | None:
        """The frame that a piece is, no more and no less; most are one."""
        if len(piece) < _LENGTHS.size:
            return None
        start, end = self._extent(piece)
        if len(piece) != end:
            return None
        return orjson.loads(piece[_LENGTHS.size : start]), bytes(piece[start:])

    def _extent(self, held: bytes | bytearray | memoryview) -> tuple[int, int]:
        """Where the body of the first frame starts and ends."""
        head, body = _LENGTHS.unpack_from(held)
        if body > self._largest or head > _LARGEST_HEAD:
            raise BudgetExceeded("bytes", self._largest, body)
        start = _LENGTHS.size + head
        return start, start + body


#: Tells a worker that threw away what followed a long query that it may listen again.
LISTEN = frame({"listen": True})


def opening(revision: int) -> bytes:
    """The frame that has a worker open a revision ahead of time; it isn't answered."""
    return frame({"open": revision})


def asked(
    ask: Ask, revision: int, budget: Budget, number: int = 0, *, pieces: bool = False
) -> bytes:
    """The frame that asks a worker; the answer comes back with the number.

    With `pieces`, one that is larger than the budget's `whole` comes in several frames.
    """
    head: Head = {
        "number": number,
        "query": ask.query,
        "revision": revision,
        "seconds": budget.seconds,
        "rows": budget.rows,
        "size": budget.size,
    }
    if pieces:
        head["whole"] = budget.whole
    if ask.accept:
        head["accept"] = ask.accept
    if ask.format_name:
        head["format"] = ask.format_name
    if ask.default_graphs or ask.named_graphs:
        head["default"], head["named"] = ask.default_graphs, ask.named_graphs
    if ask.bindings:
        head["bindings"] = {name: str(term) for name, term in ask.bindings}
    if ask.services is not None:
        head["services"] = [reply and [reply.format_name, reply.body] for reply in ask.services]
    return frame(head)


def ask_of(head: Head) -> Ask:
    """What such a frame asks."""
    return Ask(
        head["query"],
        head.get("accept"),
        head.get("format"),
        tuple(head.get("default", ())),
        tuple(head.get("named", ())),
        tuple((name, _term(text)) for name, text in head.get("bindings", {}).items()),
        _replies(head["services"]) if "services" in head else None,
    )


def answered(answer: Answer) -> Head:
    """The head of the frame that carries an answer; the answer's body is the frame's."""
    return {"form": answer.form, "format": answer.format.name}


def piece_of(form: Format, kind: Form) -> Head:
    """The head of a frame that carries a piece of an answer; the last one is `answered`."""
    return {"piece": True, "form": kind, "format": form.name}


def answer_of(head: Head, body: bytes) -> Answer:
    """The answer, or the piece of one, that such a frame carries."""
    return Answer(body, _FORMATS[head["format"]], head["form"], head.get("memory"))


def failed(error: RskgError) -> Head:
    """The head of the frame that tells an error."""
    match error:
        case QuerySyntaxError():
            told: list[object] = ["syntax", error.reason, error.line, error.column]
        case InputError():
            told = ["input", error.reason, error.line, error.column]
        case RefusedFeature():
            told = ["refused", error.feature, error.advice]
        case NotAcceptable():
            told = ["format", error.accept, error.offered]
        case BudgetExceeded():
            told = ["budget", error.budget, error.limit, error.used]
        case UpdateFailed():
            told = ["failed", str(error)]
        case UsageError():
            told = ["usage", str(error)]
        case _:
            told = _failed_elsewhere(error)
    return {"error": told}


def _failed_elsewhere(error: RskgError) -> list[object]:
    if isinstance(error, Elsewhere):
        return ["elsewhere", *([c.iri, c.query, c.may_fail] for c in error.calls)]
    if isinstance(error, ServiceFailed):
        return ["service", error.iri, error.reason]
    if isinstance(error, PartialAnswer):
        return ["partial", error.address, error.reason]
    if isinstance(error, EndpointFailed):
        return ["engine", error.address, error.reason, error.status]
    if isinstance(error, GraphChanged):
        return ["changed"]
    return ["store", str(error)]


def error_of(head: Head) -> RskgError:
    """The error that such a frame tells."""
    kind, *told = head["error"]
    return _ERRORS[kind](*told)


def _syntax(reason: str, line: int | None, column: int | None) -> RskgError:
    return QuerySyntaxError(reason, line=line, column=column)


def _input(reason: str, line: int | None, column: int | None) -> RskgError:
    return InputError(reason, line=line, column=column)


def _elsewhere(*calls: tuple[str, str, bool]) -> RskgError:
    return Elsewhere(tuple(Call(*call) for call in calls))


def _replies(told: Iterable[Sequence[str] | None]) -> tuple[Reply | None, ...]:
    return tuple(None if reply is None else Reply(*reply) for reply in told)


_ERRORS: dict[str, Callable[..., RskgError]] = {
    "syntax": _syntax,
    "input": _input,
    "refused": RefusedFeature,
    "format": NotAcceptable,
    "budget": BudgetExceeded,
    "failed": UpdateFailed,
    "elsewhere": _elsewhere,
    "service": ServiceFailed,
    "partial": PartialAnswer,
    "engine": EndpointFailed,
    "changed": GraphChanged,
    "usage": UsageError,
    "store": StoreError,
}


def _term(text: str) -> Term:
    """A term from its N-Triples form, which is how it goes through the pipe."""
    return parse_bytes(f"<x:> <x:> {text} .".encode(), _N_TRIPLES)[0].object
