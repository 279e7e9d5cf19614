"""The files of docs/operate/ fit the program: its figures, its commands, its revisions."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from rskg import settings
from rskg.store import Revisions
from tests import counting
from tests.conftest import ROOT, Run
from tests.endpoint.processes import PATIENCE, Served, free_port, served, until

#: As root it is on nobody's path.
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
FOLDER = ROOT / "docs" / "operate"
QUERY = f"SELECT ?v {{ ?s ?p ?v GRAPH <{counting.GRAPH}> {{ ?s ?p ?v }} }}"


def _options(command: str) -> list[str]:
    words = shlex.split(command)
    assert words[0].endswith("/.venv/bin/rskg")
    return [word for word in words if word.startswith("--")]


def test_every_metric_of_the_dashboard_is_one_of_the_server(site: httpx.Client) -> None:
    site.get("/sparql", params={"query": "ASK { ?operated ?p ?o }"})
    told = site.get("/metrics").text
    known = {sample.name for family in families(told) for sample in family.samples}
    labels = {
        (sample.name, label)
        for f in families(told)
        for sample in f.samples
        for label in sample.labels
    }
    panels = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    assert asked
    for expression in asked:
        names = set(re.findall(r"\b(?:rskg|process)_\w+", expression))
        assert names, expression
        assert names <= known, names - known
        for by in re.findall(r"sum by \(([^)]*)\)", expression):
            assert all((name, label) in labels for name in names for label in by.split(", ")), (
                expression
            )


def test_the_unit_and_the_container_start_what_there_is(rskg: Run) -> None:
    unit = (FOLDER / "rskg.service").read_text(encoding="utf-8")
    container = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    started = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    started += [
        shlex.join(json.loads(c)) for c in re.findall(r"^CMD (.+)$", container, re.MULTILINE)
    ]
    assert len(started) == 2
    told = rskg("serve", "--help").stdout
    for command in started:
        assert shlex.split(command)[1] == "serve"
        assert all(option in told for option in _options(command))
    named = set(re.findall(r"\bRSKG_[A-Z_]+", unit + container))
    known = {
        each.variable for each in vars(settings).values() if isinstance(each, settings.Setting)
    }
    assert named <= known
    own = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".venv", ".rskg"} <= {*own}, "an image makes its own"
    made = re.findall(r"^RUN make (.+)$", container, re.MULTILINE)
    assert made
    for targets in made:
        subprocess.run(["make", "-n", *targets.split()], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.skipif(
    not shutil.which("rsync"), reason="rsync is not installed: apt-get install rsync"
)
def test_a_replica_made_while_its_source_commits_serves_whole_revisions(tmp_path: Path) -> None:
    source, replica = tmp_path / "source", tmp_path / "replica"
    revisions = Revisions(source)
    revisions.begin("bare")
    revisions.amend(counting.count, "first")
    ended = threading.Event()

    def commit() -> None:
        while not ended.is_set():
            revisions.amend(counting.count, "more")

    committing = threading.Thread(target=commit)
    seen = [_replicated(source, replica)]
    with served(replica, tmp_path / "log") as server:
        committing.start()
        try:
            for _ in range(5):
                before = revisions.current() or 0
                until(lambda before=before: (revisions.current() or 0) > before)
                seen.append(_replicated(source, replica))
                answer = _answer(server)
                assert answer.headers["revision"] == str(seen[-1])
                assert set(answer.text.split()[1:]) == {f"counter-{seen[-1]}-end"}
        finally:
            ended.set()
            committing.join()
    assert seen == sorted(set(seen))
    assert Revisions(replica).numbers() == seen
    for number in seen:
        assert {*Revisions(replica).open(number).quads()} == {*revisions.open(number).quads()}
    tables = [path.stat() for path in replica.rglob("*.sst")]
    assert len({each.st_ino for each in tables}) < len(tables)


@pytest.mark.skipif(
    not (NGINX and shutil.which("openssl")),
    reason="nginx or openssl is not installed: apt-get install nginx-light openssl",
)
def test_nginx_in_front_hands_on_what_is_whole_and_breaks_what_is_broken(
    few_store: Path, tmp_path: Path
) -> None:
    limits = {"RSKG_WHOLE_BYTES": "10000", "RSKG_QUERY_ROWS": "5000"}
    with served(few_store, tmp_path / "log", **limits) as server, _fronted(server, tmp_path) as tls:
        told = tls.get("/health/ready")
        assert (told.status_code, told.json()["status"]) == (200, "ready")
        asked = {"query": "SELECT ?s { ?s ?p ?o } LIMIT 4000", "format": "csv"}
        assert len(tls.get("/sparql", params=asked).text.splitlines()) == 4001
        with pytest.raises(httpx.RemoteProtocolError):
            tls.get("/sparql", params=asked | {"query": "SELECT ?s { ?s ?p ?o }"})


@contextmanager
def _fronted(server: Served, folder: Path) -> Iterator[httpx.Client]:
    """The shipped configuration with ports, a certificate and a server of the test."""
    made = {name: folder / f"{name}.pem" for name in ("privkey", "fullchain")}
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    request += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(made["privkey"])]
    subprocess.run([*request, "-out", str(made["fullchain"])], check=True, capture_output=True)
    port, plain = free_port(), free_port()
    site = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/letsencrypt/live/graph.example.org", str(folder))
    site = site.replace("http://127.0.0.1:8000", server.address).replace("[::]:", "127.0.0.1:")
    site = re.sub(r"^ *listen (443|80)\b.*\n", "", site, flags=re.MULTILINE)
    site = site.replace(":443", f":{port}").replace(":80;", f":{plain};")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{site} }}"
    )
    process = subprocess.Popen([str(NGINX), "-c", folder / "nginx.conf", "-p", folder])
    try:
        trusted = ssl.create_default_context(cafile=str(made["fullchain"]))
        with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted) as client:
            until(lambda: process.poll() is not None or _listens(port))
            assert process.poll() is None, (folder / "error.log").read_text()
            yield client
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def _replicated(source: Path, replica: Path) -> int:
    told = subprocess.run(
        ["sh", FOLDER / "replicate", source, replica], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return int(told.stdout.split()[1])


def _answer(server: Served) -> httpx.Response:
    """What the server says, once it has a place for us."""
    answers: list[httpx.Response] = []

    def answered() -> bool:
        params = {"query": QUERY, "format": "csv"}
        answers.append(httpx.get(server.address + "/sparql", params=params, timeout=PATIENCE))
        return answers[-1].status_code != 503

    until(answered)
    assert answers[-1].status_code == 200, answers[-1].text
    return answers[-1]
