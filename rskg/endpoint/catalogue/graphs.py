"""Named graphs: the list with sizes, each graph as a page and as RDF, and well-known places."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.catalogue.entries import entry
from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, is_page, wants_page
from rskg.endpoint.pages.licences import licensed
from rskg.endpoint.pages.solutions import number_of
from rskg.endpoint.pages.visit import Visiting, node_of, number_parameter
from rskg.endpoint.pages.words import tail
from rskg.endpoint.sparql import graph_store
from rskg.namespaces import GRAPH, graph
from rskg.syntax import NamedNode

router = APIRouter()
PAGE_SIZE = 200
#: Larger graphs are shown in the order of the index, which stays the same within a revision.
MOST_SORTED = 20_000
MEANINGS = {
    "ontology": "modules, alignments and external terms",
    "inferred": "what follows from the ontology and the datasets, and only that",
    "provenance": "who says what: every graph's source, licence and checksum",
    "shapes": "what must hold: the SHACL shapes",
    "queries": "the questions as executable queries",
    "statistics": "VoID: how much of what the default graph holds",
}


@router.get("/graphs", summary="The named graphs and their sizes; one of them as RDF")
async def graphs(visit: Visiting) -> Response:
    """Every named graph with its number of triples; with `default` or `graph=` one of them."""
    wanted = graph_store.target(visit.request)
    if wanted is not None:
        return await graph_store.document(visit, wanted)
    found, licences = await visit.tables("graphs", "licences")
    licence = {row["graph"].text: row["licence"].text for row in licences}
    rows = [
        {
            "iri": row["graph"].text,
            "name": row["graph"].text.removeprefix(GRAPH),
            "triples": number_of(row, "triples"),
            "licence": licence.get(row["graph"].text, ""),
            "meaning": MEANINGS.get(tail(row["graph"].text), ""),
        }
        for row in found
    ]
    most = max((number_of(row, "triples") for row in found), default=1)
    return visit.page("graphs.html", graphs=rows, most=most)


@router.get("/graph/{name:path}", summary="A named graph")
async def one_graph(request: Request, visit: Visiting, name: str) -> Response:
    """The triples of a named graph: on pages of 200, or whole as RDF."""
    iri = node_of(graph(name))
    found = await entry(visit, "graphs", "graph", iri.value)
    form = chosen(request, DOCUMENT_FORMATS)
    visit = await licensed(visit, [iri.value])
    if not is_page(form):
        return await visit.described("graph", form, graph=iri)
    triples = number_of(found, "triples")
    page = number_parameter(request, "page", 1, max(1, -(-triples // PAGE_SIZE)))
    order = "ORDER BY ?subject ?property ?value" if triples <= MOST_SORTED else ""
    part = f"{order} LIMIT {PAGE_SIZE} OFFSET {(page - 1) * PAGE_SIZE}"
    text = visit.queries["graph-page"] + part
    return visit.page(
        "graph.html",
        iri=iri.value,
        name=name,
        meaning=MEANINGS.get(name, ""),
        licences=[row for row in await visit.table("licences") if row["graph"].text == iri.value],
        triples=triples,
        rows=await visit.rows(text, graph=iri),
        page_number=page,
        pages=-(-triples // PAGE_SIZE),
    )


@router.get("/.well-known/void", summary="VoID: what the graph holds")
async def void(request: Request) -> Response:
    """303 to the statistics graph, as a page or as RDF."""
    path = (
        "/graph/statistics" if not request.url.query else f"/graph/statistics?{request.url.query}"
    )
    return RedirectResponse(path, 303, {"Vary": "Accept"})


@router.get("/.well-known/sparql-examples", summary="The questions as sh:SPARQLExecutable")
async def examples(request: Request, visit: Visiting) -> Response:
    """The graph of questions as RDF, for editors that look here; a page for people."""
    if wants_page(request):
        return RedirectResponse("/queries", 303, {"Vary": "Accept"})
    form = chosen(request, DOCUMENT_FORMATS[1:])
    return await visit.described("graph", form, graph=NamedNode(graph("queries")))
