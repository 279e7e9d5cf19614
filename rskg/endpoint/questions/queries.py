"""Questions: the list by session of the agenda, a page a question, its answer, its description."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.charts import Ground, draw, on_map, shown
from rskg.endpoint.exchange.paging import LIMIT, OFFSET, Window, window
from rskg.endpoint.http.negotiation import PAGE, TRIPLE_FORMATS, chosen, is_page
from rskg.endpoint.pages.evidence import ROW
from rskg.endpoint.pages.licences import licensed
from rskg.endpoint.pages.solutions import Row, Table, table, text_of
from rskg.endpoint.pages.visit import TABLE_TYPE, Visit, Visiting
from rskg.endpoint.problems import NOT_FOUND, PARAMETER, Problem
from rskg.endpoint.sparql.emptiness import PARAMETER_NAME as EXPLAIN
from rskg.endpoint.sparql.emptiness import leading_to, reasons_of, wants_reasons
from rskg.endpoint.things.kinds import choices
from rskg.linting import Finding
from rskg.namespaces import BASE, dataset, graph, thing
from rskg.parameter import Parameter
from rskg.query import Query
from rskg.syntax import GRAPH_FORMATS, SOLUTION_FORMATS, TSV, NamedNode, Term, rows_of
from rskg.world import world

router = APIRouter()
MOST_ROWS = 200
RESERVED = {"format", "revision", "lang", EXPLAIN, LIMIT, OFFSET, ROW}
RESULTS = (PAGE, *SOLUTION_FORMATS)
OFFERED = (*RESULTS, *TRIPLE_FORMATS)
DOWNLOADS = tuple((form.name, form.media_type) for form in SOLUTION_FORMATS)


@dataclass(frozen=True)
class Section:
    """A session of the briefing's agenda, with its questions and the queries that answer them."""

    iri: str
    title: str
    questions: tuple[tuple[Row, tuple[Query, ...]], ...]


@dataclass(frozen=True)
class Field:
    """A parameter as a form field: its present value and, for a code list, the choices."""

    parameter: Parameter
    value: str
    choices: Sequence[tuple[str, str]]


@router.get("/queries", summary="The questions, by session of the agenda")
async def queries(request: Request, visit: Visiting) -> Response:
    """Every question of the briefing, and those that the graph answers."""
    form = chosen(request, (PAGE, *TRIPLE_FORMATS))
    if not is_page(form):
        return await visit.described("graph", form, graph=NamedNode(f"{BASE}graph/queries"))
    known: Mapping[str, Query] = request.app.state.questions
    sections, others = _sections(await visit.table("agenda"), known)
    return visit.page("queries.html", sections=sections, others=others, number=len(known))


@router.get("/queries/{slug}", summary="A question: page, results or description")
async def query(request: Request, visit: Visiting, slug: str) -> Response:
    """HTML page; results as CSV, TSV, JSON or XML; Turtle and its like describe the query."""
    return await _question(request, visit, request.app.state.questions, slug, "queries")


@router.get("/relations/{slug}", summary="A relation of the home picture: page or results")
async def relation(request: Request, visit: Visiting, slug: str) -> Response:
    """The rows behind a number on the home page."""
    return await _question(request, visit, request.app.state.relations, slug, "relations")


async def bound(
    request: Request, visit: Visit, known: Mapping[str, Query], slug: str
) -> tuple[Query, dict[str, str], tuple[tuple[str, Term], ...]]:
    """A question, the parameters given in the address, and what they bind; `COD` is its country.

    Raises a Problem for a question that isn't there, UsageError for a wrong parameter.
    """
    asked = known.get(slug)
    if asked is None:
        raise Problem(NOT_FOUND, f"There is no question called {slug}.")
    given = once(request)
    bindings = asked.bindings(given)
    if text := asked.codes(given):
        _, rows = rows_of((await visit.answer(Ask(text, TSV.media_type))).body)
        given = asked.with_things(given, rows)
        bindings = asked.bindings(given)
    return asked, given, tuple(bindings.items())


def once(request: Request) -> dict[str, str]:
    """The parameters of an address by name; raises a Problem for one that is given twice."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if not value or name in RESERVED:
            continue
        if name in given:
            raise Problem(
                PARAMETER, f"{name} is given twice: it takes one value.", {"parameter": name}
            )
        given[name] = value
    return given


async def _question(
    request: Request, visit: Visit, known: Mapping[str, Query], slug: str, place: str
) -> Response:
    asked, given, bindings = await bound(request, visit, known, slug)
    form = chosen(request, OFFERED if place == "queries" else RESULTS)
    if form in TRIPLE_FORMATS and not _is_graph(asked):
        iri = NamedNode(f"{BASE}{place}/{slug}")
        return await visit.described("query-description", form, thing=iri)
    visit = await licensed(visit, [graph(f"data/{name}") for name in asked.datasets])
    part = window(request) if not _is_graph(asked) else None
    if not is_page(form):
        links = await _links(visit, asked, bindings, part) if part else None
        if not _is_graph(asked) and wants_reasons(visit):
            visit = await _with_reasons(visit, asked, given, bindings)
        text = asked.sparql + (part.sparql if part else "")
        return await visit.document(Ask(text, form.media_type, bindings=bindings), form, links)
    ask = Ask(asked.sparql, f"{TABLE_TYPE}, text/turtle", bindings=bindings)
    answer = await visit.answer(ask)
    if answer.form == "graph":
        return await _page(visit, asked, given, place, text=answer.body.decode())
    why = await reasons_of(visit, ask) if answer.empty else ()
    return await _page(visit, asked, given, place, found=table(answer.body), why=why)


async def _with_reasons(
    visit: Visit, asked: Query, given: Mapping[str, str], bindings: tuple[tuple[str, Term], ...]
) -> Visit:
    """The visit with a link to why there are no rows, where there are none."""
    whole = await visit.answer(Ask(asked.sparql, TABLE_TYPE, bindings=bindings))
    if not whole.empty:
        return visit
    fields = urlencode({**given, "revision": str(visit.revision)})
    return visit.linking(leading_to(f"/queries/{asked.slug}/why?{fields}"))


async def _links(
    visit: Visit, asked: Query, bindings: tuple[tuple[str, Term], ...], part: Window
) -> dict[str, str]:
    """The header that leads to the other parts of an answer."""
    whole = await visit.answer(Ask(asked.sparql, TABLE_TYPE, bindings=bindings))
    told = part.links(visit.request, len(table(whole.body)))
    return {
        "Link": ", ".join(
            [visit.headers("")["Link"], *(f'<{to}>; rel="{name}"' for name, to in told.items())]
        )
    }


async def _page(
    visit: Visit,
    asked: Query,
    given: dict[str, str],
    place: str,
    *,
    found: Table | None = None,
    text: str = "",
    why: Sequence[Finding] = (),
) -> Response:
    part = window(visit.request) or Window(MOST_ROWS, 0)
    rows = found.rows[part.offset : part.offset + min(part.limit, MOST_ROWS)] if found else ()
    shown_part = Window(min(part.limit, MOST_ROWS), part.offset)
    iris = {value.text for row in rows for value in row.values() if value.is_iri}
    asked_in = thing("question", asked.question) if asked.question else ""
    iris |= {thing("measure", one) for one in asked.measures} | ({asked_in} if asked_in else set())
    labels = await visit.labels(iris)
    placed = on_map(asked.chart, found) if found else set()
    ground = Ground(await visit.places(placed), await visit.numbers(placed), world())
    address = str(visit.request.base_url) + f"{place}/{asked.slug}"
    pinned = {"revision": visit.pinned} if visit.pinned else {}
    behind = "?".join(filter(None, (f"/{place}/{asked.slug}/evidence", urlencode(given | pinned))))
    return visit.page(
        "query.html",
        query=asked,
        found=found,
        rows=rows,
        text=text,
        why=why,
        columns=shown(found) if found else (),
        labels=labels,
        picture=draw(asked.chart, found, labels, ground) if found else None,
        fields=await asyncio.gather(*(_field(visit, one, given) for one in asked.parameters)),
        datasets=await _datasets(visit, asked.datasets),
        address=address,
        arguments=urlencode(given),
        behind=behind,
        downloads=GRAPH_DOWNLOADS if text else DOWNLOADS,
        asked_in=asked_in,
        measures=[
            (thing("measure", one), labels.get(thing("measure", one), one))
            for one in asked.measures
        ],
        parts_of=shown_part.links(visit.request, len(found)) if found else {},
        first_row=shown_part.offset + 1,
        place=place,
    )


GRAPH_DOWNLOADS = tuple((form.name, form.media_type) for form in GRAPH_FORMATS)


async def _field(visit: Visit, parameter: Parameter, given: Mapping[str, str]) -> Field:
    kinds = await asyncio.gather(*(choices(visit, kind) for kind in parameter.schemes))
    offered = [one for kind in kinds for one in kind]
    value = parameter.slug(given.get(parameter.name) or parameter.default or "")
    if value and offered and value not in {slug for slug, _ in offered}:
        offered = [(value, value), *offered]
    return Field(parameter, value, offered)


async def _datasets(visit: Visit, slugs: Sequence[str]) -> list[Row]:
    wanted = {dataset(slug) for slug in slugs}
    return [row for row in await visit.table("datasets") if row["dataset"].text in wanted]


def _sections(agenda: Table, known: Mapping[str, Query]) -> tuple[list[Section], list[Query]]:
    by_question: dict[str, list[Query]] = {}
    for asked in known.values():
        by_question.setdefault((asked.question or "").lower(), []).append(asked)
    rows: dict[str, list[Row]] = {}
    seen: set[str] = set()
    for row in agenda:
        if row["question"].text not in seen:
            seen.add(row["question"].text)
            rows.setdefault(text_of(row, "session"), []).append(row)
    sections = [_section(iri, group, by_question) for iri, group in rows.items()]
    placed = {q.slug for section in sections for _, found in section.questions for q in found}
    return sections, [asked for asked in known.values() if asked.slug not in placed]


def _section(iri: str, rows: Sequence[Row], by_question: Mapping[str, list[Query]]) -> Section:
    def answers(row: Row) -> tuple[Query, ...]:
        return tuple(by_question.get(row["question"].text.rpartition("/")[2].lower(), ()))

    first = rows[0]
    title = text_of(first, "sessionLabel", "Outside the sessions")
    return Section(iri, title, tuple((row, answers(row)) for row in rows))


def _is_graph(asked: Query) -> bool:
    words = asked.sparql.upper().split()
    return "CONSTRUCT" in words or "DESCRIBE" in words
