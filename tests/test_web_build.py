"""Building what browsers run: where Node isn't there, the pages stay plain and it says why."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: What the script needs beside Node.
COMMANDS = ("dirname", "find", "id", "sed", "cat")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script and what it looks at, elsewhere."""
    (tmp_path / "rskg/endpoint/languages").mkdir(parents=True)
    (tmp_path / "web/src").mkdir(parents=True)
    shutil.copy(ROOT / "web/build.sh", tmp_path / "web/build.sh")
    return tmp_path


def build(checkout: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(checkout / "web/build.sh")],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_node_it_says_how_to_get_the_rest(checkout: Path, tmp_path: Path) -> None:
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in COMMANDS:
        found = shutil.which(name)
        assert found
        (commands / name).symlink_to(found)
    done = build(checkout, commands)
    assert done.returncode == 0, done.stderr
    assert "plain HTML" in done.stdout and "install Node.js" in done.stdout
    assert not (checkout / "rskg/endpoint/static").exists()


def test_packages_are_pinned_and_the_lock_names_no_address_of_a_registry() -> None:
    package = json.loads((ROOT / "web/package.json").read_text("utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    lock = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
