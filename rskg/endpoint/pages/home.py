"""The home page: the briefing's figure with numbers counted in the graph on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from fastapi import APIRouter
from starlette.responses import Response

from rskg.endpoint.asking.history import History
from rskg.endpoint.pages.signposts import headers, of_whole
from rskg.endpoint.pages.solutions import Row, Table, number_of, text_of
from rskg.endpoint.pages.visit import Visiting

router = APIRouter()

FIELDS = {
    "actor": ("Actors", "companies, states, alliances, communities", "/id/actor"),
    "process": ("Processes", "instruments: laws, standards, schemes", "/id/process"),
    "factor": ("Mitigating factors", "what holds actors to account", "/id/factor"),
}
MOST_DOTS = 340
#: How many of the last revisions are told.
LATELY = 4
#: The question behind the surprise, or the relation that holds the same numbers.
STANDALONE, ALL_LINKS = "standalone-instruments", "/relations/process-process"


@dataclass(frozen=True)
class Field:
    """A field of the figure: how many things it holds and how many have a recorded relation."""

    slug: str
    title: str
    holds: str
    link: str
    total: int
    related: int

    @property
    def per_dot(self) -> int:
        """How many things one dot stands for."""
        return max(1, ceil(self.total / MOST_DOTS))

    def dots(self, columns: int, step: float) -> tuple[str, str]:
        """The things as two SVG paths of dots in rows: those with a relation, and the others."""
        number, solid = ceil(self.total / self.per_dot), round(self.related / self.per_dot)
        places = [f"M{i % columns * step:.1f} {i // columns * step:.1f}h0" for i in range(number)]
        return "".join(places[:solid]), "".join(places[solid:])


@dataclass(frozen=True)
class Stage:
    """A stage of the value chain and how many instruments cover it."""

    iri: str
    label: str
    instruments: int
    share: float


@router.get("/", name="home", summary="Home: the figure of the briefing, counted")
async def home(visit: Visiting) -> Response:
    """Three fields, the relations between them, the value chain, three doors."""
    fields, relations, stages, alone = await visit.tables(
        "home-fields", "home-relations", "home-stages", "home-alone"
    )
    visit = visit.linking(*headers(await of_whole(visit)))
    questions = visit.request.app.state.questions
    revisions: History = visit.request.app.state.revisions
    lately = [n for n in revisions.numbers() if n <= visit.revision][-LATELY:]
    return visit.page(
        "home.html",
        fields=_fields(fields),
        relations={row["relation"].text: _relation(row) for row in relations if "relation" in row},
        stages=_stages(stages),
        alone=alone.first,
        surprise=f"/queries/{STANDALONE}" if STANDALONE in questions else ALL_LINKS,
        questions=questions,
        lately=[revisions.describe(number) for number in reversed(lately)],
    )


def _fields(table: Table) -> dict[str, Field]:
    counted = {row["field"].text: row for row in table if "field" in row}
    return {
        slug: Field(
            slug,
            *words,
            number_of(counted.get(slug, {}), "total"),
            number_of(counted.get(slug, {}), "related"),
        )
        for slug, words in FIELDS.items()
    }


def _relation(row: Row) -> dict[str, int]:
    return {name: number_of(row, name) for name in ("sources", "targets", "events")}


def _stages(table: Table) -> Sequence[Stage]:
    most = max((number_of(row, "instruments") for row in table), default=0) or 1
    return [
        Stage(
            text_of(row, "stage"),
            text_of(row, "label"),
            number_of(row, "instruments"),
            number_of(row, "instruments") / most,
        )
        for row in table
    ]
