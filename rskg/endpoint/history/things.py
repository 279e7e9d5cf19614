"""The history of a thing: what came and went about it from one kept revision to the next.

Nothing is walked but what the graphs say of this one thing at each revision, a page of revisions
at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.history import History
from rskg.endpoint.history.revisions import JSON
from rskg.endpoint.http.negotiation import PAGE, chosen, is_page
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.solutions import Row, Table, Value
from rskg.endpoint.pages.visit import (
    Visit,
    Visiting,
    node_of,
    number_parameter,
    unknown,
    visit_at,
)
from rskg.endpoint.pages.words import name
from rskg.endpoint.things.resources import one_thing
from rskg.namespaces import BASE, GRAPH, thing
from rskg.store import Revision
from rskg.syntax import NamedNode

router = APIRouter()
#: So many revisions are looked at for a page, and so many facts compared of each.
MOST_REVISIONS, MOST_FACTS = 10, 2_000
INFERRED = GRAPH + "inferred"


@dataclass(frozen=True)
class Fact:
    """A fact about the thing: its property, what it says, and whether it points at the thing."""

    graph: str
    property: str
    value: Value
    pointing: bool


NOTHING: frozenset[Fact] = frozenset()


@dataclass(frozen=True)
class State:
    """What a revision says of the thing, and what points at it; None for too much to compare."""

    said: frozenset[Fact] | None
    pointing: frozenset[Fact] | None

    @property
    def facts(self) -> frozenset[Fact]:
        """All that can be compared."""
        return (self.said or NOTHING) | (self.pointing or NOTHING)

    @property
    def whole(self) -> bool:
        """False where something is too much."""
        return self.said is not None and self.pointing is not None

    def beside(self, other: State) -> frozenset[Fact]:
        """The facts that can be compared with those of another revision."""
        said = self.said if other.said is not None else None
        pointing = self.pointing if other.pointing is not None else None
        return State(said, pointing).facts


@dataclass
class Change:
    """What came and went in one graph, and where that graph comes from."""

    graph: str
    origin: Mapping[str, str]
    came: list[Fact] = field(default_factory=list)
    went: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """A revision that changed what is said of the thing; no `before` for the oldest kept."""

    revision: Revision
    before: int | None
    changes: Sequence[Change]

    @property
    def came(self) -> int:
        """How many facts came."""
        return sum(len(one.came) for one in self.changes)

    @property
    def went(self) -> int:
        """How many facts went."""
        return sum(len(one.went) for one in self.changes)


@router.get("/id/{kind}/{slug:path}/history", summary="What came and went about a thing")
async def history(request: Request, visit: Visiting, kind: str, slug: str) -> Response:
    """By revision, the newest first: a page or JSON; `before=` goes on to earlier revisions."""
    whole = node_of(thing(kind, f"{slug}/history"))
    if len(await visit.table("known", thing=whole)):
        return await one_thing(request, visit, kind, f"{slug}/history")
    iri = node_of(thing(kind, slug))
    revisions: History = request.app.state.revisions
    upto = number_parameter(request, "before", visit.revision + 1, visit.revision + 1)
    kept = [number for number in revisions.numbers() if number < upto]
    looked = kept[-MOST_REVISIONS - 1 :]
    states = {number: await _state(visit, number, iri) for number in looked}
    if upto > visit.revision and not any(state.facts for state in states.values()):
        raise unknown(iri.value)
    steps = [
        await _step(visit, revisions.describe(after), (before, after), states)
        for before, after in pairwise(looked)
    ]
    if looked and looked[0] == kept[0]:
        steps.insert(0, await _step(visit, revisions.describe(kept[0]), (None, kept[0]), states))
    steps = [step for step in reversed(steps) if step.changes]
    earlier = looked[0] + 1 if len(kept) > len(looked) else None
    if not is_page(chosen(request, (PAGE, JSON))):
        return _json(visit, iri, steps, earlier)
    facts = [fact for step in steps for one in step.changes for fact in (*one.came, *one.went)]
    iris = {one for fact in facts for one in (fact.property, fact.value.text)} | {iri.value}
    labels = await visit.labels({one for one in iris if one.startswith(BASE)})
    return visit.page(
        "history.html",
        iri=iri.value,
        title=labels.get(iri.value) or name(iri.value),
        steps=steps,
        labels=labels,
        looked=len(looked),
        earlier=earlier,
        whole=all(state.whole for state in states.values()),
        inferred=INFERRED,
    )


async def _state(visit: Visit, number: int, iri: NamedNode) -> State:
    there = visit_at(visit.request, str(number))
    said, pointing = await there.tables("said-of", "said-with", thing=iri)
    return State(_facts(said, pointing=False), _facts(pointing, pointing=True))


def _facts(found: Table, *, pointing: bool) -> frozenset[Fact] | None:
    if len(found) > MOST_FACTS:
        return None
    return frozenset(_fact(row, pointing=pointing) for row in found if "graph" in row)


def _fact(row: Row, *, pointing: bool) -> Fact:
    return Fact(row["graph"].text, row["property"].text, row["value"], pointing)


async def _step(
    visit: Visit,
    told: Revision,
    pair: tuple[int | None, int],
    states: Mapping[int, State],
) -> Step:
    before, after = pair
    new = states[after]
    old = states[before] if before is not None else State(NOTHING, NOTHING)
    came, went = new.beside(old) - old.beside(new), old.beside(new) - new.beside(old)
    changes: dict[str, Change] = {}
    for number, facts, came_in in ((after, came, True), (before, went, False)):
        graphs = {fact.graph for fact in facts}
        origins = await _origins(visit, number, graphs) if graphs and number is not None else {}
        for fact in sorted(facts, key=_order):
            one = changes.setdefault(fact.graph, Change(fact.graph, origins.get(fact.graph, {})))
            (one.came if came_in else one.went).append(fact)
    ordered = sorted(changes.values(), key=lambda one: (one.graph == INFERRED, one.graph))
    return Step(told, before, ordered)


def _order(fact: Fact) -> tuple[bool, str, str]:
    return fact.pointing, fact.property, fact.value.text


async def _origins(visit: Visit, number: int, graphs: set[str]) -> dict[str, dict[str, str]]:
    """Of each graph at a revision: whose it is, since when, by which activity."""
    there = visit_at(visit.request, str(number))
    values = " ".join(f"<{graph}>" for graph in sorted(graphs))
    rows = await there.rows(there.queries["origins-of"].replace("#VALUES#", values))
    return {
        row["graph"].text: {key: value.text for key, value in row.items()}
        for row in rows
        if "graph" in row
    }


def _json(visit: Visit, iri: NamedNode, steps: Sequence[Step], earlier: int | None) -> Response:
    told = {
        "thing": iri.value,
        "steps": [
            {
                "revision": step.revision.number,
                "made": str(step.revision.made),
                "note": step.revision.note,
                "before": step.before,
                "changes": [asdict(one) for one in step.changes],
            }
            for step in steps
        ],
        "earlier": f"?before={earlier}" if earlier else None,
    }
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    headers = visit.headers(digest(body, JSON.media_type))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSON.media_type)
