"""A server as its own process: `rskg serve` over a store, and a client that speaks to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx
import pytest


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(store: Path, *options: str, **environment: str) -> Iterator[httpx.Client]:
    """`rskg serve --store DIR OPTIONS` until it is ready, and then until it has ended."""
    port = free_port()
    program = str(Path(sys.executable).parent / "rskg")
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [program, "serve", "--store", str(store), "--port", str(port), *options],
            stdout=subprocess.DEVNULL,
            stderr=log,
            env={**os.environ, **environment},
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                _wait(client, process, log)
                yield client
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            log.seek(0)
            pytest.fail(f"the server ended: {log.read().decode()}")
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail("the server never became ready")
