"""Drives a search for reasons where a query is answered at once."""

from __future__ import annotations

from collections.abc import Callable

from rskg.errors import RskgError
from rskg.linting.lint import Finding
from rskg.linting.probes import Asking


def told(search: Asking[list[Finding]], answer: Callable[[str], bytes]) -> list[Finding]:
    """The reasons that a search finds; `answer` gives the rows of a query as TSV.

    A query that fails ends nothing: what depends on it isn't told.
    """
    body: bytes | None = None
    try:
        query = next(search)
        while True:
            try:
                body = answer(query)
            except RskgError:
                body = None
            query = search.send(body)
    except StopIteration as end:
        found: list[Finding] = end.value
        return found
