"""Long work on revisions in a process of its own, at low priority: it can be killed at any time.

python -m rskg.store.workers.chore PARENT compare ROOT BEFORE AFTER   the difference as JSON
python -m rskg.store.workers.chore PARENT compact ROOT                the new revision, or null
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

from rskg.confinement import end_with_parent, leave_no_core
from rskg.errors import BudgetExceeded, RskgError, StoreError, WorkerLost
from rskg.settings import inherited
from rskg.store.difference import difference
from rskg.store.revisions.compaction import compact as bring_together
from rskg.store.revisions.history import Revisions

_LOWEST = 19
_FAILED = 5


async def chore(act: str, root: Path, *arguments: int, seconds: float | None = None) -> object:
    """What an act gives; it ends with the task that waits for it, and after so many seconds.

    Raises BudgetExceeded, StoreError with what went wrong, or WorkerLost.
    """
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "rskg.store.workers.chore", str(os.getpid())),
        *(act, str(root), *map(str, arguments)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        env=inherited(),
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError as error:
        used = round(time.monotonic() - begun, 3)
        raise BudgetExceeded("time", seconds or 0, used) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode == _FAILED:
        raise StoreError(told.decode().strip())
    if process.returncode != 0:
        raise WorkerLost(f"the process that was to {act} revisions ended by itself")
    return json.loads(told)


def compare(root: Path, before: int, after: int) -> object:
    """The difference of two revisions as JSON has it."""
    revisions = Revisions(root)
    return asdict(difference(revisions.open(before), revisions.open(after)))


def compact(root: Path) -> object:
    """The number of the compacted revision, None when commits made it vain."""
    return bring_together(Revisions(root))


ACTS = {"compare": compare, "compact": compact}


def main() -> int:
    """Do what the arguments say; what went wrong is told where the answer would be."""
    parent, act, root, *numbers = sys.argv[1:]
    end_with_parent(int(parent))
    leave_no_core()
    os.nice(_LOWEST)
    try:
        told = json.dumps(ACTS[act](Path(root), *map(int, numbers)))  # type: ignore[operator]
    except RskgError as error:
        sys.stdout.write(str(error))
        return _FAILED
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
