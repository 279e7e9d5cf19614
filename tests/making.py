"""What is made once a run, however many processes it has (`pytest -n 2`)."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first process in need of it makes, and all of them read.

    `make` puts everything into the folder that it is given; what is in it may not change later.
    """
    base = factory.getbasetemp()
    if base.name.startswith("popen-"):  # one of several processes: their folders lie in the run's
        base = base.parent
    folder, done = base / name, base / f"{name}.done"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
