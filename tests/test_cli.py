"""The command line as a process: data on stdout, one sentence on stderr, the right exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from rskg.cli import COMMANDS
from rskg.paths import Files
from tests.conftest import Run
from tests.endpoint.processes import PATIENCE, free_port, until

BAD_TURTLE = "@prefix : <http://example.org/> .\n:a :b 'c .\n"
ACTOR = """@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<https://w3id.org/rskg/id/actor/example> a rskg:Company ;
    rdfs:label "Example Mining"@en ;
    rskg:actorKind <https://w3id.org/rskg/id/actor-kind/company> ;
    rskg:lei "{lei}" .
<https://w3id.org/rskg/id/statement/example> a rskg:Statement ;
    rskg:states <https://w3id.org/rskg/id/actor/example> ;
    rskg:confidence <https://w3id.org/rskg/id/confidence/high> ;
    dcterms:source <https://example.org/about> .
"""


def test_every_command_has_help(rskg: Run) -> None:
    for command in COMMANDS:
        told = rskg(command, "--help")
        assert told.returncode == 0, told.stderr
        assert "Usage: rskg" in told.stdout


def test_the_questions_are_listed_without_a_store(rskg: Run, files: Files) -> None:
    told = rskg("query", "--list")
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    assert len(lines) == len(list(files.queries.glob("*.rq")))
    assert [line.split()[1] for line in lines[:47]] == [f"Q{n:02}" for n in range(1, 48)]


def test_a_named_question_a_file_and_standard_input_are_answered(
    rskg: Run, store: Path, tmp_path: Path
) -> None:
    named = rskg("query", "standalone-instruments", "--store", store, "--format", "json")
    assert json.loads(named.stdout)["results"]["bindings"], named.stderr
    text = "SELECT (COUNT(?c) AS ?n) WHERE { ?c a rskg:Company }"
    (tmp_path / "count.rq").write_text(text)
    from_file = rskg("query", "count.rq", "--store", store, "--format", "csv")
    from_stdin = rskg("query", "-", "--store", store, "--format", "csv", stdin=text)
    assert from_file.stdout == from_stdin.stdout
    assert int(from_file.stdout.split()[1]) > 50
    table = rskg("query", "count.rq", "--store", store)
    assert "1 rows, revision 1" in table.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "sentence"),
    [
        (["query", "no-such-question"], "", 2, "there is no question and no file"),
        (["query", "-"], "SELECT * WHERE { ?s ?p", 3, "does not parse"),
        (["query", "-"], "SELECT * { SERVICE <http://x.y/> {?s ?p ?o} }", 2, "SERVICE is refused"),
        (["query", "-", "--param", "x"], "ASK {}", 2, "KEY=VALUE"),
        (["query", "-", "--format", "csv"], "ASK {}", 2, "no format for `csv`"),
        (["query", "-", "--revision", "99"], "ASK {}", 2, "no revision 99"),
        (["dump", "--format", "ttl"], "", 2, "one graph"),
        (["dump", "--graph", "http://nowhere/"], "", 2, "has no graph"),
    ],
)
def test_a_wrong_question_is_one_sentence(
    rskg: Run, store: Path, arguments: list[str], stdin: str, code: int, sentence: str
) -> None:
    told = rskg(*arguments, "--store", store, stdin=stdin)
    assert told.returncode == code
    assert sentence in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert told.stdout == ""


def test_validate_exits_by_what_it_found(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "good.ttl").write_text(ACTOR.format(lei="WZE1WSENV6JSZFK0JC28"))
    (tmp_path / "bad.ttl").write_text(ACTOR.format(lei="WZE1WSENV6JSZFK0JC29"))
    (tmp_path / "broken.ttl").write_text(BAD_TURTLE)
    (tmp_path / "other.ttl").write_text("<http://a.b/> <http://a.b/c> 1 .")
    good = rskg("validate", "good.ttl")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "shapes x 2 focus nodes" in good.stdout
    bad = rskg("validate", "bad.ttl")
    assert bad.returncode == 1
    assert "bad.ttl:8:" in bad.stdout
    flat = json.loads(rskg("validate", "bad.ttl", "--report", "json").stdout)
    assert flat["conforms"] is False
    (wrong,) = [result for result in flat["results"] if result["severity"] == "Violation"]
    assert (wrong["place"]["path"], wrong["place"]["line"]) == ("bad.ttl", 8)
    assert rskg("validate", "bad.ttl", "--fail-on", "none").returncode == 0
    assert rskg("validate").returncode == 2
    broken = rskg("validate", "broken.ttl")
    assert broken.returncode == 3
    assert broken.stderr.startswith("rskg: broken.ttl:2:")
    assert rskg("validate", "missing.ttl").returncode == 3
    nothing = rskg("validate", "other.ttl")
    assert nothing.returncode == 4
    assert "nothing was checked" in nothing.stderr
    assert rskg("validate", "other.ttl", "--allow-empty").returncode == 0
    shapeless = rskg("validate", "good.ttl", "--shapes", "other.ttl")
    assert shapeless.returncode == 4


def test_bytes_that_are_no_text_are_told(rskg: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "bytes.rq").write_bytes(b"SELECT *\n\xff\xfe")
    told = rskg("query", "bytes.rq", "--store", store)
    assert (told.returncode, told.stderr) == (
        3,
        "rskg: bytes.rq:2:1: not UTF-8 text: it has the byte 0xFF here\n",
    )
    (tmp_path / "huge.ttl").write_text(f"<a:a> <a:b> '{'x' * 17_000_000}' .")
    told = rskg("validate", "huge.ttl")
    assert told.returncode == 3
    assert len(told.stderr.splitlines()) == 1


def test_a_column_called_task_is_no_ask(rskg: Run, store: Path) -> None:
    told = rskg("query", "-", "--store", store, stdin="SELECT ?task { ?task a rskg:Tension }")
    assert told.stderr.startswith("0 rows, revision 1\n")


def test_validate_says_which_tables_it_left_out(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("id,name\n")
    (tmp_path / "good.ttl").write_text("<a:a> <a:b> <a:c> .")
    told = rskg("validate", ".", "--allow-empty")
    assert (told.returncode, told.stderr.splitlines()[0]) == (
        0,
        "not checked, no RDF documents: sites.csv",
    )
    alone = rskg("validate", "sites.csv")
    assert alone.returncode == 3
    assert "put map.rq beside it" in alone.stderr


def test_build_says_what_is_wrong_and_where(rskg: Run, files: Files, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file, not a folder")
    told = rskg("build", "--store", "store")
    assert told.returncode == 5
    assert "can't write the store" in told.stderr
    lost = rskg("build", RSKG_FILES=str(tmp_path))
    assert lost.returncode == 2
    assert "holds no ontology/ folder" in lost.stderr


def test_a_dump_is_sorted_and_the_same_twice(rskg: Run, store: Path) -> None:
    first = rskg("dump", "--store", store).stdout
    lines = first.splitlines()
    assert lines == sorted(lines)
    assert first == rskg("dump", "--store", store).stdout
    turtle = rskg(
        "dump", "--store", store, "--graph", "https://w3id.org/rskg/graph/data/actors",
        "--format", "ttl",
    )  # fmt: skip
    assert "id/actor/bhp>" in turtle.stdout


@pytest.fixture
def port() -> int:
    return free_port()


def serving(store: Path, port: int) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "rskg"), "serve", "--store", str(store)]
    return subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.PIPE)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    def ready() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=PATIENCE):
                return True
        except OSError:
            assert process.poll() is None, "the server ended"
            return False

    until(ready)


def test_serve_answers_and_a_taken_port_is_told(rskg: Run, store: Path, port: int) -> None:
    process = serving(store, port)
    try:
        wait_for(port, process)
        with urlopen(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", timeout=PATIENCE) as answer:
            assert json.load(answer)["boolean"] is True
        with urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as page:
            assert b"<!doctype html>" in page.read()[:100].lower()
        second = rskg("serve", "--store", store, "--port", str(port))
        assert second.returncode == 5
        assert f"port {port}" in second.stderr
        assert "--port" in second.stderr
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_serving_a_store_that_is_there_loads_nothing_that_builds_one() -> None:
    heavy = {"rskg.build", "rskg.gate", "rskg.mapping", "rskg.validation", "rdflib", "pyshacl"}
    code = f"import sys, rskg.cli.serve; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.stdout == "set()\n", run.stderr
