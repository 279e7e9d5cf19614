"""Errors as answers: RFC 9457 problem documents for programs, a page for people.

The only place that catches everything: whatever is not foreseen becomes a 500 that tells
nothing of the inside.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from rskg.endpoint.asking.evaluation import NoRevision
from rskg.endpoint.http.methods import allowed
from rskg.endpoint.http.negotiation import wants_page
from rskg.endpoint.problems.kinds import (
    BAD_HTTP,
    BY_STATUS,
    CONFLICT,
    DOCUMENT,
    EMPTY_STORE,
    ENGINE_FAILED,
    GRAPH_CHANGED,
    INTERNAL,
    NOT_ACCEPTABLE,
    OUT_OF_BUDGET,
    OUT_OF_TIME,
    OVERLOADED,
    PARAMETER,
    QUERY_SYNTAX,
    REFUSED,
    SERVICE_FAILED,
    SERVICE_LATE,
    TOO_MANY,
    UNREADABLE,
    WORKER_LOST,
    Kind,
)
from rskg.errors import (
    BudgetExceeded,
    EndpointFailed,
    GraphChanged,
    InputError,
    NotAcceptable,
    Overloaded,
    PartialAnswer,
    QuerySyntaxError,
    RefusedFeature,
    RskgError,
    ServiceFailed,
    StoreError,
    UpdateFailed,
    UsageError,
    WorkerLost,
)

LOG = logging.getLogger("rskg.endpoint")


UNREAD = "A revision could not be opened."
RETRY_SECONDS = "10"
#: How an engine answers that will answer otherwise later; None for one that doesn't answer.
_PASSING = (None, 408, 429, 502, 503, 504)


@dataclass(eq=False)
class Problem(Exception):
    """A request that gets an error instead of an answer."""

    kind: Kind
    detail: str
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, instance: str) -> dict[str, object]:
        """The members of the problem document."""
        return {
            "type": self.kind.iri,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": instance,
            **self.extra,
        }


@dataclass(frozen=True)
class Refusal:
    """Why something isn't done here, whoever asks: to be raised as a Problem of its own."""

    kind: Kind
    detail: str

    def problem(self) -> Problem:
        """The Problem that tells it."""
        return Problem(self.kind, self.detail)


#: What ends a request in an orderly way.
FORESEEN = (Problem, RskgError, ClientDisconnect)
BROKEN_OFF = Problem(BAD_HTTP, "The request broke off before its end.")
UNFORESEEN = Problem(INTERNAL, "The server could not answer this request.")


def problem_of(error: RskgError) -> Problem:
    """How an error of ours looks from outside."""
    if isinstance(error, QuerySyntaxError) or (isinstance(error, InputError) and error.line):
        where = {"line": error.line, "column": error.column}
        known = {name: number for name, number in where.items() if number is not None}
        kind = QUERY_SYNTAX if isinstance(error, QuerySyntaxError) else DOCUMENT
        return Problem(kind, error.reason, known)
    if isinstance(error, RefusedFeature):
        return Problem(REFUSED, str(error), {"feature": error.feature})
    if isinstance(error, NotAcceptable):
        return Problem(NOT_ACCEPTABLE, str(error), {"offered": list(error.offered)})
    if isinstance(error, NoRevision | StoreError | UpdateFailed):
        return _of_the_store(error)
    if isinstance(error, UsageError | InputError):
        return Problem(PARAMETER, str(error))
    return _of_the_workers(error)


def _of_the_workers(error: RskgError) -> Problem:
    if isinstance(error, ServiceFailed):
        kind = SERVICE_LATE if error.late else SERVICE_FAILED
        return Problem(kind, str(error), {"service": error.iri})
    if isinstance(error, BudgetExceeded):
        kind = OUT_OF_TIME if error.budget == "time" else OUT_OF_BUDGET
        known = {"budget": error.budget, "limit": error.limit, "used": error.used}
        return Problem(kind, f"{str(error)[:1].upper()}{str(error)[1:]}.", known)
    if isinstance(error, Overloaded):
        kind = TOO_MANY if error.own else OVERLOADED
        return Problem(kind, str(error), headers={"Retry-After": str(error.retry_after)})
    return _of_what_was_lost(error)


def _of_what_was_lost(error: RskgError) -> Problem:
    """Of a worker that was lost, or of the engine; its address is told in the log alone."""
    if isinstance(error, WorkerLost):
        return Problem(WORKER_LOST, str(error), headers={"Retry-After": "1"})
    if not isinstance(error, EndpointFailed | GraphChanged):
        LOG.error("an error without a problem of its own: %s", error)
        return UNFORESEEN
    if isinstance(error, GraphChanged):
        return Problem(GRAPH_CHANGED, f"{error}.".capitalize(), headers={"Retry-After": "2"})
    LOG.warning("the engine failed: %s", error)
    later = {"Retry-After": RETRY_SECONDS} if error.status in _PASSING else {}
    if isinstance(error, PartialAnswer):
        return Problem(ENGINE_FAILED, f"It gave only part of the answer ({error.reason}).")
    said = f"It answered with HTTP {error.status}" if error.status else "It does not answer"
    return Problem(ENGINE_FAILED, f"{said}: {error.reason}.", headers=later)


def _of_the_store(error: NoRevision | StoreError | UpdateFailed) -> Problem:
    if isinstance(error, UpdateFailed):
        return Problem(CONFLICT, str(error))
    later = {"Retry-After": RETRY_SECONDS}
    if isinstance(error, NoRevision):
        return Problem(EMPTY_STORE, str(error), headers=later)
    LOG.error("the store can't be read: %s", error)
    return Problem(UNREADABLE, UNREAD, headers=later)


def answer(request: Request, problem: Problem) -> Response:
    """The problem in the form that the caller reads."""
    headers = {"Vary": "Accept", "Cache-Control": "no-store", **problem.headers}
    status = problem.kind.status
    if wants_page(request):
        page = request.app.state.environment.get_template("problem.html").render(
            request=request, problem=problem, kind=problem.kind, revision=None
        )
        return HTMLResponse(page, status, headers)
    if request.headers.get("accept", "").startswith("text/plain"):
        return PlainTextResponse(f"{problem.kind.title}: {problem.detail}\n", status, headers)
    body = json.dumps(problem.document(request.url.path), ensure_ascii=False)
    return Response(body, status, headers, media_type="application/problem+json")


async def handled(request: Request, error: Exception) -> Response:
    """The answer to a request that ended with this error."""
    if isinstance(error, Problem):
        return answer(request, error)
    if isinstance(error, RskgError):
        return answer(request, problem_of(as_sent(request, error)))
    if isinstance(error, ClientDisconnect):
        return answer(request, BROKEN_OFF)
    if isinstance(error, HTTPException):
        return answer(request, _of_the_framework(request, error))
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(request, UNFORESEEN)


def as_sent(request: Request, error: RskgError) -> RskgError:
    """An update that was sent as a query is refused where there are none, and else misplaced."""
    misplaced = isinstance(error, RefusedFeature) and error.feature == "update"
    if misplaced and request.app.state.mode == "bare":
        return QuerySyntaxError("this is an update: send it as `update`")
    return error


def _of_the_framework(request: Request, error: HTTPException) -> Problem:
    kind = BY_STATUS.get(error.status_code, INTERNAL)
    details = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} doesn't take {request.method}.",
    }
    detail = details.get(error.status_code, str(error.detail))
    headers = {"Allow": allowed(request.scope)} if error.status_code == 405 else error.headers
    return Problem(kind, detail, headers=headers or {})
