"""The kinds of problems: each has an IRI that opens as a page (RFC 9457 3.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from rskg.namespaces import BASE


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
NOT_UNDERSTOOD = Kind(
    "reconciliation-query",
    422,
    "A query of the Reconciliation API isn't as the API has it",
    "The detail names the query and what is wrong; the manifest is at /reconcile.",
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
HOST = Kind(
    "host",
    421,
    "This address isn't asked by that name",
    "Ask by a name that the operator has listed in RSKG_MCP_HOSTS.",
)
ORIGIN = Kind(
    "origin",
    403,
    "A page of another origin can't ask this address",
    "Ask from a program, or from a page of a host that is listed in RSKG_MCP_HOSTS.",
)
NOT_INSTALLED = Kind(
    "not-installed",
    501,
    "This server is installed without what that needs",
    "The detail names the extra to install.",
)
EMBEDDED_ONLY = Kind(
    "embedded-only",
    501,
    "The engine behind this server doesn't have that",
    "The detail says what a server of the embedded store gives; docs/operate.md has the table.",
)
ENGINE_FAILED = Kind(
    "engine-failed",
    502,
    "The engine behind this server gave no answer, or not all of one",
    "Ask again after as many seconds as Retry-After says; where it isn't sent, ask otherwise: the "
    "detail has the engine's own words.",
)
GRAPH_CHANGED = Kind(
    "graph-replaced",
    503,
    "The graph is being replaced, or was while it was asked",
    "Ask again after as many seconds as Retry-After says.",
)
INTERNAL = Kind(
    "internal",
    500,
    "Something went wrong on our side",
    "Try again; tell us if it stays.",
)
#: All of them, in the order in which they stand above.
KINDS = tuple(each for each in list(globals().values()) if isinstance(each, Kind))
_SPECIAL = (QUERY_SYNTAX, DOCUMENT, NOT_YOURS, FAILED_OFTEN, WITHDRAWN, TOO_MUCH)
BY_STATUS = {kind.status: kind for kind in reversed(KINDS) if kind not in _SPECIAL}
