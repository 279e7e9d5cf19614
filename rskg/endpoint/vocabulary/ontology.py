"""The ontology: its page with an anchor for every term, a page a module, and the same as RDF.

Term IRIs are hash IRIs, so `/ontology` answers for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from rskg import jsonld
from rskg.endpoint.http.representation import digest
from rskg.endpoint.languages import language_of
from rskg.endpoint.pages.solutions import Table
from rskg.endpoint.pages.visit import Visit, Visiting, unknown
from rskg.endpoint.pages.words import families as families_below
from rskg.endpoint.pages.words import tail
from rskg.endpoint.problems import NOT_FOUND, Problem
from rskg.endpoint.vocabulary.authored import document, file
from rskg.endpoint.vocabulary.diagrams import drawn
from rskg.endpoint.vocabulary.modules import Module, modules
from rskg.endpoint.vocabulary.terms import Term, terms_of
from rskg.namespaces import ONTOLOGY, RDFS
from rskg.ontology import Ontology
from rskg.syntax import NamedNode

router = APIRouter()
LANGUAGES = ("en", "fr", "es", "de")


def families(ontology: Ontology) -> dict[str, str]:
    """The colour family of every class of ours, by name."""
    above: dict[str, set[str]] = defaultdict(set)
    for triple in ontology.triples:
        subject, value = triple.subject, triple.object
        if triple.predicate.value != RDFS + "subClassOf":
            continue
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            above[tail(subject.value)].add(tail(value.value))
    return families_below(above)


@router.get("/ontology", summary="The ontology: page or RDF")
async def ontology(visit: Visiting) -> Response:
    """Modules, classes and properties with labels in four languages; or the whole graph."""

    async def written() -> Mapping[str, object]:
        (schemes,) = await visit.tables("schemes")
        header = await visit.table("facts", thing=NamedNode(ONTOLOGY))
        terms, found = await _modules(visit)
        return {
            "modules": found,
            "number": len(terms),
            "schemes": schemes,
            "header": _header(header, language_of(visit.request)),
            "languages_told": LANGUAGES,
        }

    return await document(visit, "ontology", written)


@router.get("/context.jsonld", summary="The JSON-LD context: the ontology's names as keys")
async def context(visit: Visiting) -> Response:
    """What a document may name as its `@context`: here it is read without the network."""
    body = await run_in_threadpool(jsonld.context, visit.request.app.state.files)
    headers = visit.headers(digest(body))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/ld+json")


@router.get("/ontology/modules/{slug}", summary="A module of the ontology, drawn")
async def module(visit: Visiting, slug: str) -> Response:
    """A module's classes and the properties between them as a picture, and its terms."""

    async def written() -> Mapping[str, object]:
        terms, found = await _modules(visit)
        one = next((each for each in found if each.slug == slug), None)
        if one is None:
            raise Problem(NOT_FOUND, f"The ontology has no module called {slug}.")
        return {
            "module": one,
            "modules": found,
            "diagram": drawn(one, terms),
            "languages_told": LANGUAGES,
        }

    return await visit.kept("module.html", written)


@router.get("/ontology.{ending}", summary="The ontology in one format", include_in_schema=False)
async def ontology_file(visit: Visiting, ending: str) -> Response:
    """`/ontology.ttl` and its like, whatever the Accept header says."""
    return await file(visit, "ontology", ending)


@router.get("/ontology/{version}", summary="A version of the ontology")
async def version(visit: Visiting, version: str) -> Response:
    """303 to the ontology when it is the served version; older ones live in older revisions."""
    header = _header(await visit.table("facts", thing=NamedNode(ONTOLOGY)), "")
    if header.get("versionInfo") != version:
        raise unknown(f"{ONTOLOGY}/{version}")
    return RedirectResponse("/ontology", 303, {"Vary": "Accept"})


async def _modules(visit: Visit) -> tuple[Mapping[str, Term], list[Module]]:
    terms = await terms_of(visit)
    return terms, modules(terms.values(), visit.request.app.state.modules)


def _header(facts: Table, language: str) -> dict[str, str]:
    """What the ontology says of itself, by name: in a language where it does."""
    said: dict[str, str] = {}
    for wanted in ((language,), ("", "en")):
        for row in facts:
            if row["value"].language in wanted:
                said.setdefault(tail(row["property"].text), row["value"].text)
    return said
