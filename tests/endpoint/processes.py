"""A server as a process of its own, and the processes that it starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

PATIENCE = 60.0


def surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process: these settings, and none that another test has made.

    A server does nothing unasked there, unless they say so.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RSKG_")}
    return kept | {"RSKG_AHEAD_SECONDS": "off"} | dict(settings)


@dataclass(frozen=True)
class Served:
    """A running server: its address, its pid and where it writes its log."""

    address: str
    pid: int
    log: Path
    store: Path | str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def workers(self) -> set[int]:
        """The pids of the processes that answer queries."""
        return {worker for nursery in _children(self.pid) for worker in _children(nursery)}

    def children(self) -> set[int]:
        """The pids of the processes that the server started itself."""
        return set(_children(self.pid))

    def kill_workers(self) -> None:
        """`kill -9` for every worker there is; they are gone then."""
        killed = self.workers()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not killed & self.workers())

    def scribes(self) -> set[int]:
        """The pids of the processes that write: one, once something was written."""
        found = set()
        for pid in _children(self.pid):
            with suppress(FileNotFoundError, ProcessLookupError):
                if b"rskg.store.writes.scribe" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.add(pid)
        return found

    def ready(self) -> bool:
        """True when a worker answers."""
        try:
            return httpx.get(self.address + "/health/ready").status_code == 200
        except httpx.TransportError:
            return False


def free_port() -> int:
    """A port of this machine that nobody listens on.

    A connection to it has just been ended from its side, so for a minute the system gives it to
    nobody who asks for any port (TIME_WAIT), and only to who asks for this one.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        with socket.create_connection(free.getsockname()):
            free.accept()[0].close()
        return int(free.getsockname()[1])


@contextmanager
def served(store: Path | str, log: Path, *options: str, **settings: str) -> Iterator[Served]:
    """`rskg serve` over a store on a free port of this machine, with these settings."""
    port = free_port()
    serve = [Path(sys.executable).parent / "rskg", "serve"]
    with log.open("wb") as told:
        process = subprocess.Popen(
            [*serve, "--store", store, "--port", str(port), *options],
            env=surroundings(settings),
            stderr=told,
        )
    server = Served(f"http://127.0.0.1:{port}", process.pid, log, store)
    try:
        until(lambda: process.poll() is not None or server.ready())
        assert process.poll() is None, log.read_text()
        yield server
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; fails after a time that no machine needs."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it didn't happen in time"
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
