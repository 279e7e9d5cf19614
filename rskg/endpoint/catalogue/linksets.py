"""The signposts of a page, and of what it leads to, as one document (RFC 9264)."""

from __future__ import annotations

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.catalogue.entries import entry
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.signposts import (
    LINKSET,
    Signpost,
    Signposts,
    linkset,
    of_catalogue,
    of_dataset,
    of_file,
    of_thing,
)
from rskg.endpoint.pages.visit import Visit, Visiting, node_of, unknown
from rskg.namespaces import BASE, dataset

router = APIRouter()


@router.get("/linkset/{path:path}", summary="The typed links of a page and of its files")
async def of_page(request: Request, visit: Visiting, path: str) -> Response:
    """Of a thing, a dataset or the catalogue, by the page's path without its ending."""
    pages = await _pages(visit, path)
    base = str(request.base_url).rstrip("/")
    body = json.dumps(linkset(base, pages), ensure_ascii=False, indent=1).encode()
    headers = visit.headers(digest(body))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=LINKSET)


async def _pages(visit: Visit, path: str) -> dict[str, Signposts]:
    """What the page and each of its documents and files lead to."""
    if path == "datasets":
        return {"/datasets": await of_catalogue(visit)}
    kind, _, slug = path.partition("/")
    if kind == "datasets":
        await entry(visit, "datasets", "dataset", dataset(slug))
        page, posts = f"/datasets/{slug}", await of_dataset(visit, slug)
    else:
        iri = node_of(BASE + path)
        if not len(await visit.table("known", thing=iri)):
            raise unknown(iri.value)
        page = f"/{path}.html"
        posts = [Signpost("cite-as", iri.value), *await of_thing(visit, iri, path)]
    files: dict[str, Signposts] = {p.target: of_file(slug) for p in posts if p.relation == "item"}
    described: dict[str, Signposts] = {
        p.target: [Signpost("describes", page, "text/html")]
        for p in posts
        if p.relation == "describedby"
    }
    return {page: posts, **files, **described}
