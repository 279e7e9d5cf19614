"""Engines of others, started from nothing: the oxigraph server and Virtuoso."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from rskg.store.engines import Login
from tests.endpoint.processes import free_port, until

VIRTUOSO = shutil.which("virtuoso-t")
_OXIGRAPH = Path(sys.executable).with_name("oxigraph")
_PATIENCE = 120
_INI = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{server}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 6
[SPARQL]
ResultSetMaxRows = {rows}
"""


@dataclass
class Peer:
    """A running engine: the address that rskg is given, and who may write."""

    address: str
    login: Login | None
    process: subprocess.Popen[bytes]
    #: Where Virtuoso's own language is spoken.
    server: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """How a command is told who asks and writes."""
        if self.login is None:
            return {}
        user, password = self.login
        return {"RSKG_ENGINE_USER": user, "RSKG_ENGINE_PASSWORD": password}

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def until_busy(self) -> None:
        """Wait until it has computed for a while."""
        begun = self._ticks()
        until(lambda: self._ticks() > begun + 50)

    def _ticks(self) -> int:
        told = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(told[11]) + int(told[12])

    def reader(self) -> Login:
        """Somebody who may ask Virtuoso, and not write."""
        told = "DB.DBA.USER_CREATE('reader', 'secret'); GRANT SPARQL_SELECT TO \"reader\";"
        command = ["isql-vt", f"127.0.0.1:{self.server}", "dba", "dba", f"exec={told}"]
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)
        return Login("reader", "secret")


@contextmanager
def oxigraph(folder: Path, port: int | None = None, mode: str = "serve") -> Iterator[Peer]:
    """The native oxigraph server over a folder."""
    folder.mkdir(exist_ok=True)
    port = port or free_port()
    command = [str(_OXIGRAPH), mode, "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/") as process:
        yield Peer(f"sparql+http://127.0.0.1:{port}", None, process)


@contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000, buffers: int = 20_000) -> Iterator[Peer]:
    """Virtuoso over a folder, with a configuration, ports and `buffers` pages of its own."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    server = free_port()
    pages = {"buffers": buffers, "dirty": buffers * 3 // 4}
    (folder / "v.ini").write_text(_INI.format(server=server, http=port, rows=rows, **pages))
    command = [str(VIRTUOSO), "+foreground", "+configfile", "v.ini"]
    with _running(command, folder, f"http://127.0.0.1:{port}/sparql") as process:
        yield Peer(f"sparql+http://127.0.0.1:{port}", Login("dba", "dba"), process, server)


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder.parent / f"{folder.name}.out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
        try:
            _wait(process, address, Path(out.name))
            yield process
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, out: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, out.read_text(errors="replace")
        try:
            httpx.get(address, timeout=5)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} never answered: {out.read_text(errors='replace')}")
