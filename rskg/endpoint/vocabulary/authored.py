"""The ontology and the shapes as documents to take away, as their authors wrote them.

In the store nothing is blank; but a SHACL path or an OWL restriction that has a name means
something else, so whoever loads these documents elsewhere gets the blank nodes back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, is_page, suffix_of
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.visit import Visit, unknown
from rskg.namespaces import BASE, graph
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


Written = Callable[[], Awaitable[Mapping[str, object]]]


async def document(visit: Visit, name: str, written: Written) -> Response:
    """`/NAME`: the page, with what `written` gives to its template, or the graph by Accept."""
    form = chosen(visit.request, DOCUMENT_FORMATS)
    if is_page(form):
        return await visit.kept(f"{name}.html", written)
    place = {"Content-Location": f"/{name}.{form.name}?revision={visit.revision}"}
    return await _authored(visit, name, form.name, place)


async def file(visit: Visit, name: str, ending: str) -> Response:
    """`/NAME.ttl` and its like, whatever the Accept header says; a Problem for another ending."""
    _, form = suffix_of(f"{name}.{ending}", DOCUMENT_FORMATS)
    if form is None:
        raise unknown(f"{BASE}{name}.{ending}")
    if is_page(form):
        return RedirectResponse(f"/{name}", 303)
    return await _authored(visit, name, form.name)


async def _authored(
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
