"""By what an answer over HTTP tells that it is only part of one, though its status is 200."""

from __future__ import annotations

from collections.abc import Mapping

#: Virtuoso's: it ended a query at a time limit of its own, or left out the rows beyond its cap.
#: Seen with 07.20.3229; the profiles of engines say which of them is which.
SIGNS = ("X-SQL-State", "X-SPARQL-MaxRows")
_LONGEST = 300


def sign_of_part(headers: Mapping[str, str]) -> str | None:
    """The header that tells so, with what it says; None where none does. Names in any case."""
    told = {name.lower(): value for name, value in headers.items()}
    for name in SIGNS:
        if said := told.get(name.lower()):
            more = told.get(name.lower().replace("state", "message"), "") if "State" in name else ""
            return f"{name}: {said} {more}".strip()[:_LONGEST]
    return None
