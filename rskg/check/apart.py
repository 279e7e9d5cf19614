"""A check in a process of its own for who can't fork: a server, a program with threads.

python -m rskg.check.apart PARENT SCRAPS   the order as JSON on standard input, the report comes out

It has no network and a budget, and can be killed. What it leaves in files lies in a folder that
goes when the check has ended, however it ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from asyncio.subprocess import Process
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rskg import confinement
from rskg.check import Limits, Options, check
from rskg.check.limits import RARELY
from rskg.errors import (
    BudgetExceeded,
    DocumentTooLarge,
    InputError,
    NotAllChecked,
    NothingChecked,
    RskgError,
    ShapesError,
    WorkerLost,
)
from rskg.paths import Files
from rskg.report import FORMATS, Report
from rskg.settings import inherited

#: The largest report, in bytes.
MOST_REPORT = 50_000_000
_PREFIX = "rskg-validate-"
_SCRAPS = "scraps"
_LOWEST, _FAILED = 10, 5
_ADVICE = "check less at once"
_ERRORS = {kind.__name__: kind for kind in (NothingChecked, NotAllChecked, ShapesError, RskgError)}
#: What says where a repository's root is, and what a report would write to.
_SURROUNDINGS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "GITHUB_STEP_SUMMARY")


@dataclass(frozen=True)
class Order:
    """What to check: documents and shapes by their paths; without shapes, by ours.

    `root` is where our own files are; `report` a format of `rskg.report`, "" for the report itself.
    """

    documents: tuple[str, ...]
    shapes: tuple[str, ...]
    root: str
    report: str = "json"
    fail_on: str = "violation"


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder for what is to be checked, that goes with all that is in it."""
    path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        (path / _SCRAPS).mkdir()
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of servers that were killed before they could."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = re.match(rf"{_PREFIX}(\d+)-", path.name)
        if owner and not confinement.runs(int(owner[1])):
            shutil.rmtree(path, ignore_errors=True)


async def report(order: Order, place: Path, limits: Limits) -> bytes:
    """The report on what lies in the folder.

    Raises what `rskg.check.check` raises, BudgetExceeded, and WorkerLost.
    """
    process = await asyncio.create_subprocess_exec(
        *_command(place),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd=place,
        env={k: v for k, v in inherited().items() if k not in _SURROUNDINGS},
    )
    try:
        said = await asyncio.wait_for(_heard(process, order, limits), limits.seconds)
    except TimeoutError as error:
        raise _out_of_time(limits) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        status = await process.wait()
    return _outcome(said, status, limits)


def judged(order: Order, limits: Limits) -> Report:
    """The report on the paths of an order, from a caller that waits for it; raises the same."""
    with folder() as place:
        process = subprocess.Popen(  # noqa: S603  (our own module, by our own interpreter)
            _command(place),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=inherited(),
        )
        try:
            said, _ = process.communicate(_written(order, limits), limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise _out_of_time(limits) from error
        finally:
            process.kill()
            process.wait()
        found: Report = pickle.loads(_outcome(said, process.returncode, limits))  # noqa: S301  (ours)
        return found


def _command(place: Path) -> list[str]:
    scraps = str(place / _SCRAPS)
    return [sys.executable, "-P", "-m", "rskg.check.apart", str(os.getpid()), scraps]


def _written(order: Order, limits: Limits) -> bytes:
    return json.dumps({"order": asdict(order), "limits": asdict(limits)}).encode()


def _out_of_time(limits: Limits) -> BudgetExceeded:
    return BudgetExceeded("time", limits.seconds, limits.seconds, "check", _ADVICE)


def _outcome(said: bytes, status: int, limits: Limits) -> bytes:
    """What was said; raises what went wrong, by how the process ended."""
    if status == 0:
        return said
    if status == _FAILED:
        raise _error(json.loads(said))
    waited = -status if status < 0 else status << 8
    spent = confinement.cause_of_death(waited, limits.memory, 0, "check", _ADVICE)
    raise spent or WorkerLost("the process that checked the documents ended by itself")


async def _heard(process: Process, order: Order, limits: Limits) -> bytes:
    """All that the process says; raises BudgetExceeded for more than a report may be."""
    if process.stdin is None or process.stdout is None:
        raise WorkerLost("a process without pipes")
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(_written(order, limits))
        await process.stdin.drain()
    process.stdin.close()
    said = bytearray()
    while piece := await process.stdout.read(1 << 16):
        said += piece
        if len(said) > MOST_REPORT:
            raise BudgetExceeded("bytes", MOST_REPORT, len(said), "check", _ADVICE)
    await process.wait()
    return bytes(said)


def main() -> int:
    """Do what the order says; what went wrong is told where the report would be."""
    confinement.end_with_parent(int(sys.argv[1]))
    confinement.leave_no_core()
    confinement.share_heaps()
    confinement.leave_network()
    told = json.load(sys.stdin)
    order, limits = Order(**told["order"]), Limits(**told["limits"])
    confinement.bound_memory(limits.memory)
    gc.set_threshold(*RARELY)
    os.nice(_LOWEST)
    tempfile.tempdir = sys.argv[2]
    log = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what breaks is told in our words
    try:
        said = _report(order, limits)
    except RskgError as error:
        sys.stdout.write(json.dumps(_told(error)))
        return _FAILED
    except (MemoryError, RuntimeError) as error:
        if confinement.out_of_memory(error):
            return confinement.OUT_OF_MEMORY
        os.write(log, traceback.format_exc().encode(errors="replace"))
        return 1
    except Exception:  # noqa: BLE001  (a fault of ours: the server's log tells it)
        os.write(log, traceback.format_exc().encode(errors="replace"))
        return 1
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    return 0


def _report(order: Order, limits: Limits) -> bytes:
    files = Files(Path(order.root))
    options = Options(tuple(map(Path, order.shapes)), limits=limits)
    found = check(order.documents, files, options)
    if not order.report:
        return pickle.dumps(found)
    return FORMATS[order.report](found, order.fail_on).encode("utf-8", "replace")


def _told(error: RskgError) -> dict[str, object]:
    """An error as JSON has it: of what kind, and its parts."""
    kinds = (DocumentTooLarge, InputError, BudgetExceeded, *_ERRORS.values())
    kind = next((kind.__name__ for kind in kinds if isinstance(error, kind)), "RskgError")
    said: dict[str, object] = {"kind": kind, "sentence": str(error)}
    if isinstance(error, InputError):
        path = None if error.path is None else str(error.path)
        where = {"path": path, "line": error.line, "column": error.column}
        return said | where | {"sentence": error.reason}
    if isinstance(error, BudgetExceeded):
        return said | {"budget": error.budget, "limit": error.limit, "used": error.used}
    return said


def _error(told: dict[str, object]) -> RskgError:
    """The error again."""
    kind, sentence = str(told["kind"]), str(told["sentence"])
    if kind == "BudgetExceeded":
        limit, used = float(str(told["limit"])), float(str(told["used"]))
        return BudgetExceeded(str(told["budget"]), limit, used, "check", _ADVICE)
    if kind in _ERRORS:
        return _ERRORS[kind](sentence)
    line, column = (told[name] if isinstance(told[name], int) else None for name in _WHERE)
    path = None if told["path"] is None else str(told["path"])
    known = DocumentTooLarge if kind == "DocumentTooLarge" else InputError
    return known(sentence, path=path, line=line, column=column)  # type: ignore[arg-type]


_WHERE = ("line", "column")

if __name__ == "__main__":
    sys.exit(main())
