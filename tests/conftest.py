"""What the tests share: the real files, and one store built from them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rskg.build import build
from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Reader, Revisions

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def files() -> Files:
    """The files of this checkout."""
    return Files(ROOT)


@pytest.fixture(scope="session")
def store(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built once from the real files."""
    root = tmp_path_factory.mktemp("built") / "store"
    build(root, files)
    return root


@pytest.fixture(scope="session")
def reader(store: Path, files: Files) -> Reader:
    """The built store, opened."""
    return Revisions(store, load(files.ontology).prefixes).open()


@pytest.fixture
def rskg(tmp_path: Path) -> Run:
    """Run the command line as a process: `rskg("build", "--store", path)`."""

    def run(
        *arguments: str | Path, cwd: Path = tmp_path, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [str(Path(sys.executable).parent / "rskg"), *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, **environment},
        )

    return run
