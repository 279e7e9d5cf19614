"""/instruments: by stage and topic, who recognises whom, since when, and the list of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.charts.networks import Network, network
from rskg.endpoint.charts.timelines import Span, Timeline, timeline
from rskg.endpoint.http.negotiation import PAGE, is_page
from rskg.endpoint.http.negotiation import chosen as chosen_form
from rskg.endpoint.overviews.filters import Choice, Chosen, Filter, choices, chosen
from rskg.endpoint.pages.evidence import statements
from rskg.endpoint.pages.solutions import Row, Table, number_of, text_of
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.pages.words import name
from rskg.namespaces import TERM
from rskg.query import Chart
from rskg.syntax import SOLUTION_FORMATS

router = APIRouter()
MOST_ROWS = 300
SHADES = 5
_COMMODITY = (
    "FILTER(EXISTS { ?instrument rskg:coversCommodity VALUE }"
    " || EXISTS { ?instrument rskg:coversAllCommodities true })"
)
FILTERS = tuple(
    Filter(named, title, scheme, TERM + by, pattern or f"?instrument rskg:{by} VALUE .")
    for named, title, scheme, by, pattern in (
        ("kind", "Kind of instrument", "process-kind", "processKind", ""),
        ("binding", "Binding force", "binding", "bindingness", ""),
        ("commodity", "Commodity", "commodity", "coversCommodity", _COMMODITY),
        ("jurisdiction", "Jurisdiction", "jurisdiction", "jurisdiction", ""),
        ("stage", "Stage", "stage", "coversStage", ""),
        ("topic", "Topic", "topic", "coversTopic", ""),
    )
)
#: What a cell of the matrix chooses.
CELL = ("stage", "topic")
RECOGNITION = Chart("network", {"source": "recogniser", "target": "recognised", "label": "says"})


@dataclass(frozen=True)
class Cell:
    """How many instruments cover a topic at a stage, its shade, where it leads, whether chosen."""

    number: int
    shade: int
    stage: Choice
    address: str
    current: bool


@router.get("/instruments", summary="Instruments by stage and topic, recognition, years, list")
async def instruments(request: Request, visit: Visiting) -> Response:
    """Filters by `kind binding commodity jurisdiction stage topic`; the list in every format."""
    wanted = chosen(visit, FILTERS)
    form = chosen_form(request, (PAGE, *SOLUTION_FORMATS))
    text = wanted.text(visit, "instruments")
    if not is_page(form):
        return await visit.document(Ask(text, form.media_type), form)
    rows, cells, offered, links = await asyncio.gather(
        visit.rows(text),
        visit.rows(wanted.text(visit, "instruments-cells", CELL)),
        visit.table("instruments-choices"),
        visit.rows(wanted.text(visit, "recognitions")),
    )
    offers = choices(FILTERS, offered)
    labels = {one.iri: one.label for group in offers.values() for one in group}
    shown = rows.rows[:MOST_ROWS]
    issuers = {row["issuedBy"].text for row in shown if "issuedBy" in row}
    labels |= await visit.labels(issuers)
    return visit.page(
        "instruments.html",
        wanted=wanted,
        offers=offers,
        labels=labels,
        found=rows,
        rows=shown,
        matrix=_matrix(wanted, offers, cells),
        times=_times(visit, rows, offers["kind"]),
        links=links,
        network=_network(links),
        query=text,
    )


@router.get("/instruments/evidence", summary="The statements behind a list of instruments")
async def behind_instruments(visit: Visiting) -> Response:
    """Of each instrument that the filters leave: who states it, from which source, how surely.

    `row=3` asks for the third of the list alone.
    """
    wanted = chosen(visit, FILTERS)
    return await statements(visit, wanted.subject(visit, "instruments", "Instruments"))


def _matrix(
    wanted: Chosen, offers: Mapping[str, Sequence[Choice]], table: Table
) -> list[tuple[Choice, list[Cell]]]:
    """A row a topic: its cells along the stages."""
    numbers = {
        (row["stage"].text, row["topic"].text): number_of(row, "number")
        for row in table
        if "stage" in row
    }
    most = max(numbers.values(), default=1)

    def cell(stage: Choice, topic: Choice) -> Cell:
        number = numbers.get((stage.iri, topic.iri), 0)
        current = wanted.iri("stage") == stage.iri and wanted.iri("topic") == topic.iri
        address = wanted.address(stage=stage.value, topic=topic.value)
        return Cell(number, ceil(SHADES * number / most), stage, address, current)

    return [(topic, [cell(stage, topic) for stage in offers["stage"]]) for topic in offers["topic"]]


def _times(visit: Visit, rows: Table, kinds: Sequence[Choice]) -> Timeline | None:
    """The instruments whose year in force is known, in a lane a kind."""
    made = visit.request.app.state.revisions.describe(visit.revision).made
    spans = [_span(row) for row in rows if "inForceSince" in row]
    lanes = [*(one.iri for one in kinds), ""]
    return timeline(spans, lanes, int(str(made)[:4]))


def _span(row: Row) -> Span:
    iri = row["instrument"].text
    label = text_of(row, "abbreviation") or text_of(row, "instrumentLabel") or name(iri)
    applies = text_of(row, "applicableSince")[:4]
    begun = int(row["inForceSince"].text[:4])
    return Span(iri, label, text_of(row, "kind"), begun, int(applies) if applies else None)


def _network(links: Table) -> Network | None:
    """Who recognises whom."""
    return network(links, {}, RECOGNITION)
