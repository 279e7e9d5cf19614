"""Typed links that lead machines from a page to what it is about (https://signposting.org/FAIR/).

A page tells in its `Link` header what to cite, what describes it as RDF, of which class it is,
whose it is and under which licence, what belongs to it and to what it belongs (level 1), and where
a document holds all of these links (level 2, RFC 9264).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from rskg.endpoint.http.negotiation import PAGE, TRIPLE_FORMATS
from rskg.endpoint.pages.visit import Visit, node_of
from rskg.namespaces import BASE, SCHEMA, dataset
from rskg.syntax import NamedNode

LINKSET = "application/linkset+json"
CATALOGUE = f"{BASE}datasets"
#: What an IRI may hold as it is; the rest is percent-encoded in a header.
IRI_SIGNS = "/:?#[]@!$&'()*+,;=%~"
_MEDIA = {".nt": "application/n-triples", ".csv": "text/csv"}


@dataclass(frozen=True)
class Signpost:
    """A link of a relation type (RFC 8288) to an address, and what is to be had there."""

    relation: str
    target: str
    media_type: str = ""

    def header(self) -> str:
        """The link as the `Link` header has it."""
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{quote(self.target, safe=IRI_SIGNS)}>; rel="{self.relation}"{kind}'


Signposts = Sequence[Signpost]


def headers(signposts: Signposts) -> list[str]:
    """Each as the `Link` header has it."""
    return [each.header() for each in signposts]


def linkset(base: str, pages: Mapping[str, Signposts]) -> dict[str, object]:
    """The links of some pages as JSON (RFC 9264 4.2); `base` is the host's address."""
    told = []
    for path, signposts in pages.items():
        each: dict[str, object] = {"anchor": base + path}
        for relation in dict.fromkeys(signpost.relation for signpost in signposts):
            each[relation] = [
                {"href": _absolute(base, s.target)}
                | ({"type": s.media_type} if s.media_type else {})
                for s in signposts
                if s.relation == relation
            ]
        told.append(each)
    return {"linkset": told}


async def of_thing(visit: Visit, iri: NamedNode, stem: str) -> list[Signpost]:
    """The signposts of a thing's page; its documents stand at `/stem.ttl` and so on."""
    described = [
        Signpost("describedby", f"/{quote(stem)}.{form.name}", form.media_type)
        for form in TRIPLE_FORMATS
    ]
    return [
        *described,
        *await _said(visit, iri),
        Signpost("linkset", f"/linkset/{quote(stem)}", LINKSET),
    ]


async def of_dataset(visit: Visit, slug: str) -> list[Signpost]:
    """The signposts of a dataset's page: its files are the items."""
    iri = node_of(dataset(slug))
    files = await visit.table("dataset-downloads", dataset=iri)
    addresses = sorted({row["address"].text.removeprefix(BASE) for row in files})
    return [
        Signpost("cite-as", iri.value),
        *_documents(f"/datasets/{slug}"),
        Signpost("type", f"{SCHEMA}Dataset"),
        *await _said(visit, iri),
        *(Signpost("item", f"/{address}", media_type_of(address)) for address in addresses),
        Signpost("collection", "/datasets", PAGE.media_type),
        Signpost("linkset", f"/linkset/datasets/{slug}", LINKSET),
    ]


async def of_catalogue(visit: Visit) -> list[Signpost]:
    """The signposts of the list of datasets, which are its items."""
    found = await visit.table("datasets")
    slugs = [row["dataset"].text.removeprefix(dataset("")) for row in found]
    return [
        Signpost("cite-as", CATALOGUE),
        *_documents("/datasets"),
        Signpost("type", f"{SCHEMA}AboutPage"),
        Signpost("type", f"{SCHEMA}DataCatalog"),
        *(Signpost("item", f"/datasets/{slug}", PAGE.media_type) for slug in slugs),
        Signpost("linkset", "/linkset/datasets", LINKSET),
    ]


async def of_whole(visit: Visit) -> list[Signpost]:
    """The signposts of the home page, which is that of the whole graph."""
    iri = node_of(dataset("rskg"))
    return [
        Signpost("cite-as", iri.value),
        *_documents("/graph/statistics"),
        Signpost("type", f"{SCHEMA}Dataset"),
        *await _said(visit, iri),
        Signpost("collection", "/datasets", PAGE.media_type),
        Signpost("service", "/sparql"),
    ]


def of_file(slug: str) -> list[Signpost]:
    """The signposts of a dataset's file: the page to which it belongs."""
    return [Signpost("collection", f"/datasets/{slug}", PAGE.media_type)]


def media_type_of(address: str) -> str:
    """Of a file of a dataset."""
    return next((kind for ending, kind in _MEDIA.items() if address.endswith(ending)), "")


async def _said(visit: Visit, iri: NamedNode) -> list[Signpost]:
    """What the graph knows: classes, licences, who publishes it, the datasets that tell of it."""
    rows = await visit.table("signposts", thing=iri)

    def values(name: str) -> Iterable[str]:
        return sorted({row[name].text for row in rows if name in row})

    datasets = (each.removeprefix(dataset("")) for each in values("dataset"))
    return [
        Signpost("type", f"{SCHEMA}AboutPage"),
        *(Signpost("type", each) for each in values("class")),
        *(Signpost("license", each) for each in values("licence")),
        *(Signpost("author", each) for each in values("author") if each.startswith("http")),
        *(Signpost("collection", f"/datasets/{each}", PAGE.media_type) for each in datasets),
    ]


def _documents(path: str) -> list[Signpost]:
    return [
        Signpost("describedby", f"{path}?format={form.name}", form.media_type)
        for form in TRIPLE_FORMATS
    ]


def _absolute(base: str, target: str) -> str:
    return base + target if target.startswith("/") else target
