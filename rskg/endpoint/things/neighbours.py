"""The things around a thing, as a picture of them wants it: nodes, links and what is too many.

A neighbour without a name (an adoption, a membership) isn't drawn: what it ties is tied directly,
by the name of its class.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.http.representation import digest
from rskg.endpoint.languages import ENGLISH, language_of, translated
from rskg.endpoint.pages.naming import names
from rskg.endpoint.pages.solutions import Row, Table, number_of, text_of
from rskg.endpoint.pages.visit import Visit, Visiting, labels_in, node_of, unknown
from rskg.endpoint.pages.words import family, kind_of, local, name, sparql_link, words
from rskg.endpoint.things.resources import one_thing
from rskg.namespaces import TERM, thing
from rskg.syntax import NamedNode

router = APIRouter()
#: The most things that are told at once.
MOST_NODES = 150
#: From so many links to a thing on, it isn't looked through what has no name.
MOST_THROUGH = 2_000
#: What says no more than that something is told of the thing.
BEHIND = TERM + "states"


@dataclass(frozen=True)
class Neighbour:
    """A thing: its name, its kind, the field that it belongs to, its page, whether it's known."""

    iri: str
    label: str
    kind: str
    family: str
    href: str
    known: bool = True


@dataclass(frozen=True)
class Link:
    """A tie from one thing to another: what it says, and by which property or class."""

    source: str
    target: str
    label: str
    by: str


@dataclass(frozen=True)
class Many:
    """Ties by one property that are too many to draw: how many, which way, and a page of them."""

    label: str
    by: str
    outgoing: bool
    number: int
    href: str


@dataclass(frozen=True)
class Neighbourhood:
    """A thing, the things around it, the ties, and what is too many."""

    thing: Neighbour
    nodes: tuple[Neighbour, ...]
    links: tuple[Link, ...]
    many: tuple[Many, ...]


@router.get("/id/{kind}/{slug:path}/neighbours", summary="The things around a thing, as JSON")
async def neighbours(request: Request, visit: Visiting, kind: str, slug: str) -> Response:
    """At most 150 things; of more by one property their number. Names by `lang=` or the header."""
    whole = node_of(thing(kind, f"{slug}/neighbours"))
    if len(await visit.table("known", thing=whole)):
        return await one_thing(request, visit, kind, f"{slug}/neighbours")
    iri = node_of(thing(kind, slug))
    if not len(await visit.table("known", thing=iri)):
        raise unknown(iri.value)
    language = language_of(request)
    labels = await labels_in(visit, language) if language != ENGLISH else {}
    found = asdict(await around(visit, iri, labels))
    body = json.dumps({"revision": visit.revision, **found}, ensure_ascii=False).encode()
    headers = {**visit.headers(digest(body)), "Vary": "Accept, Accept-Language"}
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def around(visit: Visit, iri: NamedNode, labels: Mapping[str, str]) -> Neighbourhood:
    """What lies around a thing, named in the reader's language where there is a name in it."""
    direct = await visit.table("neighbours", thing=iri)
    total = sum({_group(row): number_of(row, "number") for row in direct}.values())
    through = Table((), ())
    if total <= MOST_THROUGH:
        through = await visit.table("neighbours-through", thing=iri)
    told = await visit.labels({iri.value})
    title = told.get(iri.value) or (await names(visit, iri.value, {iri.value})).get(iri.value)
    nodes: dict[str, Neighbour] = {}
    links: dict[str, Link] = {}
    for row in sorted(direct, key=_worth):
        other = text_of(row, "other")
        nameless = "otherLabel" not in row and text_of(row, "told") == "true"
        if other and other != iri.value and not nameless and other not in links:
            nodes[other] = _neighbour(row, labels)
            links[other] = _link(iri.value, row, labels)
    for row in through:
        other = row["other"].text
        if other not in links and "class" in row:
            nodes[other] = _neighbour(row, labels)
            by = row["class"].text
            label = labels.get(by) or text_of(row, "classLabel") or name(by)
            links[other] = Link(iri.value, other, label, by)
    kept = list(links)[:MOST_NODES]
    many = [*_many(iri.value, direct, labels)]
    if len(links) > len(kept):
        rest = translated("Further things", language_of(visit.request))
        either = f"{{ <{iri.value}> ?by ?thing }} UNION {{ ?thing ?by <{iri.value}> }}"
        every = f"SELECT DISTINCT ?thing {{ {either} }}"
        many.append(Many(rest, "", True, len(links) - len(kept), sparql_link(every)))
    return Neighbourhood(
        thing=_node(iri.value, labels.get(iri.value) or title or name(iri.value)),
        nodes=tuple(nodes[one] for one in kept),
        links=tuple(links[one] for one in kept),
        many=tuple(many),
    )


def _group(row: Row) -> tuple[str, str]:
    return text_of(row, "way"), text_of(row, "property")


def _worth(row: Row) -> tuple[bool, int, bool, str]:
    """Of several ties between two things the most telling first: ours, rare, outgoing."""
    by = text_of(row, "property")
    outgoing = text_of(row, "way") == "out"
    return not by.startswith(TERM), number_of(row, "number"), not outgoing, by


def _neighbour(row: Row, labels: Mapping[str, str]) -> Neighbour:
    iri = row["other"].text
    label = labels.get(iri) or text_of(row, "otherLabel") or name(iri)
    return replace(_node(iri, label), known="otherLabel" in row)


def _node(iri: str, label: str) -> Neighbour:
    kind = words(kind_of(iri)).replace("-", " ")
    return Neighbour(iri, label, kind, family(iri), local(iri))


def _link(iri: str, row: Row, labels: Mapping[str, str]) -> Link:
    by, other = row["property"].text, row["other"].text
    label = labels.get(by) or text_of(row, "propertyLabel") or name(by)
    ends = (iri, other) if row["way"].text == "out" else (other, iri)
    return Link(*ends, label, by)


def _many(iri: str, direct: Table, labels: Mapping[str, str]) -> Iterable[Many]:
    """The properties of ours by which more are tied than are told."""
    for row in direct:
        by = text_of(row, "property")
        if "other" not in row and by.startswith(TERM) and by != BEHIND:
            outgoing = row["way"].text == "out"
            pattern = f"<{iri}> <{by}> ?thing" if outgoing else f"?thing <{by}> <{iri}>"
            label = labels.get(by) or text_of(row, "propertyLabel") or name(by)
            query = f"SELECT ?thing {{ {pattern} }}"
            yield Many(label, by, outgoing, number_of(row, "number"), sparql_link(query))
