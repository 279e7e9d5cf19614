"""SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, by their IRI.

`/graphs?default` and `/graphs?graph=IRI` identify a graph indirectly, any address under
`/graphs/` is the IRI of one (directly). https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.exchange.requests import absolute, bytes_of, sent_type
from rskg.endpoint.http.negotiation import TRIPLE_FORMATS, chosen
from rskg.endpoint.pages.licences import licensed
from rskg.endpoint.pages.visit import TABLE_TYPE, Visit, Visiting
from rskg.endpoint.problems import MEDIA_TYPE, NOT_FOUND, PARAMETER, Problem
from rskg.endpoint.sparql.writes import done, permit
from rskg.settings import MAX_WRITE_BYTES
from rskg.store.writes.orders import Action, Document, GraphWrite
from rskg.syntax import GraphFormat, format_named

router = APIRouter()
MULTIPART = "multipart/form-data"
_UNTYPED = ("", "application/octet-stream")


@dataclass(frozen=True)
class Target:
    """The graph that a request is about; None is the default graph."""

    graph: str | None

    @property
    def named(self) -> str:
        """How a sentence calls it."""
        return f"the graph <{self.graph}>" if self.graph else "the default graph"


def target(request: Request) -> Target | None:
    """What `default` or `graph=` names, or the address itself; None for the graph store."""
    if request.url.path != "/graphs":
        return Target(absolute("the address", str(request.url.replace(query="", fragment=""))))
    default = "default" in request.query_params
    graphs = request.query_params.getlist("graph")
    if default + len(graphs) > 1:
        raise Problem(PARAMETER, "Name one graph: `default`, or one `graph`.")
    if default:
        return Target(None)
    return Target(absolute("graph", graphs[0])) if graphs else None


@router.get("/graphs/{path:path}", summary="A graph of which this is the IRI")
async def direct(visit: Visiting, path: str) -> Response:
    """The triples of the graph whose IRI is this address, as RDF."""
    return await document(visit, target(visit.request) or Target(None))


@router.put("/graphs", summary="Replace a graph (Graph Store Protocol)")
@router.put("/graphs/{path:path}", include_in_schema=False)
async def put(request: Request) -> Response:
    """The graph holds what is sent, and nothing else; 201 when it is new."""
    permit(request)
    return await _write(request, "PUT", _needed(request))


@router.post("/graphs", summary="Add to a graph, or make one (Graph Store Protocol)")
@router.post("/graphs/{path:path}", include_in_schema=False)
async def post(request: Request) -> Response:
    """The graph holds what is sent too; without one named a new graph, told by Location."""
    permit(request)
    found = target(request)
    if found is not None:
        return await _write(request, "POST", found)
    new = str(request.url.replace(path=f"/graphs/{uuid.uuid4()}", query="", fragment=""))
    return await _write(request, "POST", Target(new), location=new)


@router.delete("/graphs", summary="Remove a graph (Graph Store Protocol)")
@router.delete("/graphs/{path:path}", include_in_schema=False)
async def delete(request: Request) -> Response:
    """The graph is there no more; the default graph is empty."""
    permit(request)
    order = GraphWrite("DELETE", _needed(request).graph)
    return await done(request, order, request.query_params.get("timeout"))


async def document(visit: Visit, wanted: Target) -> Response:
    """A graph in the format that the request chooses; a Problem when it isn't there."""
    form = chosen(visit.request, TRIPLE_FORMATS)
    if wanted.graph is None:
        pattern = "?s ?p ?o"
    else:
        pattern = f"GRAPH <{wanted.graph}> {{ ?s ?p ?o }}"
        told = await visit.answer(Ask(f"ASK {{ GRAPH <{wanted.graph}> {{}} }}", TABLE_TYPE))
        if not json.loads(told.body)["boolean"]:
            raise Problem(NOT_FOUND, f"There is no graph <{wanted.graph}>.")
    ask = Ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", form.media_type)
    visit = await licensed(visit, [wanted.graph] if wanted.graph else [])
    return await visit.document(ask, form)


def _needed(request: Request) -> Target:
    found = target(request)
    if found is None:
        raise Problem(
            PARAMETER, "Name a graph: `?default` or `?graph=IRI`.", {"parameter": "graph"}
        )
    return found


async def _write(
    request: Request, action: Action, wanted: Target, location: str | None = None
) -> Response:
    documents = await _documents(request, wanted)
    order = GraphWrite(action, wanted.graph, tuple(documents))
    return await done(request, order, request.query_params.get("timeout"), location)


async def _documents(request: Request, wanted: Target) -> list[Document]:
    base = wanted.graph or str(request.url.replace(query="", fragment=""))
    sent = sent_type(request)
    form = None if sent == MULTIPART else _form(sent)
    body = await bytes_of(request, MAX_WRITE_BYTES)
    if form is not None:
        return [Document(body, form, base)]
    return [
        Document(await file.read(), _form(_type_of(file)), base)
        for file in await _files(request, body)
    ]


async def _files(request: Request, body: bytes) -> Sequence[UploadFile]:
    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    form = await Request(request.scope, again).form()
    parts = [part for _, part in form.multi_items()]  # a name may come more than once
    files = [part for part in parts if isinstance(part, UploadFile)]
    if not files or len(files) < len(parts):
        raise Problem(MEDIA_TYPE, "Every part is a document: a file with its name and type.")
    return files


def _type_of(file: UploadFile) -> str:
    told = (file.content_type or "").partition(";")[0].strip().lower()
    return told if told not in _UNTYPED else PurePath(file.filename or "").suffix.removeprefix(".")


def _form(sent: str) -> GraphFormat:
    form = format_named(sent, TRIPLE_FORMATS)
    if form is None:
        raise Problem(
            MEDIA_TYPE,
            f"A document of type {sent or 'nothing'} isn't read here.",
            {"accepted": [*(one.media_type for one in TRIPLE_FORMATS), MULTIPART]},
        )
    return form
