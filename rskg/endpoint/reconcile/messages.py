"""The JSON of the Reconciliation API 0.2: queries as they come, candidates as they are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from rskg.endpoint.exchange.requests import absolute
from rskg.endpoint.pages.solutions import Value
from rskg.endpoint.problems import NOT_UNDERSTOOD, PARAMETER, TOO_LARGE, Problem
from rskg.namespaces import TERM, THING, XSD
from rskg.reconciliation import Candidate, Index, Thing, Wanted

#: The most queries in a batch, things in an extension, and properties of either.
BATCH, MOST_PROPERTIES = 1000, 50
#: The longest name that is looked for, and the most candidates that are told.
LONGEST, MOST_CANDIDATES, USUAL = 500, 100, 10
_WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger"))
_BROKEN = frozenset(XSD + name for name in ("decimal", "double", "float"))


@dataclass(frozen=True)
class Extension:
    """Things and properties by their identifiers, with their IRIs."""

    things: Mapping[str, str]
    properties: Mapping[str, str]


def outer(id_: str, space: str) -> str:
    """The IRI of an identifier: itself where it is one, else within the space."""
    return id_ if "://" in id_ else space + id_


def thing_id(iri: str) -> str:
    """The identifier of a thing."""
    return iri.removeprefix(THING)


def type_id(iri: str) -> str:
    """The identifier of a class or property."""
    return iri.removeprefix(TERM)


def queries_of(text: str) -> dict[str, Wanted]:
    """The queries of a batch by their keys; a Problem tells which is wrong and why."""
    batch = _object(text, "queries")
    if len(batch) > BATCH:
        raise Problem(TOO_LARGE, f"At most {BATCH} queries make a batch.", {"limit": BATCH})
    return {key: _query(key, value) for key, value in batch.items()}


def _query(key: str, value: object) -> Wanted:
    if not isinstance(value, dict):
        raise _wrong(key, "is no object")
    text = value.get("query", "")
    if not isinstance(text, str):
        raise _wrong(key, "has a `query` that is no text")
    properties = value.get("properties", [])
    if not isinstance(properties, list) or len(properties) > MOST_PROPERTIES:
        raise _wrong(key, f"has `properties` that are no list of at most {MOST_PROPERTIES}")
    if not text.strip() and not properties:
        raise _wrong(key, "has neither a `query` nor `properties`")
    strict = value.get("type_strict", "should")
    if strict not in ("any", "should", "all"):
        raise _wrong(key, "has a `type_strict` that is none of any, should and all")
    return Wanted(
        text.strip()[:LONGEST],
        frozenset(outer(each, TERM) for each in _types(key, value.get("type"))),
        tuple(_property(key, each) for each in properties),
        _limit(key, value.get("limit", USUAL)),
        strict == "all",
    )


def _types(key: str, types: object) -> list[str]:
    listed = types if isinstance(types, list) else [types] if types else []
    named = [each.get("id") if isinstance(each, dict) else each for each in listed]
    if not all(isinstance(each, str) for each in named):
        raise _wrong(key, "has a `type` that is no identifier and no list of them")
    return [str(each) for each in named if each]


def _limit(key: str, limit: object) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise _wrong(key, "has a `limit` that is no positive number")
    return int(min(limit, MOST_CANDIDATES))


def _property(key: str, value: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not isinstance(value.get("pid"), str) or "v" not in value:
        raise _wrong(key, "has a property without `pid` or `v`")
    values = value["v"] if isinstance(value["v"], list) else [value["v"]]
    texts = [_text(each) for each in values]
    if None in texts:
        raise _wrong(key, "has a `v` that is no text, number, truth value or thing")
    return outer(value["pid"], TERM), tuple(each for each in texts if each)


def _text(value: object) -> str | None:
    if isinstance(value, dict):
        id_ = value.get("id")
        return outer(id_, THING) if isinstance(id_, str) else None
    return str(value) if isinstance(value, str | int | float) else None


def extension_of(text: str) -> Extension:
    """What to tell of which things; a Problem where the JSON isn't that."""
    wanted = _object(text, "extend")
    ids, properties = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Problem(NOT_UNDERSTOOD, "`extend` needs `ids`, a list of identifiers.")
    if not isinstance(properties, list) or not all(
        isinstance(each, dict) and isinstance(each.get("id"), str) for each in properties
    ):
        raise Problem(NOT_UNDERSTOOD, "`extend` needs `properties`, a list of objects with `id`.")
    if len(ids) > BATCH or len(properties) > MOST_PROPERTIES:
        told = f"At most {BATCH} things and {MOST_PROPERTIES} properties at a time."
        raise Problem(TOO_LARGE, told, {"limit": BATCH})
    return Extension(
        {each: absolute("ids", outer(each, THING)) for each in ids},
        {each["id"]: absolute("properties", outer(each["id"], TERM)) for each in properties},
    )


def _object(text: str, field: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(PARAMETER, f"`{field}` is no JSON: {error}.", {"parameter": field}) from error
    if not isinstance(found, dict):
        raise Problem(PARAMETER, f"`{field}` is no JSON object.", {"parameter": field})
    return found


def _wrong(key: str, what: str) -> Problem:
    return Problem(NOT_UNDERSTOOD, f"Query {key!r} {what}.", {"query": key})


class Told:
    """Things of an index as a client is told of them."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def candidate(self, found: Candidate) -> dict[str, Any]:
        """A reconciliation candidate."""
        return {
            **self._named(found.thing),
            "type": self._types(found.thing),
            "score": round(found.score, 1),
            "features": [{"id": id_, "value": value} for id_, value in found.features.items()],
            "match": found.match,
        }

    def entity(self, thing: Thing) -> dict[str, Any]:
        """A suggested thing."""
        return {**self._named(thing), "notable": self._types(thing)}

    def value(self, value: Value, label: str) -> dict[str, Any]:
        """A cell: a thing of ours with its name, a number, a moment, or a text."""
        if value.is_iri and value.text in self._index.things:
            name = label or self._index.things[value.text].name
            return {"id": thing_id(value.text), "name": name or value.text}
        if value.datatype in _WHOLE:
            return {"int": int(value.text)}
        if value.datatype in _BROKEN and isfinite(value.number):
            return {"float": value.number}
        if value.datatype == XSD + "dateTime":
            return {"date": value.text}
        if value.datatype == XSD + "date" and len(value.text) == 10:
            return {"date": f"{value.text}T00:00:00"}
        return {"str": value.text}

    def _named(self, thing: Thing) -> dict[str, str]:
        kind = self._index.class_name(thing.types[0]) if thing.types else ""
        countries = [place for places in thing.places.values() for place in places]
        names = [self._index.things[each].name for each in countries if each in self._index.things]
        about = ", ".join(dict.fromkeys((kind, *names)))
        return {"id": thing_id(thing.iri), "name": thing.name or thing.iri, "description": about}

    def _types(self, thing: Thing) -> list[dict[str, str]]:
        return [{"id": type_id(each), "name": self._index.class_name(each)} for each in thing.types]
