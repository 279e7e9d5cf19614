"""What the tests share: the real files, and the stores built from them once a run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rskg.build import build
from rskg.dataset import load_all
from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Reader, Revisions
from tests.endpoint.contributing import small_files
from tests.endpoint.processes import surroundings
from tests.making import made_once, warmed

ROOT = Path(__file__).resolve().parent.parent

#: Tables of more bytes make a dataset of observations large.
LARGE = 200_000

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes can run the tests, they are dealt out file by file."""
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.import_plugin("tests.dealing")


@pytest.fixture(scope="session")
def files() -> Files:
    """The files of this checkout."""
    return Files(ROOT)


def large(files: Files) -> list[str]:
    """The datasets whose observations are so many that most tests do without."""
    return [
        each.slug
        for each in load_all(files.data)
        if not each.entailed and sum(t.path.stat().st_size for t in each.tables) > LARGE
    ]


@pytest.fixture(scope="session")
def store(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built once from the real files, but for the large datasets."""
    return made_once(
        tmp_path_factory, "built", lambda root: build(root, files, without=large(files))
    )


@pytest.fixture(scope="session")
def reader(store: Path, files: Files) -> Reader:
    """The built store, opened."""
    return Revisions(store, load(files.ontology).prefixes).open()


@pytest.fixture(scope="session")
def whole_store(store: Path, files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built once from all of the real files."""
    return made_once(tmp_path_factory, "whole", lambda root: build(warmed(root, store), files))


@pytest.fixture(scope="session")
def whole(whole_store: Path, files: Files) -> Reader:
    """The store of all files, opened."""
    return Revisions(whole_store, load(files.ontology).prefixes).open()


@pytest.fixture(scope="session")
def few(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The real files, but of the datasets only the countries: for tests of contributions."""
    return Files(made_once(tmp_path_factory, "few", lambda root: small_files(files, root)))


@pytest.fixture(scope="session")
def few_store(few: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built once from these few files, to be copied."""
    return made_once(tmp_path_factory, "few-built", lambda root: build(root, few))


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
            env=surroundings(environment),
        )

    return run
