"""The access log: one line a request, and never a word of a query, a token or an address."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from rskg.endpoint.http.access_log import Entry, line, log_of_settings, network
from rskg.endpoint.http.representation import digest
from rskg.errors import UsageError
from tests.endpoint.processes import PATIENCE, served, until
from tests.stores import small_store

SECRET = "Xyzzy42Plugh"
ASKED = f'SELECT ?s {{ ?s ?p "{SECRET}" }}'
BROKEN = f'SELECT ?s {{ ?s ?p "{SECRET}" '
FORM = "application/x-www-form-urlencoded"
HEADERS = {
    "Authorization": f"Bearer {SECRET}",
    "User-Agent": SECRET,
    "Referer": f"http://{SECRET}/",
}


def entries(log: Path) -> list[dict[str, object]]:
    return [json.loads(text) for text in log.read_text().splitlines() if text.startswith("{")]


def test_no_literal_gets_into_the_log_whichever_way_it_is_sent(tmp_path: Path) -> None:
    small_store(tmp_path / "store")
    log = tmp_path / "log"
    direct = {"Content-Type": "application/sparql-query"}
    with (
        served(tmp_path / "store", log) as server,
        httpx.Client(base_url=server.address, headers=HEADERS, timeout=PATIENCE) as client,
    ):
        asked = len(entries(log))
        for query, status in ((ASKED, 200), (BROKEN, 400)):
            answers = [
                client.get("/sparql", params={"query": query}),
                client.get("/sparql", params={"query": query, "format": "csv"}),
                client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"}),
                client.head("/sparql", params={"query": query}),
                client.post("/sparql", data={"query": query}),
                client.post("/sparql", content=query, headers=direct),
                client.request("QUERY", "/sparql", content=query, headers=direct),
            ]
            assert {answer.status_code for answer in answers} == {status}
        client.post("/sparql", content=ASKED, headers={"Content-Type": f"text/{SECRET}"})
        client.get(f"/sparql?query=ASK{{}}&timeout={SECRET}")
        client.get(f"/sparql?query=ASK{{}}&default-graph-uri={SECRET}")
        client.get(f"/{SECRET}", params={"q": SECRET})
        client.get("/search", params={"q": SECRET})
        client.request(SECRET.upper(), "/sparql")
        client.get("/sparql", params={"query": f'INSERT DATA {{ <a:> <b:> "{SECRET}" }}'})
        client.request("PROPFIND", "/")  # the last one
        until(lambda: any(entry["method"] == "other" for entry in entries(log)))
        assert len(entries(log)) >= asked + 20
    text = log.read_text()
    assert SECRET.lower() not in text.lower()
    assert "127.0.0.1:" not in "".join(str(entry) for entry in entries(log))
    told = entries(log)
    of_query = [entry for entry in told if entry.get("query") == digest(ASKED)]
    assert {(entry["method"], entry["status"]) for entry in of_query} == {
        ("GET", 200),
        ("HEAD", 200),
        ("POST", 200),
        ("QUERY", 200),
    }
    for entry in of_query:
        assert (entry["route"], entry["revision"]) == ("/sparql", 1)
        assert float(str(entry["ms"])) > 0
        assert "client" not in entry
        assert (entry["bytes"] == 0) == (entry["method"] == "HEAD")


def test_the_log_can_be_switched_off(
    site: httpx.Client, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RSKG_ACCESS_LOG", "off")
    assert log_of_settings() is None
    assert site.get("/health/live").status_code == 200, "a server without a log"
    assert "/health/live" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("choice", "client"),
    [("on", None), ("network", "203.0.113.0/24"), ("client", "203.0.113.77")],
)
def test_of_the_client_it_says_what_the_operator_wants(choice: str, client: str | None) -> None:
    entry = Entry(1e9, "GET", "/", 200, 3, 0.0015, None, None, cut=True, client="203.0.113.77")
    told = json.loads(line(entry, choice))
    shown = {
        "time": "2001-09-09T01:46:40Z",
        "method": "GET",
        "route": "/",
        "status": 200,
        "bytes": 3,
        "ms": 1.5,
        "cut": True,
    }
    assert told == shown | ({"client": client} if client else {})


def test_a_network_is_told_of_an_address() -> None:
    assert network("2001:db8:1:2::7") == "2001:db8:1::/48"
    assert network("fe80::1%eth0") == "fe80::/48"
    assert network("a/unix/socket") == ""


def test_an_unknown_choice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSKG_ACCESS_LOG", "everything")
    with pytest.raises(UsageError, match="RSKG_ACCESS_LOG takes one of off, on, network, client"):
        log_of_settings()
