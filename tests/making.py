"""What is made once a run, however many processes it has (`pytest -n 2`)."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def warmed(root: Path, store: Path) -> Path:
    """A store's folder where a build finds what another one worked out, and is quicker by that.

    Nothing else depends on it: that a build from nothing gives the same is a test of its own.
    """
    shutil.copytree(store / "cache", root / "cache", copy_function=os.link)
    return root


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
