"""Requests that are made up from OpenAPI find no server error.

A part of the addresses in `make test`, all of them and more requests in `make soak`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.endpoint.contributing import Partner
from tests.endpoint.processes import surroundings
from tests.soak import FULL

PART = () if FULL else ("--include-path-regex", "^/(contributions$|contributions/.contr|datasets/)")
CHECKS = "not_a_server_error,status_code_conformance"
EXAMPLES, SECONDS = ("30", "1200") if FULL else ("2", "20")


@pytest.mark.soak
def test_no_server_error(acme: Partner, tmp_path: Path) -> None:
    command = [
        *(str(Path(sys.executable).parent / "st"), "run", f"{acme.client.base_url}/openapi.json"),
        *("--checks", CHECKS, "--phases", "fuzzing", "--continue-on-failure"),
        *("-n", EXAMPLES, "--max-time", SECONDS, "--seed", "1", *PART),
        *("-H", f"Authorization: Bearer {acme.token}", "--suppress-health-check", "all"),
        *("--generation-database", "none"),
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=surroundings({})
    )
    assert "Test cases:" in done.stdout, done.stdout + done.stderr
    assert "Server error" not in done.stdout, done.stdout
    assert "Undocumented status code" not in done.stdout, done.stdout


def test_each_operation_says_how_it_tells_problems(acme: Partner) -> None:
    told = acme.client.get("/openapi.json").json()
    assert told == acme.client.get("/openapi.json").json()
    operations = [one for item in told["paths"].values() for one in item.values()]
    assert len(operations) > 100
    for one in operations:
        content = one["responses"]["default"]["content"]
        assert list(content) == ["application/problem+json"], one["operationId"]
    assert "HTTPValidationError" not in str(told)
    wrong = acme.client.get("/datasets/nothing", headers={"Accept": "application/json"}).json()
    assert set(told["components"]["schemas"]["Problem"]["required"]) <= set(wrong)


@pytest.mark.parametrize(
    "path", ["/datasets/", "/dataset/", "/graph/", "/id/site/", "/contributions/"]
)
@pytest.mark.parametrize("name", ["a b", "<x>", "\x9e", '"}', "a\\b", "%", "\U000f0000"])
def test_what_can_be_no_iri_is_not_there(desk: httpx.Client, path: str, name: str) -> None:
    for ending in ("", ".nt"):
        told = desk.get(path + quote(name, safe="") + ending, follow_redirects=True)
        assert told.status_code == 404, told.text
