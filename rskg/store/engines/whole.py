"""Whether an engine's answer is all of it: what isn't is an error, never passed on as whole."""

from __future__ import annotations

import html
import re

import httpx

from rskg.errors import EndpointFailed, PartialAnswer
from rskg.store.partial import sign_of_part

JSON = "application/sparql-results+json"
_FIRST_LINE = 300
_HEAD = re.compile(r"<head\b.*</head>|<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


def require_whole(answer: httpx.Response, where: str) -> None:
    """Raise unless the status and the headers say that a whole table follows.

    Raises PartialAnswer for part of one (206, rows with an error's status, or a header that tells
    so, whoever sends it) and
    EndpointFailed for an error of the engine, with its first line.
    """
    if answer.status_code == httpx.codes.PARTIAL_CONTENT:
        raise PartialAnswer(where, "HTTP 206")
    if sign := sign_of_part(answer.headers):
        raise PartialAnswer(where, sign)
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip()
    if answer.status_code != httpx.codes.OK:
        if media_type == JSON:
            raise PartialAnswer(where, f"HTTP {answer.status_code} over rows")
        raise EndpointFailed(where, first_line(answer), answer.status_code)
    if media_type != JSON:
        raise EndpointFailed(where, f"it answers with {media_type or 'no media type'}, not {JSON}")


def first_line(answer: httpx.Response) -> str:
    """What an engine says of an error, in a line."""
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return "it refuses this user; see RSKG_ENGINE_USER and RSKG_ENGINE_PASSWORD"
    text = answer.read().decode("utf-8", "replace").strip()
    if text.startswith("<"):  # a page for people: what stands in its body, in one line
        text = " ".join(html.unescape(_TAGS.sub(" ", _HEAD.sub("", text))).split())
    return text.partition("\n")[0][:_FIRST_LINE] or answer.reason_phrase
