"""Without a network: in a namespace that has loopback alone, every page and job works."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: As a user who is root there, or as root.
WAYS = (("unshare", "--map-root-user", "--net"), ("unshare", "--net"))


@pytest.mark.usefixtures("browser")
def test_server_and_browser_work_and_try_nothing_beyond_this_machine(
    store: Path, tmp_path: Path
) -> None:
    alone = namespace()
    copy = shutil.copytree(store, tmp_path / "store")
    command = [*alone, sys.executable, "-m", "tests.endpoint.browser.alone", str(copy)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["interfaces"] == ["lo"]
    assert {path for path, status in told["statuses"].items() if status != 200} == {"/nowhere"}
    assert told["troubles"] == [] and told["outside"] == []
    assert told["tried"] == 0 and told["hears"], "what is tried is counted"


def namespace() -> tuple[str, ...]:
    """The command that runs another one in a network namespace of its own."""
    reasons = []
    for way in WAYS:
        if shutil.which(way[0]) is None:
            reasons.append("util-linux's unshare is missing")
            continue
        tried = subprocess.run([*way, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return way
        reasons.append(tried.stderr.strip())
    pytest.skip(f"no network namespace can be made here: {'; '.join(reasons)}")
