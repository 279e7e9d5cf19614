"""The server's side of the nursery: has workers born, killed and buried."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rskg.settings import inherited
from rskg.store.workers import nursery
from rskg.store.workers.channel import Channel
from rskg.store.workers.nursery import BEAR, BURY, ORDER, READY, REPORT

#: How long the nursery may take to end when the server stops, in seconds.
PATIENCE = 2.0
#: No backtraces of what a query did to its worker, and (with glibc) larger caches of freed
#: memory: a short query frees as much as it takes, and is a sixth quicker this way. What the
#: heap holds lies in large pages where the system has them: page-sized answers cost a
#: twentieth less so.
_SURROUNDINGS = {
    "RUST_BACKTRACE": "0",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # A process that forks has no threads, and a query takes one processor.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.mxfast=0:glibc.malloc.tcache_count=2000:glibc.malloc.hugetlb=1",
}


@dataclass(frozen=True)
class Household:
    """What every worker of a server shares: the module of its nursery, its memory, what it is told.

    That goes by standard input: what a process is started with, others can see.
    """

    module: str
    memory: int
    told: Mapping[str, object] = field(default_factory=dict)


def of_store(root: Path, memory: int, prefixes: Mapping[str, str]) -> Household:
    """The workers that read the revisions under a folder."""
    return Household(nursery.__name__, memory, {"root": str(root), "prefixes": dict(prefixes)})


@dataclass(frozen=True)
class Opened:
    """A nursery that was started, and our end of its socket."""

    process: subprocess.Popen[bytes]
    end: socket.socket

    def stop(self) -> None:
        """End it before anybody talks to it."""
        self.end.close()
        _ended(self.process)


class Nurse:
    """Talks to a nursery in the running loop; `lost` is called if it ends."""

    def __init__(self, started: Opened, lost: Callable[[], None]) -> None:
        self._lost = lost
        self._births: deque[Callable[[int], None]] = deque()
        self._burials: dict[int, Callable[[int], None]] = {}
        self._held = b""
        self.isolated: bool | None = None
        self._process = started.process
        self._channel = Channel(started.end, self._read, self._gone)

    def bear(self, end: socket.socket, revision: int | None, born: Callable[[int], None]) -> None:
        """Have a worker born at this end of a socket; `born` is told its pid."""
        self._births.append(born)
        order = ORDER.pack(BEAR, -1 if revision is None else revision)
        self._channel.send_with(order, end.fileno())

    def bury(self, pid: int, buried: Callable[[int], None]) -> None:
        """Have a dead worker's pid freed; `buried` is told how it ended, as waitpid says it."""
        self._burials[pid] = buried
        self._channel.send(ORDER.pack(BURY, pid))

    def stop(self) -> None:
        """End the nursery and with it every worker."""
        self._channel.close()
        _ended(self._process)

    def _read(self, piece: memoryview) -> None:
        self._held += piece
        while len(self._held) >= REPORT.size:
            report, self._held = self._held[: REPORT.size], self._held[REPORT.size :]
            self._hear(*REPORT.unpack(report))

    def _hear(self, kind: bytes, pid: int, number: int) -> None:
        if kind == BEAR:
            self._births.popleft()(pid)
        elif kind == BURY:
            self._burials.pop(pid)(number)
        elif kind == READY:
            self.isolated = bool(number)

    def _gone(self) -> None:
        self.stop()
        self._lost()


def opened(household: Household) -> Opened:
    """Start a nursery; no loop has to run yet."""
    ours, theirs = socket.socketpair()
    with theirs:
        return Opened(_start(household, theirs), ours)


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start(household: Household, theirs: socket.socket) -> subprocess.Popen[bytes]:
    handle = theirs.fileno()
    arguments = [handle, os.getpid(), household.memory]
    process = subprocess.Popen(  # noqa: S603  (our own module, our own arguments)
        [sys.executable, "-P", "-m", household.module, *map(str, arguments)],
        stdin=subprocess.PIPE,
        pass_fds=[handle],
        start_new_session=True,
        env=inherited(**_SURROUNDINGS),
    )
    if process.stdin is not None:
        with process.stdin as told:
            told.write(json.dumps(dict(household.told)).encode())
    return process
