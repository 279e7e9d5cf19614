"""The ontology and the shapes as documents to take away, as their authors wrote them.

In the store nothing is blank; but a SHACL path or an OWL restriction that has a name means
something else, so whoever loads these documents elsewhere gets the blank nodes back.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.visit import Visit
from rskg.namespaces import graph
from rskg.syntax import (
    GRAPH_FORMATS,
    GraphFormat,
    NamedNode,
    format_named,
    parse_bytes,
    serialize,
    with_blank_nodes,
)

_LINES = next(form for form in GRAPH_FORMATS if form.name == "nt")


async def authored(
    visit: Visit, name: str, form_name: str, links: Mapping[str, str] | None = None
) -> Response:
    """One of our own graphs, by name, in a graph format."""
    form = format_named(form_name, GRAPH_FORMATS) or GRAPH_FORMATS[0]
    headers = {**visit.headers(digest(visit.revision, name, form.media_type)), **(links or {})}
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    bindings = (("graph", NamedNode(graph(name))),)
    stored = await visit.answer(Ask(visit.queries["graph"], _LINES.media_type, bindings=bindings))
    prefixes = visit.request.app.state.prefixes
    body = await run_in_threadpool(_document, stored.body, form, prefixes)
    return Response(body, 200, headers, media_type=form.content_type)


def _document(lines: bytes, form: GraphFormat, prefixes: Mapping[str, str]) -> bytes:
    return serialize(with_blank_nodes(parse_bytes(lines, _LINES)), form, prefixes)
