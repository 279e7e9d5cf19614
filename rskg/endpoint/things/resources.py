"""Things: every minted IRI opens here, redirects to its document, and tells who says what.

The last router: paths that no other one takes are looked up in the graph as IRIs.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, is_page, suffix_of
from rskg.endpoint.pages.signposts import IRI_SIGNS, headers, of_thing
from rskg.endpoint.pages.visit import Visit, Visiting, number_parameter, unknown
from rskg.endpoint.pages.words import words
from rskg.endpoint.things.kinds import listed
from rskg.endpoint.things.kinds import sizes as kind_sizes
from rskg.endpoint.things.profiles import profile
from rskg.namespaces import BASE, thing
from rskg.syntax import Format, NamedNode

router = APIRouter()
PAGE_SIZE = 100
#: More things than these are not sorted by name.
MOST_SORTED = 2_000
ALTERNATES = tuple((form.name, form.media_type) for form in DOCUMENT_FORMATS)


@router.get("/id", summary="The kinds of things and their numbers")
async def kinds(visit: Visiting) -> Response:
    """Every kind of thing in `…/id/<kind>/…` with how many there are."""
    return visit.page("kinds.html", kinds=await visit.table("kinds"))


@router.get("/id/{kind}", summary="All things of a kind, by name")
async def things(request: Request, visit: Visiting, kind: str) -> Response:
    """The things of one kind, a hundred a page."""
    number = (await kind_sizes(visit)).get(kind, 0)
    if not number:
        raise unknown(thing(kind, ""))
    pages = -(-number // PAGE_SIZE)
    page = number_parameter(request, "page", 1, pages)
    part = f"LIMIT {PAGE_SIZE} OFFSET {(page - 1) * PAGE_SIZE}"
    name = "things" if number <= MOST_SORTED else "things-unsorted"
    return visit.page(
        "things.html",
        kind=kind,
        title=words(kind).replace("-", " "),
        number=number,
        is_sorted=number <= MOST_SORTED,
        rows=await listed(visit, name, kind, number, part),
        page_number=page,
        pages=pages,
    )


@router.get("/id/{kind}/{slug:path}", summary="A thing: 303 to its page or its RDF")
async def one_thing(request: Request, visit: Visiting, kind: str, slug: str) -> Response:
    """`.html` `.ttl` `.jsonld` `.nt` `.rdfxml` are its documents; without, 303 by Accept."""
    path = f"id/{kind}/{slug}"
    iri = _iri(path)
    if await _known(visit, iri):
        return await _redirected(request, visit, path)
    stem, form = suffix_of(path, DOCUMENT_FORMATS)
    described = _iri(stem)
    if form is None or not await _known(visit, described):
        raise unknown(described.value)
    return await _document(visit, described, form, stem)


@router.get("/{path:path}", summary="Any other IRI that the graph speaks of", name="any_iri")
async def any_iri(request: Request, visit: Visiting, path: str) -> Response:
    """Distributions, unnamed nodes and whatever else has an IRI of ours."""
    iri = _iri(path)
    form = chosen(request, DOCUMENT_FORMATS)
    stem = path
    if not await _known(visit, iri):
        stem, named = suffix_of(path, DOCUMENT_FORMATS)
        iri, form = _iri(stem), named or form
        if named is None or not await _known(visit, iri):
            raise unknown(f"{BASE}{path}")
    return await _document(visit, iri, form, stem)


def _iri(path: str) -> NamedNode:
    try:
        return NamedNode(BASE + path)
    except ValueError as error:
        raise unknown(BASE + path) from error


async def _known(visit: Visit, iri: NamedNode) -> bool:
    return bool(len(await visit.table("known", thing=iri)))


async def _redirected(request: Request, visit: Visit, path: str) -> Response:
    form = chosen(request, DOCUMENT_FORMATS)
    target = f"/{path}.{form.name}" + (f"?revision={visit.pinned}" if visit.pinned else "")
    told = visit.headers("")
    own = {name: told[name] for name in ("Vary", "Revision", "Link")}
    own["Cache-Control"] = "no-cache"
    return RedirectResponse(target, 303, own)


async def _document(visit: Visit, iri: NamedNode, form: Format, stem: str) -> Response:
    posts = await of_thing(visit, iri, stem)
    told = posts if is_page(form) else [each for each in posts if each.relation == "license"]
    visit = visit.linking(*headers(told))
    links = {"Link": _links(visit, iri.value, stem)}
    if is_page(form):
        response = visit.page(
            "thing.html", profile=await profile(visit, iri), alternates=ALTERNATES, stem=stem
        )
        response.headers["Link"] = links["Link"]
        return response
    merged = await visit.table("known-in-merge", thing=iri)
    name = "description" if len(merged) else "description-elsewhere"
    return await visit.described(name, form, links, thing=iri)


def _links(visit: Visit, iri: str, stem: str) -> str:
    """Signposting: the thing's own IRI, its other documents, its history."""
    others = [
        f'</{quote(stem)}.{name}>; rel="alternate"; type="{media_type}"'
        for name, media_type in ALTERNATES
    ]
    written = quote(iri, safe=IRI_SIGNS)
    about = [f'<{written}>; rel="describes"', f'<{written}>; rel="cite-as"']
    return ", ".join([visit.headers("")["Link"], *about, *others])
