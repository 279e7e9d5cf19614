"""From the rows of questions, and from the numbers of pages, to their statements and sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.languages import language_of
from rskg.endpoint.pages.evidence import Subject, statements
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.problems import NOT_FOUND, PARAMETER, Problem
from rskg.endpoint.questions.queries import bound, once
from rskg.evidence import Row
from rskg.namespaces import THING
from rskg.query import Query
from rskg.store.tokens import tokens
from rskg.syntax import NamedNode

router = APIRouter()


@router.get("/queries/{slug}/evidence", summary="The statements behind a question's rows")
async def behind_question(request: Request, visit: Visiting, slug: str) -> Response:
    """Of each thing that the rows name and each fact that they rest on: who states it, and whence.

    `row=3` asks for the third row alone, `row=3,5` for two. The headers `Solutions-Counted` and
    `Solutions-Shown` say how many solutions there are, and of how many the facts are told.
    """
    return await _behind(request, visit, request.app.state.questions, slug, "queries")


@router.get("/relations/{slug}/evidence", summary="The statements behind a relation's rows")
async def behind_relation(request: Request, visit: Visiting, slug: str) -> Response:
    """The same of the rows behind a number on the home page."""
    return await _behind(request, visit, request.app.state.relations, slug, "relations")


@router.get("/asks/{name}/evidence", summary="The statements behind a number on a page")
async def behind_number(request: Request, visit: Visiting, name: str) -> Response:
    """The same of one of the pages' own queries, for the rows that have the given values.

    Each variable of the query is a parameter: `commodity=commodity/cobalt` stands for a thing, any
    other value for itself.
    """
    text = visit.queries.get(name, "")
    words = list(tokens(text))
    if not any(word.says("SELECT") for word in words) or _to_be_filled(text):
        raise Problem(NOT_FOUND, f"No number of a page is counted by a query called {name}.")
    known = {word.text[1:] for word in words if word.kind == "variable"}
    given = once(request)
    for one in given:
        if one not in known:
            told = f"{one} is no variable of that query; it has {', '.join(sorted(known))}."
            raise Problem(PARAMETER, told, {"parameter": one})
    title = text.partition("\n")[0].removeprefix("#").partition(";")[0].strip()

    def wanted(row: Row) -> bool:
        return all(
            getattr(row.get(one), "value", None) in (value, THING + value)
            for one, value in given.items()
        )

    bindings = tuple((one, iri) for one, value in given.items() if (iri := _thing(one, value)))
    return await statements(visit, Subject(text, title, "", bindings), wanted if given else None)


def _thing(name: str, value: str) -> NamedNode | None:
    """The thing that a value stands for, if it does; raises a Problem for one that can't be."""
    if "/" not in value:
        return None
    try:
        return NamedNode(value if "://" in value else THING + value)
    except ValueError as error:
        told = f"{name} takes the IRI of a thing, or its kind and name, not `{value}`."
        raise Problem(PARAMETER, told, {"parameter": name}) from error


def _to_be_filled(text: str) -> bool:
    """True for a text in which a page puts something before it asks."""
    return bool(re.search(r"#[A-Z]+#|<[A-Z]+>", text))


async def _behind(
    request: Request, visit: Visit, known: Mapping[str, Query], slug: str, place: str
) -> Response:
    asked, given, bindings = await bound(request, visit, known, slug)
    page = "?".join(filter(None, (f"/{place}/{slug}", urlencode(given))))
    title = asked.said("summary", language_of(request))
    return await statements(visit, Subject(asked.sparql, title, page, bindings))
