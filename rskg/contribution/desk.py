"""The process at which contributions arrive: one at a time, each dealt with in a fork of its own.

The desk has read the shapes before, has no network and no thread. A fork that passes its budget is
killed; since a revision is published by one rename, it is there afterwards or it isn't.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from rskg import validation
from rskg.check import Limits, alone
from rskg.confinement import end_with_parent, leave_network, leave_no_core
from rskg.contribution import acts, documents
from rskg.contribution.judging import Library
from rskg.errors import BudgetExceeded, RskgError, StoreError, UsageError
from rskg.maintenance import prepare, schema_now
from rskg.paths import Files
from rskg.report import FORMATS
from rskg.settings import CHECK_MEMORY, CONTRIBUTION_SECONDS
from rskg.store import Revisions
from rskg.store.workers.frames import Head, Inbox, frame
from rskg.syntax import NT, parse_bytes, sorted_lines

_PIECE = 1 << 18
_THRESHOLD = "violation"
#: How the errors that are foreseen are called; any other is `lost`.
KINDS: dict[str, type[RskgError]] = {
    "too-large": documents.TooLarge,
    "key-used": acts.KeyUsed,
    "gone": acts.Gone,
    "budget": BudgetExceeded,
    "unknown": UsageError,
    "store": StoreError,
}


#: What bounds a contribution as a whole, and the setting that says how much.
_BOUNDS = {"time": CONTRIBUTION_SECONDS, "memory": CHECK_MEMORY}


class Desk:
    """One end of a socket: reads orders, tells each step and what came of them."""

    def __init__(self, channel: socket.socket, root: Path, files: Files, limits: Limits) -> None:
        self._channel = channel
        self._revisions = Revisions(root)
        self._library = Library(files)
        self._limits = limits
        self._prepared = 0

    def run(self) -> None:
        """Deal with orders until the other end closes."""
        with suppress(RskgError):  # who orders something is told
            self._prepare()
        inbox = Inbox(0)
        piece = memoryview(bytearray(_PIECE))
        while size := self._channel.recv_into(piece):
            for head, _ in inbox.feed(piece[:size]):
                self._channel.sendall(frame({"done": self._dealt_with(head)}))

    def _dealt_with(self, order: Head) -> Head:
        try:
            self._prepare()
            return alone(lambda: self._obey(order), self._limits)
        except RskgError as error:
            return told_of(error)

    def _prepare(self) -> None:
        """Have at hand what all forks need; what the store says of terms a fork finds out.

        The desk itself opens no store: a store's threads would not be there in a fork.
        """
        self._library.read()
        validation.prepare()
        whole = [n for n in self._revisions.numbers() if n > self._prepared and self._is_whole(n)]
        if not whole:
            return
        rulebook = self._library.rulebook

        def told() -> bytes:
            return sorted_lines(schema_now(self._revisions.open(), rulebook))

        prepare(rulebook, frozenset(parse_bytes(alone(told, self._limits), NT)))
        self._prepared = whole[-1]
        gc.collect()
        gc.freeze()  # what forks share with us they needn't look through, nor copy

    def _is_whole(self, number: int) -> bool:
        with suppress(UsageError):
            return self._revisions.describe(number).base is None
        return False

    def _obey(self, order: Head) -> Head:
        """In the fork, which speaks over the same socket while the desk waits for it."""
        try:
            if order["act"] == "withdraw":
                done = acts.withdraw(
                    self._revisions, self._library, order["id"], order["partner"], order["when"]
                )
            else:
                offer = acts.Offer(**{**order["offer"], "path": Path(order["offer"]["path"])})
                done = acts.offer(self._revisions, self._library, offer, self._limits, self._tell)
        except RskgError as error:
            return told_of(error)
        return _told(done, order.get("report", ""))

    def _tell(self, step: str, said: str) -> None:
        self._channel.sendall(frame({"step": step, "said": said}))


def told_of(error: RskgError) -> Head:
    """An error as the server's side understands it."""
    if isinstance(error, BudgetExceeded) and error.budget in _BOUNDS:
        advice = f"send it in parts; the operator's bound is {_BOUNDS[error.budget].variable}"
        error = BudgetExceeded(error.budget, error.limit, error.used, "contribution", advice)
    kind = next((name for name, one in KINDS.items() if isinstance(error, one)), "lost")
    told: dict[str, object] = {"error": kind, "detail": str(error)}
    if isinstance(error, acts.Gone):
        told["contribution"] = asdict(error.contribution)
    if isinstance(error, BudgetExceeded):
        told |= {"budget": error.budget, "limit": error.limit, "used": error.used}
    return told


def _told(done: acts.Outcome, form: str) -> Head:
    report = done.report
    told: dict[str, object] = {
        "state": done.state,
        "contribution": asdict(done.contribution) if done.contribution else None,
        "revision": done.revision,
        "withdrawn": list(done.withdrawn),
        "violations": len(report.at_least(_THRESHOLD)),
        "warnings": len(report.at_least("warning")) - len(report.at_least(_THRESHOLD)),
        "first": next((result.sentence for result in report.results), ""),
        "json": FORMATS["json"](report, _THRESHOLD),
    }
    if form in FORMATS:
        told["report"] = FORMATS[form](report, _THRESHOLD)
    return told


def main(handle: str, parent: str, root: str, files: str, *limits: str) -> None:
    """The process: `python -m` this module; limits are seconds, memory, bytes and triples."""
    end_with_parent(int(parent))
    leave_no_core()
    leave_network()
    documents.sweep(Path(root))
    channel = socket.socket(fileno=int(handle))
    seconds, memory, document, triples = limits
    bounds = Limits(float(seconds), int(memory), int(document), int(triples))
    Desk(channel, Path(root), Files(Path(files)), bounds).run()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
