"""A SPARQL 1.1 Protocol request, whichever way it was sent, and its bounds.

https://www.w3.org/TR/sparql11-protocol/#query-operation and #update-operation
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from rskg.endpoint.problems import MEDIA_TYPE, PARAMETER, TOO_LARGE, Problem
from rskg.settings import MAX_REQUEST_BYTES, MAX_WRITE_BYTES, Setting
from rskg.syntax import NamedNode

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_USING = ("using-graph-uri", "using-named-graph-uri")
_GRAPHS = ("default-graph-uri", "named-graph-uri")


@dataclass(frozen=True)
class Operation:
    """What was sent: a query's or an update's text, or neither, and what goes with it.

    The graphs are a query's `default-graph-uri` and `named-graph-uri`, or an update's
    `using-graph-uri` and `using-named-graph-uri`.
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format_name: str | None
    timeout: str | None = None
    update: str | None = None


def sent_type(request: Request) -> str:
    """The media type of the body, in small letters; empty where none is told."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def operation(request: Request) -> Operation:
    """Read the operation; a Problem tells what is wrong with the request itself."""
    fields = [(name, value) for name, value in request.query_params.multi_items()]
    if request.method == "GET":
        _bounded(len(request.scope["query_string"]), MAX_REQUEST_BYTES)
        return _of(fields)
    sent = sent_type(request)
    if sent not in (FORM, QUERY, UPDATE):
        raise Problem(
            MEDIA_TYPE,
            f"A body of type {sent or 'nothing'} isn't read here.",
            {"accepted": [QUERY, UPDATE, FORM]},
        )
    if sent == UPDATE and request.method == "QUERY":
        raise Problem(MEDIA_TYPE, "QUERY never changes anything: send an update by POST.")
    body = await text_of(request, MAX_WRITE_BYTES if sent == UPDATE else MAX_REQUEST_BYTES)
    if sent == FORM:
        return _of(fields + parse_qsl(body, keep_blank_values=True))
    return _of([*fields, ("query" if sent == QUERY else "update", body)])


def _of(fields: Sequence[tuple[str, str]]) -> Operation:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    query, update = _one("query", values("query")), _one("update", values("update"))
    if query is not None and update is not None:
        raise Problem(PARAMETER, "Send a query or an update, not both.", {"parameter": "update"})
    ours, others = (_GRAPHS, _USING) if update is None else (_USING, _GRAPHS)
    for name in others:
        if values(name):
            kind = "a query" if update is None else "an update"
            raise Problem(
                PARAMETER, f"{name} means nothing to {kind}; see {ours[0]}.", {"parameter": name}
            )
    named = [value.strip() for value in values("format") if value.strip()]
    return Operation(
        query,
        _graphs(ours[0], values(ours[0])),
        _graphs(ours[1], values(ours[1])),
        named[-1] if named else None,
        next(iter(values("timeout")), None),
        update,
    )


def _one(name: str, values: Sequence[str]) -> str | None:
    if len(values) > 1:
        raise Problem(PARAMETER, f"One `{name}` at a time.", {"parameter": name})
    return values[0] if values else None


def _graphs(parameter: str, iris: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(absolute(parameter, iri) for iri in iris)


def absolute(parameter: str, iri: str) -> str:
    """An absolute IRI as it is; a Problem for anything else."""
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise Problem(
            PARAMETER, f"{parameter} takes an absolute IRI, not {iri!r}.", {"parameter": parameter}
        ) from error


async def text_of(request: Request, limit: Setting) -> str:
    """The body as text; a Problem when it is too large or no UTF-8."""
    received = await bytes_of(request, limit)
    try:
        return received.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(PARAMETER, f"The body isn't UTF-8 (byte {error.start}).") from error


def coding_of(request: Request) -> str:
    """How the body is packed; empty where it isn't."""
    coding = request.headers.get("content-encoding", "").strip().lower()
    return "" if coding == "identity" else coding


async def bytes_of(request: Request, limit: Setting, packed: Container[str] = ()) -> bytes:
    """The body; a Problem as soon as it is known to be larger than the limit.

    It stays packed with one of these codings, and is refused with another.
    """
    coding = coding_of(request)
    if coding and coding not in packed:
        raise Problem(
            MEDIA_TYPE,
            f"A body packed with {coding} isn't read here: send it as it is.",
            headers={"Accept-Encoding": "identity"},  # RFC 9110 15.5.16
        )
    length = request.headers.get("content-length", "0")
    _bounded(int(length) if length.isdigit() else 0, limit)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        _bounded(len(received), limit)
    return bytes(received)


def _bounded(size: int, limit: Setting) -> None:
    most = int(limit.value())
    if size > most:
        raise Problem(
            TOO_LARGE,
            f"At most {most} bytes are read here.",
            {"limit": most, "setting": limit.variable},
        )
