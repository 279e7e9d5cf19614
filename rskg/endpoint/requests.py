"""A SPARQL 1.1 Protocol request, whichever way it was sent, and its bounds.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from rskg.endpoint.problems import MEDIA_TYPE, PARAMETER, REFUSED, TOO_LARGE, Problem
from rskg.settings import MAX_REQUEST_BYTES

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Operation:
    """A query as sent: its text (None where none was), its graphs, `format=`, `timeout=`."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format_name: str | None
    timeout: str | None = None


async def operation(request: Request) -> Operation:
    """Read the operation; a Problem tells what is wrong with the request itself."""
    fields = [(name, value) for name, value in request.query_params.multi_items()]
    if request.method == "GET":
        _bounded(len(request.scope["query_string"]))
        return _of(fields)
    body = await _body(request)
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent == FORM:
        return _of(fields + parse_qsl(body, keep_blank_values=True))
    if sent == QUERY:
        return _of([*fields, ("query", body)])
    if sent == UPDATE:
        raise Problem(REFUSED, "This store is read-only: updates are refused.")
    raise Problem(
        MEDIA_TYPE,
        f"A body of type {sent or 'nothing'} isn't read here.",
        {"accepted": [QUERY, FORM]},
    )


def _of(fields: Sequence[tuple[str, str]]) -> Operation:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    if values("update"):
        raise Problem(REFUSED, "This store is read-only: updates are refused.")
    queries = values("query")
    if len(queries) > 1:
        raise Problem(PARAMETER, "One `query` at a time.", {"parameter": "query"})
    named = [value.strip() for value in values("format") if value.strip()]
    return Operation(
        queries[0] if queries else None,
        _graphs("default-graph-uri", values("default-graph-uri")),
        _graphs("named-graph-uri", values("named-graph-uri")),
        named[-1] if named else None,
        next(iter(values("timeout")), None),
    )


def _graphs(parameter: str, iris: tuple[str, ...]) -> tuple[str, ...]:
    for iri in iris:
        if ":" not in iri or any(sign in iri for sign in ' <>"{}|\\^`\n\r\t'):
            raise Problem(
                PARAMETER,
                f"{parameter} takes an absolute IRI, not {iri!r}.",
                {"parameter": parameter},
            )
    return iris


async def _body(request: Request) -> str:
    _bounded(int(length) if (length := request.headers.get("content-length", "0")).isdigit() else 0)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        _bounded(len(received))
    try:
        return received.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(PARAMETER, f"The body isn't UTF-8 (byte {error.start}).") from error


def _bounded(size: int) -> None:
    limit = int(MAX_REQUEST_BYTES.value())
    if size > limit:
        raise Problem(TOO_LARGE, f"At most {limit} bytes are read here.", {"limit": limit})
