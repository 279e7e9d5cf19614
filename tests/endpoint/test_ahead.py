"""The overviews of a revision are prepared before anyone asks for them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx
import pytest

from rskg.endpoint.ahead import seconds_of_settings
from rskg.errors import UsageError
from rskg.store import Revisions
from tests.endpoint.processes import until
from tests.endpoint.servers import running

HTML = {"Accept": "text/html"}


def figure(client: httpx.Client, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def prepared(client: httpx.Client, revision: int) -> None:
    """A revision is prepared, and its overviews then ask nothing of the workers."""
    until(lambda: figure(client, "rskg_revision_prepared") == revision)
    before = figure(client, 'rskg_answers_total{ending="answered"}')
    for path in ("/", "/map", "/instruments", "/actors", "/value-chains"):
        page = client.get(path, headers=HTML)
        assert page.status_code == 200
        assert page.headers["revision"] == str(revision)
    assert figure(client, 'rskg_answers_total{ending="answered"}') == before


def test_each_revision_is_prepared_for_its_first_reader(few_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(few_store, tmp_path / "store"))
    with running(store, RSKG_AHEAD_SECONDS="10ms") as client:
        prepared(client, 1)
        Revisions(store).amend(lambda draft: None, "another")
        prepared(client, 2)


def test_nothing_is_prepared_where_that_is_not_wanted(few_store: Path, tmp_path: Path) -> None:
    with running(few_store, RSKG_AHEAD_SECONDS="off") as client:
        assert client.get("/actors", headers=HTML).status_code == 200
        assert figure(client, "rskg_revision_prepared") == 0


def test_what_is_no_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSKG_AHEAD_SECONDS", "soon")
    with pytest.raises(UsageError, match="RSKG_AHEAD_SECONDS takes seconds or off, not 'soon'"):
        seconds_of_settings()
