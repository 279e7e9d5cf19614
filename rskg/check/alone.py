"""Work on files from strangers in a process of its own: without network, with a budget, killable.

A fork after the imports costs a few milliseconds. Only what the work returns comes back, whole or
not at all. Where there is no fork, the work is done here and without a budget.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from typing import NoReturn, TypeVar

from rskg import confinement
from rskg.check.limits import RARELY, Limits
from rskg.errors import BudgetExceeded, RskgError, WorkerLost

T = TypeVar("T")
_PIECE = 1 << 20
_ADVICE = "check less at once, or raise {setting}"


def alone(work: Callable[[], T], limits: Limits, *, network: bool = False) -> T:
    """What the work returns or raises; to be called before the first thread starts.

    Raises BudgetExceeded (time, memory, stack), and WorkerLost where the process ends otherwise.
    """
    if not hasattr(os, "fork"):
        return work()
    # what the work leaves behind in files, when it is killed, goes with this folder
    with tempfile.TemporaryDirectory(prefix="rskg-") as folder:
        parent = os.getpid()
        ours, theirs = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(ours)
            if not network:
                confinement.leave_network()
            _obey(work, limits, parent, theirs, folder)
        os.close(theirs)
        return _told(_heard(child, ours, limits), limits)


def _heard(child: int, end: int, limits: Limits) -> tuple[bytes, int]:
    """All that the child says, and how it ended; it is gone when this returns or raises."""
    said, until = bytearray(), time.monotonic() + limits.seconds
    try:
        while True:
            ready, _, _ = select.select([end], [], [], max(until - time.monotonic(), 0))
            if not ready:
                advice = _ADVICE.format(setting="--timeout")
                raise BudgetExceeded("time", limits.seconds, limits.seconds, "check", advice)
            piece = os.read(end, _PIECE)
            if not piece:
                _, status = os.waitpid(child, 0)
                child = 0
                return bytes(said), status
            said += piece
    finally:
        os.close(end)
        if child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _told(heard: tuple[bytes, int], limits: Limits) -> T:  # type: ignore[type-var]
    said, status = heard
    if status != 0:
        advice = _ADVICE.format(setting="RSKG_CHECK_MEMORY")
        spent = confinement.cause_of_death(status, limits.memory, 0, "check", advice)
        raise spent or WorkerLost("the process that checked the files ended by itself")
    outcome, value = pickle.loads(said)  # noqa: S301  (written by our own code, in our own fork)
    if outcome == "returned":
        returned: T = value
        return returned
    kind, arguments, state = value
    raise _error(kind, arguments, state)


def _obey(
    work: Callable[[], object], limits: Limits, parent: int, end: int, folder: str
) -> NoReturn:
    """The child: confined first, it does the work, tells, and never returns."""
    code = confinement.OUT_OF_MEMORY
    try:
        confinement.end_with_parent(parent)
        confinement.leave_no_core()
        confinement.share_heaps()
        confinement.bound_memory(int(limits.memory))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.set_threshold(*RARELY)
        tempfile.tempdir = folder
        words = os.dup(2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what breaks is told in our words
        said = pickle.dumps(_outcome(work, words))
        with os.fdopen(end, "wb") as out:
            out.write(said)
        code = 0
    except BrokenPipeError:
        code = 1
    finally:
        os._exit(code)


def _outcome(work: Callable[[], object], words: int) -> tuple[str, object]:
    try:
        return ("returned", work())
    except RskgError as error:
        return ("raised", (type(error), error.args, error.__dict__))
    except Exception as error:  # noqa: BLE001  (a fault of ours is told by the parent, as its own)
        if confinement.out_of_memory(error):
            os._exit(confinement.OUT_OF_MEMORY)
        return _failure(error, words)


def _failure(error: Exception, words: int) -> tuple[str, object]:
    os.write(words, traceback.format_exc().encode(errors="replace"))
    return ("raised", (WorkerLost, (f"internal failure: {error!r}; please report it",), {}))


def _error(kind: type[RskgError], arguments: tuple[object, ...], state: object) -> RskgError:
    """The error again, whatever its constructor takes."""
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state if isinstance(state, dict) else {})
    return error
