"""/actors: who they are, where, and what they issue, adopt, run, own and pay for."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.charts.abreast import Measured, abreast
from rskg.endpoint.http.negotiation import PAGE, is_page
from rskg.endpoint.http.negotiation import chosen as chosen_form
from rskg.endpoint.overviews.filters import Filter, choices, chosen
from rskg.endpoint.pages.evidence import statements
from rskg.endpoint.pages.solutions import Row, number_of, text_of
from rskg.endpoint.pages.visit import Visiting
from rskg.endpoint.pages.words import name
from rskg.namespaces import TERM
from rskg.syntax import SOLUTION_FORMATS

router = APIRouter()
MOST_ROWS = 400
FILTERS = (
    Filter(
        "kind", "Kind of actor", "actor-kind", TERM + "actorKind", "?actor rskg:actorKind VALUE ."
    ),
    Filter("country", "Country", "country", TERM + "basedIn", "?actor rskg:basedIn VALUE ."),
)
#: The columns of `asks/actors.rq` that count ties, with the `relation` of the rows behind each.
TIES = {
    "issues": "issues",
    "adopts": "adopts",
    "signs": "signs",
    "finances": "finances",
    "runs": "runs",
    "owns": "owns",
    "advocates": "advocates-for",
    "joins": "member-of",
    "audits": "audits-for",
}
#: What the picture shows, and both what the heads of columns say.
DRAWN = ("issues", "adopts", "signs", "finances", "runs", "owns")
HEADS = {
    "issues": "Issues",
    "adopts": "Adopts",
    "signs": "Signs",
    "finances": "Finances",
    "runs": "Runs sites",
    "owns": "Owns shares",
    "advocates": "Speaks for",
    "joins": "Member of",
    "audits": "Audits for",
}


@router.get("/actors", summary="Actors by kind and country, and what they issue, adopt, run, own")
async def actors(request: Request, visit: Visiting) -> Response:
    """Filters by `kind` and `country`; the list in every format."""
    wanted = chosen(visit, FILTERS)
    form = chosen_form(request, (PAGE, *SOLUTION_FORMATS))
    text = wanted.text(visit, "actors")
    if not is_page(form):
        return await visit.document(Ask(text, form.media_type), form)
    found, offered = await asyncio.gather(visit.rows(text), visit.table("actors-choices"))
    offers = choices(FILTERS, offered)
    return visit.page(
        "actors.html",
        wanted=wanted,
        offers=offers,
        labels={one.iri: one.label for group in offers.values() for one in group},
        found=found,
        rows=found.rows[:MOST_ROWS],
        picture=abreast([_measured(row) for row in found if "actor" in row], DRAWN),
        heads=HEADS,
        ties=TIES,
        query=text,
    )


@router.get("/actors/evidence", summary="The statements behind a list of actors")
async def behind_actors(visit: Visiting) -> Response:
    """Of each actor that the filters leave: who states it, from which source, how surely.

    `row=3` asks for the third of the list alone.
    """
    wanted = chosen(visit, FILTERS)
    return await statements(visit, wanted.subject(visit, "actors", "Actors"))


def _measured(row: Row) -> Measured:
    iri = row["actor"].text
    label = text_of(row, "actorLabel") or name(iri)
    return Measured(iri, label, {one: number_of(row, one) for one in TIES})
