"""Part of an answer is an error, whatever the status says."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rskg.client.remote import RemoteSource
from rskg.errors import BudgetExceeded, EndpointFailed, PartialAnswer
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.engines import connected, profiles
from rskg.store.engines.filling import rows_of
from rskg.store.partial import SIGNS
from tests.conftest import Run
from tests.endpoint.contributing import site
from tests.engines import peers

ROWS = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}]}}'
JSON = "Content-Type: application/sparql-results+json"


@contextmanager
def saying(answer: bytes, after: float = 0.0) -> Iterator[str]:
    """A host that gives every request the same bytes after so many seconds, and then closes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    connection.recv(1 << 16)
                    time.sleep(after)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"sparql+http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            ended.set()
            thread.join()


def http(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", ""))
    return head.encode() + body


def ask(address: str, profile: str = "virtuoso", **budget: float) -> bytes:
    with connected(f"{address}?profile={profile}") as engine:
        asked = Ask("SELECT ?n WHERE { ?s ?p ?n }", format_name="tsv", default_graphs=("urn:x",))
        return engine.answer(asked, Budget(**budget)).body  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "sign"),
    [
        (http(ROWS, JSON, status="206 Partial Content"), "HTTP 206"),
        (http(ROWS, JSON, "X-SQL-State: S1T00", "X-SQL-Message: interrupted"), "interrupted"),
        (http(ROWS, JSON, "X-SPARQL-MaxRows: 1"), "X-SPARQL-MaxRows: 1"),
        (http(ROWS[:-9], JSON, status="500 Transaction timed out"), "HTTP 500 over rows"),
    ],
)
def test_an_engine_that_tells_so_is_believed(answer: bytes, sign: str) -> None:
    with saying(answer) as address, pytest.raises(PartialAnswer, match=sign):
        ask(address)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_believed_of_any_endpoint(sign: str, rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "site.ttl").write_text(site("here"))
    with saying(http(ROWS, JSON, f"{sign}: 7")) as address:
        place = address.removeprefix("sparql+")
        with pytest.raises(PartialAnswer, match=f"{sign}: 7"):
            RemoteSource(place).answer("SELECT ?n { ?s ?p ?n }", {})
        asked = rskg("query", "-", "--store", place, stdin="SELECT ?n { ?s ?p ?n }")
        judged = rskg("validate", "site.ttl", "--against", place)
    for told in (asked, judged):
        assert (told.returncode, told.stdout) == (5, "")
        assert f"only part of the answer ({sign}: 7)" in told.stderr


def test_what_profiles_know_as_a_sign_is_one_everywhere() -> None:
    assert {name for profile in profiles().values() for name in profile.cut} == {*SIGNS}


def test_an_engine_that_ends_at_our_time_is_out_of_time_and_before_it_has_a_limit_of_its_own() -> (
    None
):
    answer = http(ROWS, JSON, "X-SQL-State: S1TAT", "X-SQL-Message: RC...")
    with saying(answer, after=0.6) as address, pytest.raises(BudgetExceeded, match="time"):
        ask(address, seconds=1)
    with saying(answer) as address, pytest.raises(PartialAnswer, match=r"S1TAT RC.*its limits"):
        ask(address, seconds=600)


def test_an_error_s_page_is_told_in_a_line() -> None:
    page = (
        b"<!DOCTYPE HTML><html><head><title>Error 42</title></head><body>\n<h3>Error 42</h3>"
        b"<pre>No space left &amp; more\n on v.db</pre></body></html>"
    )
    with (
        saying(http(page, "Content-Type: text/html", status="500 Internal")) as address,
        pytest.raises(EndpointFailed, match=r"HTTP 500: Error 42 No space left & more on v.db$"),
    ):
        ask(address)


@pytest.mark.parametrize(
    "answer",
    [
        http(ROWS, JSON, length=len(ROWS) + 1),
        http(ROWS[:-2], JSON),
        http(ROWS[:-40], JSON),
        http(b"<html>busy</html>", "Content-Type: text/html"),
        http(b"Virtuoso S1T00 Error", status="500 Internal"),
        http(ROWS, JSON, status="204 No Content", length=0),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + f"{JSON}\r\n\r\n5\r\n".encode(),
    ],
    ids=["cut", "unclosed", "in a row", "a page", "an error", "nothing", "chunks"],
)
def test_what_breaks_off_or_is_no_table_is_an_error(answer: bytes) -> None:
    with saying(answer) as address, pytest.raises(EndpointFailed):
        ask(address)


def test_a_whole_one_is_passed_on_and_bounded() -> None:
    with saying(http(ROWS, JSON)) as address:
        assert ask(address) == b'?n\n"1"\n'
        with pytest.raises(BudgetExceeded):
            ask(address, size=20)
        with pytest.raises(BudgetExceeded):
            ask(address, rows=0)


@pytest.mark.skipif(not peers.VIRTUOSO, reason="Virtuoso is not installed")
def test_virtuosos_cap_is_an_error_for_every_form(tmp_path: Path) -> None:
    pattern = "{ GRAPH ?g { ?s ?p ?o } }"
    with (
        peers.virtuoso(tmp_path / "engine", rows=50) as peer,
        connected(peer.address, login=peer.login) as engine,
    ):
        named = ("http://www.openlinksw.com/schemas/virtrdf#",)
        for text in (f"SELECT ?s ?p ?o {pattern}", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}"):
            with pytest.raises(PartialAnswer, match="X-SPARQL-MaxRows: 50"):
                engine.answer(Ask(text, named_graphs=named), Budget())
            few = engine.answer(Ask(f"{text} LIMIT 20", named_graphs=named), Budget())
            assert few.body
        endpoint = RemoteSource(f"{peer.address.removeprefix('sparql+')}/sparql")
        for text in (f"SELECT ?s ?p ?o {pattern}", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}"):
            with pytest.raises(PartialAnswer, match="X-SPARQL-MaxRows: 50"):
                endpoint.answer(text, {})
        assert endpoint.answer(f"{text} LIMIT 20", {}).form == "graph"
        assert b"true" in engine.answer(Ask(f"ASK {pattern}", named_graphs=named), Budget()).body


def test_a_truth_is_told_in_words_and_a_text_that_looks_like_one_stays() -> None:
    kind = '"datatype":"http://www.w3.org/2001/XMLSchema#boolean"'
    text = kind.replace('"', r"\"") + r", \"value\": \"1\""
    table = f"""{{"head":{{"vars":["a","b","c","d"]}},"results":{{"bindings":[{{
      "a":{{"type":"literal",{kind},"value":"1"}}, "b":{{"type":"literal","value" : "0" , {kind}}},
      "c":{{"type":"literal",{kind},"value":"true"}}, "d":{{"type":"literal","value":"{text}"}}
    }}]}}}}"""
    values = {
        name: getattr(term, "value", None) for name, term in rows_of(table.encode())[0].items()
    }
    told = text.replace("\\", "")
    assert values == {"a": "true", "b": "false", "c": "true", "d": told}
