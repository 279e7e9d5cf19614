"""`/reconcile`: the Reconciliation Service API 0.2, by which OpenRefine and others match tables.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
Things have the identifiers of `https://w3id.org/rskg/id/`, classes and properties those of the
ontology; whatever else the graph names has its whole IRI.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.exchange.requests import FORM, sent_type, text_of
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.solutions import number_of
from rskg.endpoint.pages.solutions import text_of as text_in
from rskg.endpoint.pages.visit import Visit, Visiting, number_parameter
from rskg.endpoint.pages.words import is_ours, local
from rskg.endpoint.pages.words import name as name_of
from rskg.endpoint.problems import MEDIA_TYPE, NOT_FOUND, PARAMETER, Problem
from rskg.endpoint.reconcile.indexes import Indexes
from rskg.endpoint.reconcile.messages import (
    BATCH,
    Told,
    extension_of,
    outer,
    queries_of,
    type_id,
)
from rskg.namespaces import TERM, THING
from rskg.reconciliation import Index, Thing, suggestions
from rskg.reconciliation.folding import folded
from rskg.settings import MAX_REQUEST_BYTES
from rskg.syntax import Literal

router = APIRouter()
#: How many suggestions, and how many properties for a class, are told at a time.
PAGE = 20
#: How large a preview is, in pixels.
WIDTH, HEIGHT = 400, 180
#: A preview is made to stand in the pages of others, which no other page of ours does.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@router.get("/reconcile", summary="Match names: the manifest, or queries in the address")
async def by_address(request: Request, visit: Visiting) -> Response:
    """The manifest; `queries=` and `extend=` hold JSON as the Reconciliation API 0.2 has it."""
    return await _answered(request, visit, list(request.query_params.multi_items()))


@router.post("/reconcile", summary="Match names: queries as a form")
async def by_form(request: Request, visit: Visiting) -> Response:
    """A form with `queries` (up to 1000 names) or `extend`, as the API has it."""
    if sent_type(request) != FORM:
        raise Problem(MEDIA_TYPE, f"Send {FORM} with a field `queries` or `extend`.")
    fields = parse_qsl(await text_of(request, MAX_REQUEST_BYTES), keep_blank_values=True)
    if not {"queries", "extend"}.intersection(dict(fields)):
        raise Problem(PARAMETER, "The form needs a field `queries` or `extend`.")
    return await _answered(request, visit, fields)


async def _answered(request: Request, visit: Visit, fields: list[tuple[str, str]]) -> Response:
    sent = dict(fields)
    if "queries" in sent:
        return _json(visit, await _matched(request, visit, sent["queries"]))
    if "extend" in sent:
        return _json(visit, await _extended(request, visit, sent["extend"]))
    return _json(visit, _manifest(request))


def _manifest(request: Request) -> dict[str, Any]:
    here = str(request.base_url).rstrip("/")
    suggest = {
        kind: {"service_url": here, "service_path": f"/reconcile/suggest/{kind}"}
        for kind in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": "rskg: responsible sourcing of minerals",
        "identifierSpace": THING,
        "schemaSpace": TERM,
        "documentation": f"{here}/",
        "serviceVersion": version("rskg"),
        "batchSize": BATCH,
        "view": {"url": f"{here}/reconcile/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{here}/reconcile/preview?id={{{{id}}}}",
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {
                "service_url": here,
                "service_path": "/reconcile/properties",
            },
            "property_settings": [],
        },
    }


async def _matched(request: Request, visit: Visit, text: str) -> dict[str, Any]:
    queries = queries_of(text)
    indexes, index = await _index(request, visit)
    client = request.client.host if request.client else ""
    found = await indexes.matches(index, list(queries.values()), client)
    told = Told(index)
    return {
        key: {"result": [told.candidate(each) for each in candidates]}
        for key, candidates in zip(queries, found, strict=True)
    }


async def _extended(request: Request, visit: Visit, text: str) -> dict[str, Any]:
    wanted = extension_of(text)
    _, index = await _index(request, visit)
    names = {iri: _property_name(iri) for iri in wanted.properties.values()}
    names.update(await visit.labels(set(names)))
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {
        id_: {property_: [] for property_ in wanted.properties} for id_ in wanted.things
    }
    if wanted.things and wanted.properties:
        by_thing = {iri: id_ for id_, iri in wanted.things.items()}
        by_property = {iri: id_ for id_, iri in wanted.properties.items()}
        query = visit.queries["reconciliation-values"]
        for place, iris in (("#THINGS#", by_thing), ("#PROPERTIES#", by_property)):
            query = query.replace(place, " ".join(f"<{iri}>" for iri in iris))
        told = Told(index)
        for row in await visit.rows(query):
            if "value" in row:
                cells = rows[by_thing[row["thing"].text]][by_property[row["property"].text]]
                cells.append(told.value(row["value"], text_in(row, "label")))
    meta = [{"id": id_, "name": names[iri]} for id_, iri in wanted.properties.items()]
    return {"meta": meta, "rows": rows}


@router.get("/reconcile/suggest/entity", summary="Things whose name begins so")
async def suggest_entity(
    request: Request, visit: Visiting, prefix: str = "", cursor: int = 0, type: str = ""
) -> Response:
    """Suggestions as the Reconciliation API 0.2 has them; `cursor` says how many to skip.

    `type`, which the API doesn't have, takes things of these classes alone, parted by commas.
    """
    _, index = await _index(request, visit)
    told = Told(index)
    direct = index.things.get(outer(prefix.strip(), THING)) if prefix.strip() else None
    found = [*([direct] if direct else []), *suggestions(index, prefix.strip())]
    if kinds := {outer(each.strip(), TERM) for each in type.split(",") if each.strip()}:
        found = [each for each in found if not kinds.isdisjoint(each.types)]
    return _json(visit, {"result": [told.entity(each) for each in _cut(found, cursor)]})


@router.get("/reconcile/suggest/type", summary="Classes by a part of their name")
async def suggest_type(
    request: Request, visit: Visiting, prefix: str = "", cursor: int = 0
) -> Response:
    """Classes that things have, the largest first; in any language."""
    _, index = await _index(request, visit)
    needle = folded(prefix)
    found = [
        iri
        for iri, _ in index.sizes.most_common()
        if needle in folded(type_id(iri))
        or any(needle in folded(each) for each, _ in index.classes[iri])
    ]
    found.sort(key=lambda iri: _distance(folded(index.class_name(iri)), needle))
    result = [{"id": type_id(iri), "name": index.class_name(iri)} for iri in _cut(found, cursor)]
    return _json(visit, {"result": result})


@router.get("/reconcile/suggest/property", summary="Properties by a part of their name")
async def suggest_property(visit: Visiting, prefix: str = "", cursor: int = 0) -> Response:
    """Properties in use, the most used first."""
    needle = folded(prefix)
    found = [
        (iri, label)
        for iri, label in (await _properties(visit)).items()
        if needle in folded(label) or needle in folded(type_id(iri))
    ]
    result = [{"id": type_id(iri), "name": label} for iri, label in _cut(found, cursor)]
    return _json(visit, {"result": result})


@router.get("/reconcile/properties", summary="Properties that things of a class have")
async def propose(request: Request, visit: Visiting, type: str = "") -> Response:
    """What to extend a table with, as the API proposes it: the most used properties first."""
    limit = number_parameter(request, "limit", PAGE, 1000)
    names = await _properties(visit)
    iri = outer(type, TERM) if type else ""
    fits = [row for row in await visit.table("completion-fits") if row["class"].text == iri]
    fits.sort(key=lambda row: -number_of(row, "number"))
    found = [row["property"].text for row in fits] if type else list(names)
    told = [
        {"id": type_id(each), "name": names.get(each, _property_name(each))}
        for each in found[:limit]
    ]
    return _json(visit, {"type": type, "limit": limit, "properties": told})


@router.get("/reconcile/preview", summary="A thing in a few lines, to stand in a frame")
async def preview(request: Request, visit: Visiting, id: str = "") -> Response:
    """A small page of what a thing is called and numbered."""
    index, thing = await _thing(request, visit, id)
    response = visit.page(
        "preview.html",
        thing=thing,
        entity=Told(index).entity(thing),
        address=_page_of(thing),
        identifiers=sorted({one for each in thing.identifiers.values() for one in each})[:6],
    )
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@router.get("/reconcile/view", summary="A thing by its identifier here: 303 to its page")
async def view(request: Request, visit: Visiting, id: str = "") -> Response:
    """Where people can read about a candidate."""
    _, thing = await _thing(request, visit, id)
    return RedirectResponse(_page_of(thing), 303)


async def _thing(request: Request, visit: Visit, id_: str) -> tuple[Index, Thing]:
    _, index = await _index(request, visit)
    thing = index.things.get(outer(id_, THING)) if id_ else None
    if thing is None:
        raise Problem(NOT_FOUND, f"Nothing here has the identifier {id_!r}.")
    return index, thing


def _page_of(thing: Thing) -> str:
    return local(thing.iri) if is_ours(thing.iri) else quote(thing.iri, safe="/:#?&=%")


async def _index(request: Request, visit: Visit) -> tuple[Indexes, Index]:
    indexes: Indexes = request.app.state.indexes
    return indexes, await indexes.of(visit)


async def _properties(visit: Visit) -> dict[str, str]:
    """The properties in use with their names, the most used first."""
    found = await visit.table("completion-properties", language=Literal("en"))
    return {
        row["term"].text: text_in(row, "label") or _property_name(row["term"].text)
        for row in found
        if "term" in row
    }


def _property_name(iri: str) -> str:
    return name_of(iri) or iri


def _distance(name: str, needle: str) -> tuple[bool, int]:
    """Names that begin so come first, the shortest before the others."""
    return not name.startswith(needle), len(name)


def _cut(found: list[Any], cursor: int) -> list[Any]:
    start = max(cursor, 0)
    return found[start : start + PAGE]


def _json(visit: Visit, told: object) -> Response:
    body = json.dumps(told).encode()  # in ASCII: what was sent may hold half a surrogate
    return Response(body, headers=visit.headers(digest(body)), media_type="application/json")
