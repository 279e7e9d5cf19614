"""What the operating system holds a process to: no network, no orphans, bounded memory.

Each step is taken where the platform offers it; `leave_network` tells whether it worked.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from rskg.errors import BudgetExceeded

_LINUX = sys.platform == "linux"
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_PARENT_DEATH_SIGNAL = 1
_MOST_ARENAS = -8  # M_ARENA_MAX, mallopt(3)
#: The exit code of a worker whose memory ran out while Python held the reins.
OUT_OF_MEMORY = 77
_STATISTICS = Path("/proc/self/statm")


def leave_network() -> bool:
    """Move this process and its children into a network namespace without interfaces.

    True when it worked. Without privileges it takes a user namespace of its own, which some
    containers forbid. To be called before the first thread starts.
    """
    if not _LINUX:
        return False
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    return any(unshare(spaces) == 0 for spaces in (_NEW_NETWORK, _NEW_NETWORK | _NEW_USER))


def end_with_parent(parent: int) -> None:
    """End this process when `parent` ends, however that ends."""
    if _LINUX:
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def give_way() -> None:
    """Let whoever runs on a processor go on when this process wakes (SCHED_BATCH, sched(7)).

    Processes that hand each other short work would else interrupt each other at every piece of
    it. Children inherit it, threads that run already don't.
    """
    if _LINUX:
        with contextlib.suppress(OSError):  # some containers forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def leave_no_core() -> None:
    """A query that breaks its worker leaves no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def share_heaps() -> None:
    """Let threads share two heaps: glibc reserves 64 MB of addresses for each heap of its own.

    The store's threads would else use up a bound on addresses without using memory.
    """
    if _LINUX:
        with contextlib.suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_MOST_ARENAS, 2)


def bound_memory(more: int | None) -> None:
    """Let the address space grow by `more` bytes from here; None takes the bound away."""
    if not _STATISTICS.exists():
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if more is None:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        return
    pages = int(_STATISTICS.read_text().split()[0])
    limit = pages * resource.getpagesize() + more
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory was refused, be it for a thread's stack."""
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and "new thread" in str(error)
    )


def cause_of_death(
    status: int, limit: float, used: float, what: str = "query", advice: str | None = None
) -> BudgetExceeded | None:
    """The budget that a process ended for, by what waitpid says of it; None for no budget.

    `limit` and `used` are bytes of memory. The engine aborts when memory is refused and breaks
    when its input nests deeper than the stack; the system kills when all memory is gone.
    """
    out_of_memory = BudgetExceeded("memory", limit, max(used, limit), what, advice)
    if status >= 0 and os.WIFSIGNALED(status):
        ended = os.WTERMSIG(status)
        if ended in (signal.SIGABRT, signal.SIGKILL):
            return out_of_memory
        if ended in (signal.SIGSEGV, signal.SIGBUS):
            stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
            return BudgetExceeded("stack", stack, stack, what, advice and "nest it less deeply")
    if status >= 0 and os.waitstatus_to_exitcode(status) == OUT_OF_MEMORY:
        return out_of_memory
    return None


def runs(pid: int) -> bool:
    """Whether there is such a process, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
