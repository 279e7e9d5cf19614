"""`rskg query` asks in a process that is killed at its budget; the command says why, and ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.endpoint.processes import free_port
from tests.hostile_queries import FLOODS, NESTING, PRODUCTS
from tests.stores import GRAPH, small_store

DIGITS = " ".join(f"VALUES ?x{i} {{ 1 2 3 4 5 6 7 8 9 }}" for i in range(30))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {DIGITS} }}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    small_store(root)
    return root


@pytest.mark.parametrize(
    ("query", "budget", "options", "environment"),
    [
        (ENDLESS, "time", ["--timeout", "500ms"], {}),
        (ENDLESS, "time", [], {"RSKG_QUERY_SECONDS": "0.5"}),
        (NESTING["groups"], "stack", [], {}),
        ("SELECT * { VALUES ?x { 1 2 3 } }", "rows", [], {"RSKG_QUERY_ROWS": "2"}),
        ("SELECT * { VALUES ?x { 1 2 3 } }", "bytes", [], {"RSKG_QUERY_BYTES": "50"}),
    ],
)
def test_a_query_past_its_budget_ends_with_a_sentence(
    rskg: Run, small: Path, query: str, budget: str, options: list[str], environment: dict[str, str]
) -> None:
    told = rskg("query", "-", "--store", small, *options, stdin=query, **environment)
    assert told.returncode == 5, told.stderr
    assert f"rskg: the query was stopped at its {budget} budget" in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert told.stdout == ""


def test_a_table_shows_rows_and_other_forms_their_document(rskg: Run, small: Path) -> None:
    query = f"SELECT ?o ?none {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
    told = rskg("query", "-", "--store", small, stdin=query)
    assert told.stdout.split() == ["o", "none", "one"]
    assert told.stderr == "1 rows, revision 1\n"
    raw = rskg("query", "-", "--store", small, "--format", "json", stdin=query)
    assert json.loads(raw.stdout)["results"]["bindings"] == [
        {"o": {"type": "literal", "value": "one"}}
    ]
    graph = rskg("query", "-", "--store", small, stdin="CONSTRUCT WHERE { ?s ?p ?o }")
    assert "<http://example.org/p>" in graph.stdout
    term = rskg("query", "-", "--store", small, stdin="SELECT (<<( <a:a> <a:b> 1 )>> AS ?t) {}")
    assert "<<( a:a a:b 1 )>>" in term.stdout


def test_a_parameter_takes_a_code(rskg: Run, store: Path) -> None:
    ask = ("query", "cases-by-rule-of-law", "--store", store, "--format", "csv", "--param")
    by_code, by_name = (rskg(*ask, f"country={each}") for each in ("COD", "CD"))
    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.count("\n") == 2


def test_a_slip_at_the_command_line_is_told(rskg: Run, small: Path) -> None:
    for arguments, words in (
        (("uptake-by-instrumnt",), "did you mean uptake-by-instrument?"),
        (("open-leads", "--param", "dataset=a", "--param", "dataset=b"), "dataset is given twice"),
        (("changes-to-instruments", "--param", "kind=revized"), "did you mean revised?"),
    ):
        found = rskg("query", *arguments, "--store", small)
        assert (found.returncode, found.stdout) == (2, "")
        assert words in found.stderr


def test_a_timeout_is_a_time(rskg: Run, small: Path) -> None:
    told = rskg("query", "-", "--store", small, "--timeout", "soon", stdin="ASK {}")
    assert told.returncode == 2
    assert "30s" in told.stderr


def test_an_empty_store_is_told(rskg: Run, tmp_path: Path) -> None:
    told = rskg("query", "-", "--store", tmp_path, stdin="ASK {}")
    assert told.returncode == 5
    assert "rskg build" in told.stderr


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_an_empty_answer_says_what_is_missing(rskg: Run, small: Path, form: str) -> None:
    told = rskg("query", "stated-motives", "--store", small, "--format", form)
    assert "What is missing: No source with stated motives" in told.stderr
    assert "missing" not in told.stdout
    full = rskg("query", "standalone-instruments", "--store", small, "--format", form)
    assert "missing" not in full.stderr


def test_a_service_is_asked_when_it_is_listed(rskg: Run, small: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}/"
    query = f"SELECT ?o {{ ?s ?p ?o SERVICE <{dead}> {{ ?s ?q ?r }} }}"
    refused = rskg("query", "-", "--store", small, stdin=query)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--allow-service" in refused.stderr
    listed = ["query", "-", "--store", small, "--allow-service", dead]
    failed = rskg(*listed, stdin=query)
    assert failed.returncode == 5
    assert f"SERVICE <{dead}> failed" in failed.stderr
    silent = rskg(*listed, stdin=query.replace("SERVICE", "SERVICE SILENT"))
    assert silent.stdout.split() == ["o", "one"]


def test_hostile_queries_end_at_the_command_line_too(rskg: Run, small: Path) -> None:
    for query in (PRODUCTS["wide"], FLOODS["values-product"], NESTING["subselects"]):
        told = rskg("query", "-", "--store", small, "--timeout", "1s", stdin=query)
        assert told.returncode in (0, 5), told.stderr
        assert len(told.stderr.splitlines()) == 1
