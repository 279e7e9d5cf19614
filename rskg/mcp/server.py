"""The MCP server: tools, and the ontology and shapes as resources."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp_types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request

from rskg.endpoint.asking.evaluation import NOBODY, Caller
from rskg.endpoint.problems import Problem, problem_of
from rskg.errors import EndpointFailed, RskgError
from rskg.mcp.tools import Tools
from rskg.paths import Files

INSTRUCTIONS = """\
An open knowledge graph of responsible sourcing of minerals: actors, instruments (laws, standards, \
schemes), mitigating factors, value chains, and what is said of them with source and confidence.
Start with `questions` and `ask`: they say what their rows mean and can't mean. Else `find` a \
thing's IRI, `describe` it, and `query` by SPARQL 1.1. Each answer begins with whether it is \
complete. What isn't recorded isn't absent; an allegation is what somebody alleges. Cite the \
sources that `describe` gives; `revision` asks the graph as it was.
The default graph merges all; GRAPH ?g tells which dataset says it. Terms: PREFIX rskg: \
<https://w3id.org/rskg/ontology#>; things: https://w3id.org/rskg/id/<kind>/<slug>. The resources \
are the ontology and the shapes.
"""
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
Rows = Annotated[int, Field(ge=1, le=1000, description="the most rows to show")]
At = Annotated[
    int | str, Field(description="a revision's number or a release's name; the newest if empty")
]
Asked = Context[Any, Any]


def server(tools: Tools, files: Files) -> MCPServer[Any]:
    """The server over these tools, and the ontology and shapes of these files."""
    # else the SDK sets up a root logger of its own
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    made: MCPServer[Any] = MCPServer(
        "rskg",
        title="Responsible sourcing of minerals",
        instructions=INSTRUCTIONS,
        version=version("rskg"),
        log_level="WARNING",
    )
    _add_tools(made, tools)
    for folder in (files.ontology, files.shapes):
        for path in sorted(folder.glob("*.ttl")):
            made.add_resource(_resource(path))
    return made


def _add_tools(made: MCPServer[Any], tools: Tools) -> None:
    @made.tool(annotations=_READS, structured_output=False)
    async def query(sparql: str, ctx: Asked, rows: Rows = 100, revision: At = "") -> str:
        """Answer a SPARQL 1.1 query, read-only and within a budget, as TSV or N-Triples.

        The first line says whether the answer is complete.
        """
        with _plainly():
            return await tools.query(sparql, rows, _caller(ctx), str(revision))

    @made.tool(annotations=_READS, structured_output=False)
    async def find(
        text: str,
        language: str = "en",
        most: Annotated[int, Field(ge=1, le=50)] = 10,
        revision: At = "",
    ) -> str:
        """Find things and terms by name, abbreviation or code; slips are forgiven."""
        with _plainly():
            return await tools.find(text, language, most, str(revision))

    @made.tool(annotations=_READS, structured_output=False)
    async def describe(thing: str, ctx: Asked, revision: At = "") -> str:
        """Tell what is said of a thing and by whom: facts, ties, statements and their sources.

        `thing` is an IRI, or `kind/slug` of a thing of ours, as `actor/apple`.
        """
        with _plainly():
            return await tools.describe(thing, _caller(ctx), str(revision))

    @made.tool(annotations=_READS, structured_output=False)
    async def questions(text: str = "") -> str:
        """List the named questions, all or those that hold the words, with their parameters."""
        return tools.questions(text)

    @made.tool(annotations=_READS, structured_output=False)
    async def ask(
        name: str,
        ctx: Asked,
        parameters: Mapping[str, str] | None = None,
        rows: Rows = 100,
        revision: At = "",
    ) -> str:
        """Answer a named question, with what its rows mean and what they can't mean."""
        with _plainly():
            return await tools.ask(name, parameters or {}, rows, _caller(ctx), str(revision))

    @made.tool(annotations=_READS, structured_output=False)
    async def validate(document: str, ctx: Asked, shapes: str = "") -> str:
        """Check an RDF document (Turtle, JSON-LD, N-Triples, RDF/XML) against the shapes.

        `shapes` names one shape file; all by default. Nothing is stored.
        """
        with _plainly():
            return await tools.validate(document, shapes, _caller(ctx))


def _resource(path: Path) -> FunctionResource:
    """A file of the ontology or the shapes."""
    kind = path.parent.name
    return FunctionResource(
        uri=f"rskg://{kind}/{path.name}",
        name=f"{kind}/{path.name}",
        description=f"{kind}: {path.stem}",
        mime_type="text/turtle",
        fn=lambda: path.read_text("utf-8"),
    )


@contextmanager
def _plainly() -> Iterator[None]:
    """An error of ours as a sentence that the machine reads."""
    try:
        yield
    except EndpointFailed as error:
        raise ToolError(f"No answer: {error}") from error
    except (Problem, RskgError) as error:
        problem = error if isinstance(error, Problem) else problem_of(error)
        where = "".join(f" ({n} {problem.extra[n]})" for n in _WHERE if n in problem.extra)
        raise ToolError(f"No answer: {problem.detail}{where}") from error


_WHERE = ("line", "column", "offered")


def _caller(ctx: Asked) -> Caller:
    """Who asks, over HTTP: queries of one client wait for each other, and end when it is gone."""
    request = ctx.request_context.request
    if not isinstance(request, Request) or request.client is None:
        return NOBODY

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return Caller(request.client.host, None, gone)
