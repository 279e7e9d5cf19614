"""A server of the tests with a client that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.endpoint.processes import served


@contextmanager
def running(store: Path, *options: str, **settings: str) -> Iterator[httpx.Client]:
    """`rskg serve --store DIR OPTIONS` until it is ready, and then until it has ended."""
    with (
        TemporaryDirectory() as folder,
        served(store, Path(folder) / "log", *options, **settings) as server,
        httpx.Client(base_url=server.address, timeout=60) as client,
    ):
        try:
            yield client
        except BaseException:
            said = (Path(folder) / "log").read_text(encoding="utf-8", errors="replace")
            print(*(line for line in said.splitlines() if not line.startswith("{")), sep="\n")
            raise
