"""Datasets: who publishes what, under which licence, how much of it, with what confidence."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from hashlib import sha256

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.catalogue.entries import entry
from rskg.endpoint.contributions.contributed import known
from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, is_page
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.signposts import headers, of_catalogue, of_dataset, of_file
from rskg.endpoint.pages.solutions import Row, Table, number_of, text_of
from rskg.endpoint.pages.visit import Visit, Visiting, node_of
from rskg.endpoint.pages.words import tail
from rskg.endpoint.problems import NOT_FOUND, Problem
from rskg.namespaces import BASE, GRAPH, dataset, graph
from rskg.syntax import NT, NamedNode

router = APIRouter()
LEVELS = ("high", "medium")


@router.get("/datasets", summary="The datasets, with publisher, licence and size")
async def datasets(request: Request, visit: Visiting) -> Response:
    """A table of all datasets; as RDF the catalogue with every description."""
    form = chosen(request, DOCUMENT_FORMATS)
    if not is_page(form):
        return await visit.described("graph", form, graph=NamedNode(graph("provenance")))
    visit = visit.linking(*headers(await of_catalogue(visit)))
    found, sizes, confidence = await visit.tables("datasets", "graphs", "confidence")
    rows = [
        {
            "dataset": row["dataset"].text,
            "title": text_of(row, "title"),
            "description": text_of(row, "description"),
            "publisher": text_of(row, "publisher"),
            "licence": text_of(row, "licence"),
            "source": text_of(row, "source"),
            "modified": text_of(row, "modified"),
            "triples": size_of(sizes, tail(row["dataset"].text)),
            "confidence": confidence_of(confidence, tail(row["dataset"].text)),
        }
        for row in found
    ]
    return visit.page("datasets.html", datasets=rows)


@router.get("/datasets/{slug}.nt", summary="A dataset's graph as one file of N-Triples")
async def dump(visit: Visiting, slug: str) -> Response:
    """All of its triples; size and checksum, before any content coding, are in the catalogue."""
    file = await _file(visit, slug, f"{slug}.nt")
    visit = _licensed(visit, file, slug)
    return await visit.described("graph", NT, graph=node_of(graph(f"data/{slug}")))


@router.get("/datasets/{slug}/{name}.csv", summary="A table of a dataset, as it was built from")
async def csv_table(request: Request, visit: Visiting, slug: str, name: str) -> Response:
    """The file itself; 404 where it isn't any more what this revision was built from."""
    file = await _file(visit, slug, f"{slug}/{name}.csv")
    checksum = file["checksum"].text
    path = request.app.state.files.data / slug / f"{name}.csv"
    content = await asyncio.to_thread(path.read_bytes) if path.is_file() else b""
    if sha256(content).hexdigest() != checksum:
        raise Problem(
            NOT_FOUND,
            f"The table that revision {visit.revision} was built from isn't here any more.",
        )
    headers = _licensed(visit, file, slug).headers(digest(checksum))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


@router.get("/datasets/{slug}", summary="A dataset: description, size, contents")
async def one_dataset(request: Request, visit: Visiting, slug: str) -> Response:
    """The page of one dataset; as RDF its DCAT description."""
    iri = node_of(dataset(slug))
    summary = await entry(visit, "datasets", "dataset", iri.value)
    form = chosen(request, DOCUMENT_FORMATS)
    if not is_page(form):
        return await visit.described("dataset-description", form, thing=iri)
    return await _page(visit.linking(*headers(await of_dataset(visit, slug))), slug, iri, summary)


@router.get("/dataset/{slug}", summary="The IRI of a dataset")
async def dataset_iri(visit: Visiting, slug: str) -> Response:
    """303 to the dataset's page; the whole graph's IRI leads to its statistics."""
    path = "/.well-known/void" if slug == "rskg" else f"/datasets/{slug}"
    return RedirectResponse(path, 303, {"Vary": "Accept", "Revision": str(visit.revision)})


async def _file(visit: Visit, slug: str, address: str) -> Row:
    """What the catalogue says of a file of the dataset at an address below `/datasets/`."""
    wanted = f"{BASE}datasets/{address}"
    of = node_of(dataset(slug))
    return await entry(visit, "dataset-downloads", "address", wanted, dataset=of)


def _licensed(visit: Visit, file: Row, slug: str) -> Visit:
    licence = text_of(file, "licence")
    visit = visit.linking(*headers(of_file(slug)))
    return visit.linking(f'<{licence}>; rel="license"') if licence else visit


async def _page(visit: Visit, slug: str, iri: NamedNode, summary: Row) -> Response:
    data = node_of(graph(f"data/{slug}"))
    about, files, terms, sources, sizes, confidence, contents, samples = (
        await visit.table("facts", thing=iri),
        await visit.table("dataset-downloads", dataset=iri),
        await visit.table("dataset-terms", dataset=iri),
        await visit.table("dataset-sources", dataset=iri),
        await visit.table("graphs"),
        await visit.table("confidence"),
        await visit.table("dataset-contents", graph=data),
        await visit.table("dataset-samples", graph=data),
    )
    return visit.page(
        "dataset.html",
        slug=slug,
        iri=iri.value,
        graph=data.value,
        summary={name: value.text for name, value in summary.items()},
        terms={name: value.text for name, value in terms.first.items()},
        sources=sources,
        facts=about,
        files=files,
        contents=contents,
        samples=samples,
        contributions=[one for one in await known(visit) if one.dataset == slug],
        triples=size_of(sizes, slug),
        confidence=confidence_of(confidence, slug),
    )


def size_of(sizes: Table, slug: str) -> int:
    """How many triples the graphs of a dataset hold."""
    return sum(number_of(row, "triples") for row in sizes if is_of(row["graph"].text, slug))


def confidence_of(confidence: Table, slug: str) -> dict[str, int]:
    """How many statements of a dataset are of high and of medium confidence."""
    counted: Counter[str] = Counter()
    for row in confidence:
        if "graph" in row and is_of(row["graph"].text, slug):
            counted[tail(row["confidence"].text)] += number_of(row, "number")
    return {level: counted[level] for level in LEVELS if level in counted}


def is_of(name: str, slug: str) -> bool:
    """True for a dataset's graph, or the graph of a contribution to it."""
    return name == f"{GRAPH}data/{slug}" or bool(
        re.fullmatch(rf"{GRAPH}contribution/{re.escape(slug)}-[0-9a-f]{{12}}(-[0-9]+)?", name)
    )
