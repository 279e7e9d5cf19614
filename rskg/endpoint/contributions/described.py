"""What OpenAPI says of requests that carry a document."""

from __future__ import annotations

from typing import Any

from rskg.contribution.record import TABLES
from rskg.endpoint.http.negotiation import TRIPLE_FORMATS

_TEXT = {"type": "string"}
_PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}}


def _told(name: str, place: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "description": description, "schema": schema}


def _refusal(description: str) -> dict[str, Any]:
    return {"description": description, "content": _PROBLEM}


#: Of a contribution that is offered.
OFFER: dict[str, Any] = {
    "parameters": [
        _told("dataset", "query", "The dataset of the token; no other is taken.", _TEXT),
        _told("dry-run", "query", "Judge, and store nothing.", {"enum": ["true", "false"]}),
        _told("report", "query", "The format of the report.", _TEXT),
        _told("Idempotency-Key", "header", "Names the request for repetitions.", _TEXT),
        _told("Prefer", "header", "`respond-async`: 202 at once, and a status.", _TEXT),
    ],
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": _TEXT}
            for media_type in (*(form.media_type for form in TRIPLE_FORMATS), *TABLES.values())
        },
    },
    "responses": {
        "200": {"description": "It is there already, or a dry run that conforms"},
        "201": {"description": "Accepted; Location names it, Revision holds it"},
        "202": {"description": "Being dealt with; Location is its status"},
        "401": _refusal("No token, or none that is valid"),
        "403": _refusal("A token for another dataset"),
        "408": _refusal("The body came too slowly"),
        "413": _refusal("More than may be sent, or can be judged"),
        "415": _refusal("A type, or a packing, that isn't read"),
        "422": _refusal("Not accepted: the report says why, and where"),
        "429": _refusal("Too many wrong tokens came from this address"),
    },
}
