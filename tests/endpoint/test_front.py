"""What answers before the site is loaded, and what becomes of a site that can't be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx

from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.conftest import serving
from tests.endpoint.processes import free_port

LOADED = "import sys, rskg.cli.serve, rskg.endpoint; print(*sys.modules)"


def test_what_answers_queries_loads_without_the_site() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    loaded = set(told.stdout.split())
    assert "rskg.endpoint.front" in loaded
    assert not loaded & {"fastapi", "jinja2", "yaml", "rskg.endpoint.app", "rskg.endpoint.pages"}


def test_health_is_told_by_get_and_head_and_by_nothing_else(site: httpx.Client) -> None:
    assert site.get("/health/live").json() == {"status": "live"}
    assert site.get("/health/ready").json() == {"status": "ready", "revision": 1}
    assert site.head("/health/ready").status_code == 200
    refused = site.post("/health/ready")
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]
    assert "/health/ready" in site.get("/openapi.json").json()["paths"]


def test_a_page_of_health_is_a_problem_where_the_store_is_empty(
    toy_files: Files, tmp_path: Path
) -> None:
    with serving(Revisions(tmp_path), toy_files) as client:
        told = client.get("/health/ready", headers={"Accept": "text/html"})
        assert told.status_code == 503
        assert told.headers["content-type"].startswith("text/html")
        plain = client.get("/health/ready")
        assert plain.headers["content-type"] == "application/problem+json"
        assert client.get("/health/live").status_code == 200


def test_a_question_that_cannot_be_read_ends_the_server_with_a_sentence(
    toy_files: Files, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    (files / "queries").mkdir(parents=True)
    (files / "ontology").symlink_to(toy_files.ontology)
    (files / "queries" / "broken.rq").write_text("#+ sumary: no such key\nASK {}\n")
    store = tmp_path / "store"
    Revisions(store).amend(lambda draft: None, "empty")
    ended = subprocess.run(
        [
            Path(sys.executable).parent / "rskg",
            "serve",
            "--store",
            store,
            "--port",
            str(free_port()),
        ],
        env={**os.environ, "RSKG_FILES": str(files)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 3
    assert "broken.rq" in ended.stderr
    assert "Traceback" not in ended.stderr
