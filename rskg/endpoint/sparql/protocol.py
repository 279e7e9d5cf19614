"""SPARQL 1.1 Protocol at `/sparql`, the editor for people, the service description for programs.

A query is answered; an update is done where the store is bare and the token right.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.charts import shown
from rskg.endpoint.exchange.requests import UPDATE, Operation, operation, sent_type
from rskg.endpoint.exchange.transfer import transferred
from rskg.endpoint.http.negotiation import ANSWER_FORMATS, PAGE, accepted, chosen, wants_page
from rskg.endpoint.http.representation import digest, identity
from rskg.endpoint.http.traffic import asks
from rskg.endpoint.pages.beginning import beginning
from rskg.endpoint.pages.licences import licensed_for
from rskg.endpoint.pages.solutions import Table
from rskg.endpoint.pages.visit import TABLE_TYPE, Visit, Visiting
from rskg.endpoint.problems import METHOD, PARAMETER, Problem, as_sent, problem_of
from rskg.endpoint.sparql.emptiness import link, reasons_of, wants_reasons
from rskg.endpoint.sparql.service import description
from rskg.endpoint.sparql.writes import done, permit
from rskg.errors import (
    BudgetExceeded,
    InputError,
    Overloaded,
    RefusedFeature,
    RskgError,
    ServiceFailed,
)
from rskg.linting import Finding
from rskg.store import Answer
from rskg.store.writes.orders import Update
from rskg.syntax import GRAPH_FORMATS, SOLUTION_FORMATS, format_named, negotiate

router = APIRouter()
MOST_ROWS = 1000
#: The header that tells how many bytes of memory a query took, where that was measured.
MEMORY = "Memory-Used"
MOST_LETTERS = 200_000
EXAMPLE = """\
PREFIX rskg: <https://w3id.org/rskg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?instrument ?instrumentLabel (COUNT(?adopter) AS ?adopters) WHERE {
  ?adopter rskg:adopts ?instrument .
  ?instrument rdfs:label ?instrumentLabel .
}
GROUP BY ?instrument ?instrumentLabel
ORDER BY DESC(?adopters)
LIMIT 20
"""


@dataclass(frozen=True)
class Shown:
    """What the editor's page shows of an answer: rows, or a graph's text, and what is left out.

    `why` says why there is nothing.
    """

    table: Table | None = None
    columns: tuple[str, ...] = ()
    labels: dict[str, str] | None = None
    text: str = ""
    cut: bool = False
    why: tuple[Finding, ...] = ()


@router.get("/sparql", summary="SPARQL 1.1 query, editor, service description", name="sparql")
@router.post("/sparql", summary="SPARQL 1.1 query and update", name="sparql_by_post")
@router.api_route("/sparql", methods=["QUERY"], include_in_schema=False)
async def sparql(request: Request, visit: Visiting) -> Response:
    """A query by GET `query=`, POST form, POST or QUERY `application/sparql-query`.

    An update by POST form or POST `application/sparql-update`, with the admin's token.
    """
    if sent_type(request) == UPDATE:
        permit(request)  # before its body is read
    asked = await operation(request)
    if asked.update is not None:
        return await _updated(request, asked)
    if asked.query is None:
        return await _without_query(request, visit)
    asks(request.scope, asked.query)
    if _for_people(request, asked):
        return await _on_a_page(visit, asked)
    return await _answered(visit, asked)


async def _updated(request: Request, asked: Operation) -> Response:
    permit(request)
    if request.method != "POST":
        raise Problem(METHOD, "An update is sent by POST.", headers={"Allow": "POST"})
    if request.url.path != "/sparql" or "revision" in request.query_params:
        raise Problem(PARAMETER, "An update changes the newest revision: send it to /sparql.")
    order = Update(asked.update or "", asked.default_graphs, asked.named_graphs)
    return await done(request, order, asked.timeout)


def _for_people(request: Request, asked: Operation) -> bool:
    if asked.format_name:
        return asked.format_name in (PAGE.name, PAGE.media_type)
    return wants_page(request)


async def _without_query(request: Request, visit: Visit) -> Response:
    if request.method != "GET":
        raise Problem(PARAMETER, "The request carries no `query`.", {"parameter": "query"})
    if wants_page(request) or request.query_params.get("format") == PAGE.name:
        return _editor(visit, EXAMPLE)
    form = chosen(request, GRAPH_FORMATS)
    names = [row["graph"].text for row in await visit.table("graphs")]
    body = description(names, form, bare=visit.request.app.state.mode == "bare")
    headers = visit.headers(digest(body, form.media_type))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=form.content_type)


async def _answered(visit: Visit, asked: Operation) -> Response:
    ask = _ask(visit, asked)
    visit = await licensed_for(visit, ask, visit.request.app.state.prefixes)
    if "if-none-match" in visit.request.headers:
        for tag in sorted({_tag(visit, ask, media_type) for media_type in _possible(ask)}):
            if visit.holds(f'"{visit.revision}-{tag}"'):
                return Response(status_code=304, headers=visit.headers(tag))
    answer = await visit.deliver(ask, asked.timeout)
    if isinstance(answer, Answer) and wants_reasons(visit) and answer.empty:
        visit = visit.linking(link(visit, ask))
    headers = visit.headers(_tag(visit, ask, answer.media_type))
    if isinstance(answer, Answer) and answer.memory is not None:
        headers[MEMORY] = str(answer.memory)
    return transferred(visit.request, answer, headers)


def _ask(visit: Visit, asked: Operation) -> Ask:
    return Ask(
        asked.query or "",
        accepted(visit.request),
        asked.format_name,
        asked.default_graphs,
        asked.named_graphs,
    )


def _tag(visit: Visit, ask: Ask, media_type: str) -> str:
    return identity(ask, visit.revision, media_type)


def _possible(ask: Ask) -> list[str]:
    """The media types in which this request can be answered, whatever the query's form."""
    offers = (SOLUTION_FORMATS, SOLUTION_FORMATS[:2], GRAPH_FORMATS)
    if ask.format_name:
        found = [format_named(ask.format_name, offer) for offer in offers]
    else:
        found = [negotiate(ask.accept, offer) for offer in offers]
    return [form.media_type for form in found if form]


async def _on_a_page(visit: Visit, asked: Operation) -> Response:
    ask = Ask(
        asked.query or "",
        f"{TABLE_TYPE}, text/turtle;q=0.9",
        None,
        asked.default_graphs,
        asked.named_graphs,
    )
    try:
        answer = await visit.deliver(ask, asked.timeout)
        begun = await beginning(answer)
    except (InputError, RefusedFeature, BudgetExceeded, Overloaded, ServiceFailed) as error:
        return _editor(visit, ask.query, error=as_sent(visit.request, error))
    empty = isinstance(answer, Answer) and answer.empty
    why = tuple(await reasons_of(visit, ask)) if empty else ()
    if answer.form == "graph":
        text = begun.text
        cut = begun.cut or len(text) > MOST_LETTERS
        return _editor(visit, ask.query, Shown(text=text[:MOST_LETTERS], cut=cut, why=why))
    found = begun.table
    iris = {v.text for row in found.rows[:MOST_ROWS] for v in row.values() if v.is_iri}
    labels = await visit.labels(iris)
    told = Shown(found, shown(found), labels, cut=begun.cut, why=why)
    return _editor(visit, ask.query, told)


def _editor(
    visit: Visit, query: str, answer: Shown | None = None, error: RskgError | None = None
) -> Response:
    problem = problem_of(error) if error else None
    return visit.page(
        "sparql.html",
        status=problem.kind.status if problem else 200,
        query=query,
        lines=query.splitlines(),
        answer=answer,
        problem=problem,
        most=MOST_ROWS,
        formats=[form.name for form in ANSWER_FORMATS],
        questions=visit.request.app.state.questions,
        budget=visit.request.app.state.budget,
        pinned=visit.pinned,
    )
