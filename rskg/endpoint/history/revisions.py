"""The revisions over HTTP: the list, each one, what came and went between two, and its /sparql.

Links by RFC 5829 (version history, predecessor, successor), RFC 8574 (`cite-as` for a release).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.history import History
from rskg.endpoint.exchange import memento
from rskg.endpoint.history.comparison import Comparisons
from rskg.endpoint.http.negotiation import PAGE, TRIPLE_FORMATS, chosen, is_page
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.solutions import number_of
from rskg.endpoint.pages.visit import Visit, Visiting, visit_at
from rskg.endpoint.problems import PARAMETER, Problem
from rskg.endpoint.sparql.protocol import sparql
from rskg.namespaces import BASE, DCAT, DCTERMS, OWL, PROV, RDF, VOID, XSD
from rskg.store import Revision
from rskg.syntax import Format, GraphFormat, Literal, NamedNode, Triple, serialize

router = APIRouter()
#: What takes several states of the graph; comes before `router`, whose paths would match too.
among = APIRouter()
JSON = Format("json", "application/json", ())
_FORMATS = (PAGE, JSON, *TRIPLE_FORMATS)
_PREFIXES = {"dcat": DCAT, "dcterms": DCTERMS, "owl": OWL, "prov": PROV, "void": VOID, "xsd": XSD}
_LIST = NamedNode(f"{BASE}revisions")


@router.get("/revisions", summary="The revisions of the store, newest first")
async def listed(request: Request, visit: Visiting) -> Response:
    """When each was made, from what, and how large it is: a page, RDF (DCAT) or JSON."""
    revisions: History = request.app.state.revisions
    found = _all(revisions)
    form = chosen(request, _FORMATS)
    if is_page(form):
        return visit.page("revisions.html", revisions=found)
    if isinstance(form, GraphFormat):
        triples = [
            triple for each in found for triple in _described(each, visit.evaluator.current())
        ]
        return _document(visit, serialize(triples, form, _PREFIXES), form.content_type)
    return _json(visit, [_told(each) for each in found])


@among.get("/revisions/diff", summary="What came and went from one revision to another")
async def diff(request: Request, visit: Visiting) -> Response:
    """Triples by graph; terms added, retired and renamed. `from` and `to`: numbers or releases."""
    sides = [request.query_params.get(name, "").strip() for name in ("from", "to")]
    if not all(sides):
        raise Problem(PARAMETER, "A difference is `from` one revision `to` another.")
    form = chosen(request, (PAGE, JSON))
    before, after = (visit_at(request, text) for text in sides)
    comparisons: Comparisons = request.app.state.comparisons
    found = await comparisons.of(before.revision, after.revision)
    if is_page(form):
        return visit.page("revisions-diff.html", difference=found)
    return _json(visit, found)


@among.get("/revisions/timemap/{path:path}", summary="An address at every revision (RFC 7089)")
async def timemap(request: Request, visit: Visiting, path: str) -> Response:
    """The states of an address of this host in time, as a Memento TimeMap."""
    base = str(request.base_url).rstrip("/")
    original = str(request.url).removeprefix(f"{base}/revisions/timemap")
    body = memento.timemap(base, original, _all(request.app.state.revisions)[::-1])
    return _document(visit, body.encode(), memento.TIMEMAP)


@router.get("/revisions/{name}", summary="A revision, by its number or the name of a release")
async def one_revision(request: Request, name: str) -> Response:
    """What is recorded about it and the size of each graph: a page, RDF or JSON."""
    visit = visit_at(request, name)
    revisions: History = request.app.state.revisions
    told = revisions.describe(visit.revision)
    visit = visit.linking(*_relations(told, revisions.numbers()))
    form = chosen(request, _FORMATS)
    if isinstance(form, GraphFormat):
        body = serialize(_described(told, visit.evaluator.current()), form, _PREFIXES)
        return _document(visit, body, form.content_type)
    graphs = {row["graph"].text: number_of(row, "triples") for row in await visit.table("graphs")}
    if not is_page(form):
        return _json(visit, {**_told(told), "graphs": graphs})
    kept = [number for number in revisions.numbers() if number < told.number]
    return visit.page(
        "revision.html",
        told=told,
        graphs=graphs,
        before=kept[-1] if kept else None,
        citation=_iri(told).value,
        newest=visit.evaluator.current(),
    )


@router.get("/revisions/{name}/sparql", summary="SPARQL 1.1 query of one revision")
@router.post("/revisions/{name}/sparql", summary="The same by POST", name="revision_sparql_by_post")
@router.api_route("/revisions/{name}/sparql", methods=["QUERY"], include_in_schema=False)
async def revision_sparql(request: Request, name: str) -> Response:
    """What `/sparql` does, at a revision that never changes."""
    return await sparql(request, visit_at(request, name))


def _all(revisions: History) -> list[Revision]:
    return [revisions.describe(number) for number in reversed(revisions.numbers())]


def _told(revision: Revision) -> dict[str, object]:
    return {**asdict(revision), "iri": _iri(revision).value, "sparql": f"{_path(revision)}/sparql"}


def _path(revision: Revision) -> str:
    return f"/revisions/{revision.names[0] if revision.names else revision.number}"


def _iri(revision: Revision) -> NamedNode:
    return NamedNode(f"{BASE}{_path(revision)[1:]}")


def _relations(revision: Revision, kept: Sequence[int]) -> list[str]:
    """Its neighbours among the revisions that are kept."""
    older = [number for number in kept if number < revision.number]
    newer = [number for number in kept if number > revision.number]
    near = [("predecessor-version", older[-1:]), ("successor-version", newer[:1])]
    return [
        f'</revisions/{numbers[0]}>; rel="{relation}"'
        for relation, numbers in [*near, ("latest-version", kept[-1:])]
        if numbers
    ]


def _described(revision: Revision, newest: int) -> list[Triple]:
    """A revision as a version of the whole graph, in DCAT 3 and PROV-O."""
    about = NamedNode(f"{BASE}revisions/{revision.number}")
    names = [*revision.names, str(revision.number)]
    said = [
        Triple(about, NamedNode(RDF + "type"), NamedNode(DCAT + "Dataset")),
        Triple(about, NamedNode(RDF + "type"), NamedNode(PROV + "Entity")),
        Triple(_LIST, NamedNode(DCAT + "hasVersion"), about),
        Triple(about, NamedNode(DCAT + "isVersionOf"), _LIST),
        Triple(about, NamedNode(DCAT + "version"), Literal(names[0])),
        *(
            Triple(NamedNode(f"{BASE}revisions/{name}"), NamedNode(OWL + "sameAs"), about)
            for name in revision.names
        ),
        Triple(about, NamedNode(DCTERMS + "description"), Literal(revision.note)),
        Triple(
            about,
            NamedNode(DCTERMS + "created"),
            Literal(revision.made, datatype=NamedNode(XSD + "dateTime")),
        ),
    ]
    if revision.triples is not None:
        said.append(Triple(about, NamedNode(VOID + "triples"), Literal(revision.triples)))
    if revision.base is not None:
        base = NamedNode(f"{BASE}revisions/{revision.base}")
        said.append(Triple(about, NamedNode(PROV + "wasDerivedFrom"), base))
    if revision.number == newest:
        said.append(Triple(_LIST, NamedNode(DCAT + "hasCurrentVersion"), about))
    return said


def _json(visit: Visit, told: object) -> Response:
    return _document(
        visit, json.dumps(told, ensure_ascii=False, indent=1).encode(), JSON.media_type
    )


def _document(visit: Visit, body: bytes, media_type: str) -> Response:
    headers = visit.headers(digest(body, media_type))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
