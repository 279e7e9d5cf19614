"""What `/metrics` says, read by the library's own parser."""

from __future__ import annotations

from importlib.metadata import version

import httpx
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families as families

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(site: httpx.Client) -> Figures:
    """Each sample by its name and labels."""
    answer = site.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = {}
    for family in families(answer.text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found
            found[key] = sample.value
    return found


def more(before: Figures, after: Figures, name: str, **labels: str) -> float:
    key = (name, tuple(sorted(labels.items())))
    return after[key] - before.get(key, 0.0)


def test_requests_are_counted_by_route_and_status(site: httpx.Client) -> None:
    before = figures(site)
    for query in ("ASK { ?metrics ?p ?o }", "ASK { ?metrics ?p ?o }", "ASK { ?metrics"):
        site.get("/sparql", params={"query": query})
        site.head("/sparql", params={"query": query})
    site.get("/id/actor/nobody-of-that-name")
    after = figures(site)
    assert more(before, after, "rskg_requests_total", route="/sparql", status="2xx") == 4
    assert more(before, after, "rskg_requests_total", route="/sparql", status="4xx") == 2
    assert more(before, after, "rskg_request_seconds_count", route="/sparql") == 6
    assert more(before, after, "rskg_request_seconds_bucket", route="/sparql", le="+Inf") == 6
    assert more(before, after, "rskg_request_seconds_sum", route="/sparql") > 0
    assert more(before, after, "rskg_requests_total", route="/metrics", status="2xx") == 1
    assert more(before, after, "rskg_cache_hits_total", cache="answers") == 3
    assert more(before, after, "rskg_answers_total", ending="answered") == 2
    assert more(before, after, "rskg_answers_total", ending="query_syntax_error") == 2
    assert not any("nobody" in str(key) for key in after)


def test_the_state_of_the_server_is_told(site: httpx.Client) -> None:
    told = figures(site)
    assert told["rskg_revision", ()] == int(site.get("/health/ready").json()["revision"])
    build = (("pyoxigraph", version("pyoxigraph")), ("version", version("rskg")))
    assert told["rskg_build_info", build] == 1
    assert told["rskg_workers", ()] >= 1
    for phase in ("waiting", "fast", "slow", "resting", "sending"):
        assert told["rskg_queries", (("phase", phase),)] >= 0
    for ending in ("time", "memory", "rows", "bytes", "transfer", "overloaded", "worker_lost"):
        assert told["rskg_answers_total", (("ending", ending),)] >= 0
    assert told["rskg_cache_bytes", (("cache", "answers"),)] > 0
    assert told["rskg_transfers_cut_total", ()] >= 0


def test_openmetrics_is_there_for_whoever_asks_for_it(site: httpx.Client) -> None:
    answer = site.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert "rskg_requests" in {family.name for family in open_families(answer.text)}
