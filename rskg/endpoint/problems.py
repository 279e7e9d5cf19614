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

from rskg.endpoint.evaluation import NoRevision
from rskg.endpoint.methods import allowed
from rskg.endpoint.negotiation import wants_page
from rskg.errors import (
    BudgetExceeded,
    InputError,
    NotAcceptable,
    Overloaded,
    QuerySyntaxError,
    RefusedFeature,
    RskgError,
    ServiceFailed,
    StoreError,
    UpdateFailed,
    UsageError,
    WorkerLost,
)
from rskg.namespaces import BASE

LOG = logging.getLogger("rskg.endpoint")


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its stable name, status, title and what to do about it."""

    slug: str
    status: int
    title: str
    advice: str

    @property
    def iri(self) -> str:
        """The `type` of the problem document; it opens as a page."""
        return f"{BASE}problem/{self.slug}"


QUERY_SYNTAX = Kind(
    "query-syntax",
    400,
    "The query can't be read",
    "Look at the line and column that the detail names; count from 1.",
)
DOCUMENT = Kind(
    "document-syntax",
    400,
    "The document can't be read",
    "Look at the line and column that the detail names; count from 1.",
)
PARAMETER = Kind(
    "parameter",
    400,
    "A parameter is missing, unknown or out of range",
    "The detail names the parameter and what it takes.",
)
REFUSED = Kind(
    "refused-feature",
    403,
    "This endpoint never does that",
    "SERVICE and updates are refused for everyone: ask the other endpoint yourself, or contribute.",
)
NO_WRITES = Kind(
    "no-writes",
    403,
    "This store takes no raw writes",
    "A built store takes contributions, at /contributions; a bare one takes what carries the "
    "token of the administrator, if the server was started with one.",
)
NO_TOKEN = Kind(
    "token",
    401,
    "The token is missing or isn't the right one",
    "Send `Authorization: Bearer` and a token: the administrator's for a write to a bare store, "
    "your own for a contribution.",
)
NOT_YOURS = Kind(
    "not-yours",
    403,
    "Your token doesn't allow that",
    "A token is for one dataset of one partner; the operator makes them with `rskg token create`.",
)
FAILED_OFTEN = Kind(
    "failed-often",
    429,
    "Too many wrong tokens came from your address",
    "Try again after as many seconds as Retry-After says.",
)
NOT_ACCEPTED = Kind(
    "not-accepted",
    422,
    "The contribution isn't accepted",
    "The report says what is wrong and where; nothing was stored. `?report=` gives it in another "
    "format, `rskg validate` on your own machine.",
)
KEY_USED = Kind(
    "key-used",
    422,
    "This Idempotency-Key came with another request",
    "Make a new key for each request that isn't a repetition.",
)
WITHDRAWN = Kind(
    "withdrawn",
    410,
    "This contribution was withdrawn",
    "It is in the revisions before; `withdrawnBy` and `withdrawn` say who withdrew it when.",
)
TOO_SLOW = Kind(
    "too-slow",
    408,
    "The body came too slowly",
    "Send it again over a better connection, or packed with gzip or zstd.",
)
TOO_MUCH = Kind(
    "too-much",
    413,
    "The contribution is more than can be judged",
    "Send it in parts; the operator sets the bounds.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "Nothing here",
    "Search by name, or start from the list of datasets.",
)
GONE = Kind(
    "revision-removed",
    410,
    "That revision was removed",
    "Old revisions without a name are removed; /revisions lists those that are kept.",
)
CONFLICT = Kind(
    "update-failed",
    409,
    "The update can't be done as the store is",
    "Nothing was changed. SILENT lets an update go on past what isn't there.",
)
METHOD = Kind("method", 405, "This address doesn't take that method", "See the header Allow.")
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    "None of the formats asked for is offered",
    "Ask for one of the formats in `offered`, by Accept or `format=`.",
)
TOO_LARGE = Kind(
    "request-too-large",
    413,
    "The request is too large",
    "Send less than `limit` bytes; the operator sets it with `setting`.",
)
MEDIA_TYPE = Kind(
    "media-type",
    415,
    "The body's type isn't one that this address reads",
    "Send application/sparql-query, or a form with a field `query`.",
)
INVALID_DOCUMENT = Kind(
    "unreadable-document",
    422,
    "The document can't be read",
    "Look at the line and column that the detail names; count from 1.",
)
INVALID_SHAPES = Kind(
    "nothing-checked",
    422,
    "The shapes can't be used, or nothing would be checked by them",
    "The detail says what is wrong; a report would have meant nothing.",
)
CHECK_BUDGET = Kind(
    "check-budget",
    504,
    "The check needs more than it may use",
    "Check less at once, or run `rskg validate` on your own machine; `budget` says what ran out.",
)
EMPTY_STORE = Kind(
    "empty-store",
    503,
    "The store holds nothing yet",
    "Run `rskg build`, or wait until it is done.",
)
UNREADABLE = Kind(
    "unreadable-store",
    503,
    "The store can't be read right now",
    "Try again in a moment; the server's log says why.",
)
UNWRITABLE = Kind(
    "unwritable-store",
    503,
    "The store can't be written right now",
    "Nothing was changed: try again in a moment; the server's log says why.",
)
UNREAD = "A revision could not be opened."
OUT_OF_TIME = Kind(
    "time-budget",
    504,
    "The query took longer than it may",
    "Narrow it, or ask in parts; `limit` is in seconds, and `timeout=` only lowers it.",
)
OUT_OF_BUDGET = Kind(
    "budget",
    503,
    "The query needs more than it may use",
    "Narrow it, or ask in parts; `budget` says what ran out, `limit` how much there is.",
)
SERVICE_FAILED = Kind(
    "service-failed",
    502,
    "An endpoint that the query names by SERVICE failed",
    "The detail says which and how. SERVICE SILENT does without it.",
)
SERVICE_LATE = Kind(
    "service-late",
    504,
    "An endpoint that the query names by SERVICE did not answer in time",
    "Ask it less, or ask again; SERVICE SILENT does without it.",
)
OVERLOADED = Kind(
    "overloaded",
    503,
    "Too many queries are waiting",
    "Ask again after as many seconds as Retry-After says.",
)
TOO_MANY = Kind(
    "too-many-queries",
    429,
    "Too many of your queries are waiting",
    "Ask fewer at once, and again after as many seconds as Retry-After says.",
)
WORKER_LOST = Kind(
    "worker-lost",
    503,
    "The process that evaluated the query ended",
    "Ask again; the server's log says why.",
)
OLD_HTTP = Kind(
    "http-version",
    505,
    "An answer of this size takes HTTP/1.1",
    "Ask by HTTP/1.1 (nginx: proxy_http_version 1.1), or ask in parts: with HTTP/1.0 nobody could "
    "tell a broken answer from a complete one.",
)
BAD_HTTP = Kind(
    "http-request",
    400,
    "That is no HTTP request",
    "The client wrote something that RFC 9112 has no meaning for: try another one.",
)
LATE_REQUEST = Kind(
    "request-late",
    408,
    "The request took too long to arrive",
    "Send it again, at once; the operator sets the time with RSKG_REQUEST_SECONDS.",
)
LONG_ADDRESS = Kind(
    "address-too-long",
    414,
    "The address is too long",
    "Send the query by POST, as application/sparql-query or in a form.",
)
LARGE_HEAD = Kind(
    "head-too-large",
    431,
    "The headers are too large",
    "Send fewer or shorter headers.",
)
INTERNAL = Kind(
    "internal",
    500,
    "Something went wrong on our side",
    "Try again; tell us if it stays.",
)
KINDS = (
    QUERY_SYNTAX,
    DOCUMENT,
    PARAMETER,
    REFUSED,
    NO_WRITES,
    NO_TOKEN,
    NOT_YOURS,
    FAILED_OFTEN,
    NOT_ACCEPTED,
    KEY_USED,
    WITHDRAWN,
    TOO_SLOW,
    TOO_MUCH,
    NOT_FOUND,
    GONE,
    CONFLICT,
    METHOD,
    NOT_ACCEPTABLE,
    TOO_LARGE,
    MEDIA_TYPE,
    EMPTY_STORE,
    UNREADABLE,
    UNWRITABLE,
    OUT_OF_TIME,
    OUT_OF_BUDGET,
    SERVICE_FAILED,
    SERVICE_LATE,
    OVERLOADED,
    TOO_MANY,
    WORKER_LOST,
    OLD_HTTP,
    BAD_HTTP,
    LATE_REQUEST,
    LONG_ADDRESS,
    LARGE_HEAD,
    INVALID_DOCUMENT,
    INVALID_SHAPES,
    CHECK_BUDGET,
    INTERNAL,
)
_SPECIAL = (QUERY_SYNTAX, DOCUMENT, NOT_YOURS, FAILED_OFTEN, WITHDRAWN, TOO_MUCH)
BY_STATUS = {kind.status: kind for kind in reversed(KINDS) if kind not in _SPECIAL}
RETRY_SECONDS = "10"


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
    if isinstance(error, WorkerLost):
        return Problem(WORKER_LOST, str(error), headers={"Retry-After": "1"})
    LOG.error("an error without a problem of its own: %s", error)
    return UNFORESEEN


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
