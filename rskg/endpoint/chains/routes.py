"""`/value-chains`, and the page of each commodity's chain."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.chains.steps import Chain, chains
from rskg.endpoint.pages.solutions import Row
from rskg.endpoint.pages.visit import Visit, Visiting, node_of
from rskg.endpoint.problems import NOT_FOUND, Problem
from rskg.namespaces import dataset, thing

router = APIRouter()
#: The datasets that the numbers of these pages are counted in.
DATASETS = ("value-chains", "instruments", "adoption", "icmm", "fineprint", "sites", "production")
#: The questions that the pages lead to.
QUESTIONS = (
    "instrument-coverage",
    "nodes-that-no-instrument-names",
    "who-drives-one-commodity",
    "concentration-of-output",
)
#: The radius of the largest circle of a lane, in units of the drawing.
LARGEST, SMALLEST = 26.0, 5.0


@router.get("/value-chains", summary="The value chains: each commodity by stage")
async def value_chains(visit: Visiting) -> Response:
    """How many instruments name each commodity at each stage, and where none does."""
    found = await chains(visit)
    most = max((step.named for chain in found.values() for step in chain.steps), default=0)
    return visit.page(
        "value-chains.html",
        chains=list(found.values()),
        most=most or 1,
        datasets=await _datasets(visit),
    )


@router.get("/value-chains/{commodity}", summary="A commodity from exploration to end-of-life")
async def value_chain(request: Request, visit: Visiting, commodity: str) -> Response:
    """Instruments, actors, sites, output and gaps at each stage; every number leads on."""
    iri = node_of(thing("commodity", commodity)).value
    chain = (await chains(visit, iri)).get(iri)
    if chain is None:
        told = f"There is no commodity {commodity!r}; /value-chains lists those with a value chain."
        raise Problem(NOT_FOUND, told)
    text = visit.queries["chain-instruments"].replace("<COMMODITY>", f"<{chain.iri}>")
    questions = request.app.state.questions
    return visit.page(
        "value-chain.html",
        chain=chain,
        slug=commodity,
        sparql={step.iri: text.replace("<STAGE>", f"<{step.iri}>") for step in chain.steps},
        most=max((step.named for step in chain.steps), default=0) or 1,
        radii=_radii(chain),
        datasets=await _datasets(visit),
        questions=[questions[each] for each in QUESTIONS if each in questions],
    )


def _radii(chain: Chain) -> dict[str, list[float]]:
    """Of each lane with circles, a radius for each stage: areas are as the numbers."""
    lanes = {
        "actors": [step.actors for step in chain.steps],
        "sites": [step.sites for step in chain.steps],
    }
    return {
        lane: [_radius(each, max(numbers)) for each in numbers] for lane, numbers in lanes.items()
    }


def _radius(number: int, most: int) -> float:
    if not number:
        return 0.0
    return round(max(SMALLEST, LARGEST * math.sqrt(number / most)), 1)


async def _datasets(visit: Visit) -> Sequence[Row]:
    wanted = {dataset(slug) for slug in DATASETS}
    return [row for row in await visit.table("datasets") if row["dataset"].text in wanted]
