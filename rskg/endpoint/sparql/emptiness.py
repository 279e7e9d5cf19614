"""Why a query has no answer: a document of its own at `/sparql/why`, a Link to it on request.

The reasons are searched for at the revision and over the graphs that were asked, by queries of a
few seconds at most.
"""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.exchange.requests import operation
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.problems import PARAMETER, Problem
from rskg.errors import RskgError
from rskg.linting import Finding, reasons

router = APIRouter()
PATH = "/sparql/why"
PARAMETER_NAME = "explain"
#: How long each look at the data may take.
TIMEOUT = "5s"
#: A Link of more letters leaves the query out: it is to be sent again.
LONGEST_LINK = 4_000
ANSWER = (
    "text/tab-separated-values, application/sparql-results+json;q=0.9, application/n-triples;q=0.8"
)


@router.get(PATH, summary="Why a query has no answer", name="why")
@router.post(PATH, summary="The same by POST", name="why_by_post")
async def why(request: Request, visit: Visiting) -> Response:
    """The query is sent as to `/sparql`; the answer is JSON: `empty`, and the `reasons`."""
    asked = await operation(request)
    if asked.query is None:
        raise Problem(PARAMETER, "The request carries no `query`.", {"parameter": "query"})
    ask = Ask(asked.query, ANSWER, None, asked.default_graphs, asked.named_graphs)
    return await told(visit, ask, asked.timeout)


async def told(visit: Visit, ask: Ask, timeout: str | None = None) -> Response:
    """The document that says why an answer is empty, if it is."""
    answer = await visit.answer(ask, timeout)
    found = await reasons_of(visit, ask) if answer.empty else []
    said = {
        "revision": visit.revision,
        "empty": answer.empty,
        "reasons": [asdict(each) for each in found],
    }
    return JSONResponse(said, headers=visit.headers(digest(repr(said), repr(ask))))


def wants_reasons(visit: Visit) -> bool:
    """True for a request with `explain=empty`; raises Problem for another value."""
    wanted = visit.request.query_params.get(PARAMETER_NAME, "")
    if wanted not in ("", "empty"):
        raise Problem(PARAMETER, "explain takes `empty`.", {"parameter": PARAMETER_NAME})
    return bool(wanted)


def link(visit: Visit, ask: Ask) -> str:
    """Where the reasons of an empty answer are, for its Link header."""
    fields = [
        ("query", ask.query),
        ("revision", str(visit.revision)),
        *(("default-graph-uri", iri) for iri in ask.default_graphs),
        *(("named-graph-uri", iri) for iri in ask.named_graphs),
    ]
    address = f"{PATH}?{urlencode(fields)}"
    if len(address) > LONGEST_LINK:
        address = f"{PATH}?revision={visit.revision}"
    return leading_to(address)


def leading_to(address: str) -> str:
    """The Link to a document that says why an answer is empty."""
    return f'<{address}>; rel="describedby"; type="application/json"'


async def reasons_of(visit: Visit, ask: Ask) -> list[Finding]:
    """Why a query that was answered with nothing was."""
    search = reasons(ask.query, visit.request.app.state.prefixes, dict(ask.bindings))
    body: bytes | None = None
    try:
        query = next(search)
        while True:
            probe = Ask(query, None, "tsv", ask.default_graphs, ask.named_graphs)
            try:
                body = (await visit.answer(probe, TIMEOUT)).body
            except RskgError:
                body = None  # what depends on it isn't told
            query = search.send(body)
    except StopIteration as end:
        found: list[Finding] = end.value
        return found
