"""The MCP server as the SDK's own client sees it, over standard input and over HTTP."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import TextContent, TextResourceContents

from rskg.mcp.graph import Told
from rskg.mcp.telling import said
from tests.conftest import ROOT, Run
from tests.endpoint.processes import surroundings, until
from tests.endpoint.servers import running

TOOLS = {"query", "find", "describe", "questions", "ask", "validate"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
VALID = (ROOT / "examples" / "adoption" / "valid.ttl").read_text(encoding="utf-8")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def talk(server: str | StdioServerParameters, walk: Callable[[Client], Awaitable[None]]) -> None:
    """Have a client of the SDK walk with a server."""

    async def walked() -> None:
        async with asyncio.timeout(120), Client(server) as client:
            await walk(client)

    asyncio.run(walked())


def by_pipe(store: Path | str) -> StdioServerParameters:
    return StdioServerParameters(
        command=str(Path(sys.executable).parent / "rskg"),
        args=["mcp", "--store", str(store)],
        env=surroundings({"RSKG_QUERY_SECONDS": "2"}),
    )


async def told(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says; it must not fail."""
    result = await client.call_tool(tool, arguments)
    assert isinstance(result.content[0], TextContent)
    assert not result.is_error, result.content[0].text
    return result.content[0].text


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says when it fails, as it must."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


async def walk(client: Client) -> None:
    """Everything that a machine does here, over whatever carries it."""
    assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
    await queries(client)
    assert "(line 1) (column " in await refused(client, "query", sparql="SELECT nonsense")
    assert "refused" in await refused(client, "query", sparql="DELETE WHERE { ?s ?p ?o }")
    found = await told(client, "find", text="irma standard")
    iri = next(line for line in found.splitlines() if "/id/process/" in line).split("\t")[0]
    described = await told(client, "describe", thing=iri)
    assert described == await told(client, "describe", thing=iri.partition("/id/")[2])
    assert "# The statements behind it" in described
    statements = described.partition("# The statements behind it")[2]
    assert "id/statement/" in statements
    assert "id/confidence/" in statements
    assert "find" in await refused(client, "describe", thing="actor/no-such-thing")
    await questions(client)
    await revisions(client)
    await documents(client)


async def revisions(client: Client) -> None:
    """Each tool that asks the graph asks any of its states."""
    calls: list[tuple[str, dict[str, Any]]] = [
        ("query", {"sparql": "ASK {}"}),
        ("describe", {"thing": "confidence/high"}),
        ("ask", {"name": "voice-by-stage"}),
        ("find", {"text": "irma"}),
    ]
    for tool, arguments in calls:
        newest = await told(client, tool, **arguments)
        assert await told(client, tool, **arguments, revision=1) == newest
        assert await told(client, tool, **arguments, revision="1") == newest
        for none in (7, "no-such-release"):
            wrong = await refused(client, tool, **arguments, revision=none)
            assert str(none) in wrong
            assert "no revision" in wrong


async def queries(client: Client) -> None:
    some = "SELECT ?actor { ?actor a rskg:Company } ORDER BY ?actor LIMIT 7"
    whole = await told(client, "query", sparql=some)
    assert whole.startswith("Complete: all 7 rows, at revision 1.")
    assert len(whole.strip().splitlines()) == 2 + 1 + 7
    part = await told(client, "query", sparql=some, rows=3)
    assert part.startswith("Not complete: the first 3 of 7 rows, at revision 1;")
    assert len(part.strip().splitlines()) == 2 + 1 + 3
    none = await told(client, "query", sparql="SELECT ?x { ?x a <urn:nothing> }")
    assert none.startswith("Complete: there are no rows")
    truth = await told(client, "query", sparql="ASK { ?actor a rskg:Company }")
    assert truth.startswith("Complete: the answer is true")
    graph = await told(client, "query", sparql="CONSTRUCT WHERE { ?a a rskg:Company } LIMIT 2")
    assert graph.startswith("Complete: all 2 lines of triples")


async def questions(client: Client) -> None:
    assert "- voice-by-stage: " in await told(client, "questions")
    few = await told(client, "questions", text="voice stage")
    assert "- voice-by-stage: " in few
    assert "- uptake-by-instrument: " not in few
    asked = await told(client, "ask", name="voice-by-stage")
    assert "Complete: all 9 rows" in asked
    assert "Limits: " in asked
    assert "`questions`" in await refused(client, "ask", name="no-such-question")
    wrong = await refused(client, "ask", name="voice-by-stage", parameters={"nonsense": "1"})
    assert "has no parameter nonsense" in wrong


async def documents(client: Client) -> None:
    good = await told(client, "validate", document=VALID)
    assert "conforms" in good.lower()
    bad = await told(client, "validate", document=VALID.replace("rskg:adoptedProcess", "rskg:no"))
    assert "adoptedProcess" in bad
    assert "line 1" in await refused(client, "validate", document="this is not Turtle", shapes="")
    resources = {str(each.uri): each for each in (await client.list_resources()).resources}
    for uri, path in {
        "rskg://ontology/rskg.ttl": ROOT / "ontology" / "rskg.ttl",
        "rskg://shapes/adoption.ttl": ROOT / "shapes" / "adoption.ttl",
    }.items():
        assert uri in resources
        (content,) = (await client.read_resource(uri)).contents
        assert isinstance(content, TextResourceContents)
        assert content.text == path.read_text(encoding="utf-8")


def test_over_standard_input_from_a_store(store: Path) -> None:
    talk(by_pipe(store), walk)


def test_over_http(real_site: httpx.Client) -> None:
    talk(f"{str(real_site.base_url).rstrip('/')}/mcp", walk)


def test_over_standard_input_from_an_endpoint(real_site: httpx.Client) -> None:
    async def some(client: Client) -> None:
        await queries(client)
        assert "does not parse" in await refused(client, "query", sparql="SELECT nonsense")
        assert "/id/process/" in await told(client, "find", text="irma standard")

    talk(by_pipe(f"{str(real_site.base_url).rstrip('/')}/sparql"), some)


def test_a_query_past_its_budget_gives_no_part_of_an_answer(store: Path) -> None:
    async def stopped(client: Client) -> None:
        assert "time budget" in await refused(client, "query", sparql=ENDLESS)
        await told(client, "query", sparql="ASK {}")

    talk(by_pipe(store), stopped)


def test_a_query_ends_with_the_client_that_asked_it(store: Path) -> None:
    asked = {"name": "query", "arguments": {"sparql": ENDLESS}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}
    with running(store, RSKG_QUERY_SECONDS="100000") as client:
        sent = client.build_request("POST", "/mcp", json=call, headers=HEADERS)
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.headers.items())
        with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as caller:
            caller.sendall(f"POST /mcp HTTP/1.1\r\n{head}\r\n".encode() + sent.read())
            until(lambda: _slow(client) == 1)
        until(lambda: _slow(client) == 0)


def _slow(client: httpx.Client) -> float:
    """How many long queries run."""
    lines = client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if 'rskg_queries{phase="slow"}' in line)


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"Host": "evil.example"}, 421, "host"),
        ({"Host": "evil.example:8000"}, 421, "host"),
        ({"Host": "127.0.0.1.evil.example"}, 421, "host"),
        ({"Origin": "https://evil.example"}, 403, "origin"),
        ({"Origin": "http://localhost.evil.example"}, 403, "origin"),
        ({"Origin": "null"}, 403, "origin"),
        ({"Content-Type": "text/plain"}, 400, "parameter"),
    ],
)
def test_hosts_and_origins_that_are_not_ours_are_refused(
    real_site: httpx.Client, headers: dict[str, str], status: int, kind: str
) -> None:
    answer = real_site.post("/mcp", json=PING, headers={**HEADERS, **headers})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(f"/problem/{kind}")


def test_our_own_origin_is_answered(real_site: httpx.Client) -> None:
    for origin in ("http://localhost:8123", str(real_site.base_url).rstrip("/")):
        answer = real_site.post("/mcp", json=PING, headers={**HEADERS, "Origin": origin})
        assert answer.status_code == 200
        assert answer.json()["result"] == {}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_are_no_streams_and_no_sessions(real_site: httpx.Client, method: str) -> None:
    answer = real_site.request(method, "/mcp", headers=HEADERS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_an_empty_store_is_an_error_in_words(rskg: Run, tmp_path: Path) -> None:
    done = rskg("mcp", "--store", tmp_path / "none")
    assert done.returncode == 5
    assert "run `rskg build` first" in done.stderr


def test_a_plain_install_says_what_to_install(store: Path, rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "mcp").mkdir()
    missing = "raise ModuleNotFoundError('No module named mcp', name='mcp')"
    (tmp_path / "mcp" / "__init__.py").write_text(missing, encoding="utf-8")
    with running(store, PYTHONPATH=str(tmp_path)) as client:
        answer = client.post("/mcp", json=PING, headers=HEADERS)
        assert answer.status_code == 501
        assert answer.json()["type"].endswith("/problem/not-installed")
        assert "rskg[mcp]" in answer.json()["detail"]
    done = rskg("mcp", "--store", store, PYTHONPATH=str(tmp_path))
    assert done.returncode == 5
    assert "rskg[mcp]" in done.stderr


def test_a_long_answer_is_told_as_a_part() -> None:
    body = b"?a\n" + b"".join(b"%d\n" % n for n in range(10)) + b"1"
    assert said(Told(body, "solutions", 3, cut=True), 100).startswith(
        "Not complete: the first 10 of more than 10 rows, at revision 3;"
    )
