"""The nursery: a small process that has everything loaded and forks workers in milliseconds.

It opens no store, starts no thread and listens to nobody but the server, over one socket. Its
workers inherit no socket but their own, and end when it ends; it ends when the server ends, even
by SIGKILL. Those that read a store on this machine have no network.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from importlib import import_module
from pathlib import Path

from rskg.confinement import (
    end_with_parent,
    give_way,
    leave_network,
    leave_no_core,
    share_heaps,
)
from rskg.store.revisions.history import Revisions
from rskg.store.workers.worker import Opens, Worker

#: What the supervisor asks: to bear a worker (its revision, or -1), or to bury one (its pid).
ORDER = struct.Struct("!cq")
BEAR, BURY = b"b", b"d"
#: What the nursery tells: what it did, a pid, and how the process ended (as waitpid says it).
REPORT = struct.Struct("!cqq")
READY = b"r"
#: How a process ended that was not born here.
UNKNOWN = -1
_PAUSE = 0.01
#: After a second without an order what writes columns is loaded: not while the server starts.
_CALM = 1.0
_COLUMNS = "rskg.tables"


class Nursery:
    """Bears workers and buries them; a pid is not used again before its burial was asked for."""

    def __init__(self, control: socket.socket, opens: Opens, memory: int) -> None:
        self._control = control
        self._opens = opens
        self._memory = memory
        self._living: set[int] = set()
        self._dying: set[int] = set()

    def run(self) -> None:
        """Serve until the supervisor's end closes; then no worker is left."""
        with contextlib.suppress(ConnectionError):
            self._serve()
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)

    def _serve(self) -> None:
        calm: float | None = _CALM
        while True:
            pause = _PAUSE if self._dying else calm
            ready, _, _ = select.select([self._control], [], [], pause)
            if ready and not self._obey():
                return
            for pid in list(self._dying):
                self._bury(pid)
            if calm and not ready and not self._dying:
                calm = None
                _load_columns()

    def _obey(self) -> bool:
        order, ends, _, _ = socket.recv_fds(self._control, ORDER.size, 1, socket.MSG_WAITALL)
        if len(order) < ORDER.size:
            return False
        kind, number = ORDER.unpack(order)
        if kind == BEAR:
            self._bear(ends[0], number)
        else:
            self._dying.add(number)
        return True

    def _bear(self, end: int, revision: int) -> None:
        nursery = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._control.close()
            end_with_parent(nursery)
            worker = Worker(socket.socket(fileno=end), self._opens, self._memory)
            with contextlib.suppress(ConnectionError):
                worker.run(None if revision < 0 else revision)
            os._exit(0)
        os.close(end)
        self._living.add(pid)
        self._control.sendall(REPORT.pack(BEAR, pid, 0))

    def _bury(self, pid: int) -> None:
        try:
            found, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            found, status = pid, UNKNOWN
        if found:
            self._living.discard(pid)
            self._dying.discard(pid)
            self._control.sendall(REPORT.pack(BURY, pid, status))


def _load_columns() -> None:
    """Load what writes columns, for the workers born from now on: they share its memory.

    Their first answer in columns is a fifth of a second earlier. It starts no thread: where
    libraries of it would, the nurse's settings say no.
    """
    with contextlib.suppress(ModuleNotFoundError):  # without the `frames` extra
        import_module(_COLUMNS)
    gc.freeze()  # what a collection doesn't touch stays shared


def live(handle: str, parent: str, memory: str, opens: Opens, *, apart: bool) -> None:
    """Be the nursery, with workers that open what is asked by `opens`; `apart`: without network.

    To be called before the first thread starts.
    """
    end_with_parent(int(parent))
    leave_no_core()
    share_heaps()
    give_way()
    control = socket.socket(fileno=int(handle))
    isolated = apart and leave_network()
    control.sendall(REPORT.pack(READY, os.getpid(), isolated))
    gc.freeze()  # what was loaded stays, and stays shared with the workers
    Nursery(control, opens, int(memory)).run()


def main(handle: str, parent: str, memory: str) -> None:
    """The process: `python -m` this module with HANDLE PARENT MEMORY; folder, prefixes on stdin."""
    told = json.load(sys.stdin)
    live(handle, parent, memory, Revisions(Path(told["root"]), told["prefixes"]), apart=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
