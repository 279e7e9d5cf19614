"""The questions in OpenAPI: each with its parameters, their types, defaults and choices."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rskg.endpoint.exchange.paging import LIMIT, MOST, OFFSET
from rskg.endpoint.sparql.emptiness import PARAMETER_NAME as EXPLAIN
from rskg.namespaces import SKOS, THING
from rskg.parameter import Parameter
from rskg.query import Query
from rskg.syntax import SOLUTION_FORMATS, NamedNode, Triple

JSON_TYPES = {"iri": "string", "string": "string", "integer": "integer", "boolean": "boolean"}
#: What each question takes beside its parameters and its format.
OF_ALL: tuple[dict[str, Any], ...] = (
    {
        "name": "revision",
        "in": "query",
        "description": "The graph as it was: a revision's number, or a release.",
        "schema": {"type": "string"},
    },
    {
        "name": EXPLAIN,
        "in": "query",
        "description": "Have an answer without rows link (`describedby`) to why it has none.",
        "schema": {"type": "string", "enum": ["empty"]},
    },
    {
        "name": LIMIT,
        "in": "query",
        "description": "So many rows at most; without it, all. `Link` has the other parts.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
    },
    {
        "name": OFFSET,
        "in": "query",
        "description": "Leave out so many rows before the first.",
        "schema": {"type": "integer", "minimum": 0, "maximum": MOST, "default": 0},
    },
)


#: RFC 9457; what else applies stands beside these.
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Opens as a page."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong here, and what to do."},
        **{name: {"type": "integer", "minimum": 1} for name in ("line", "column")},
        "budget": {"type": "string"},
        "limit": {"type": "number"},
    },
}
_ANY = "A problem (RFC 9457): its type opens as a page, its detail says what to do."
_PROBLEM: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}
#: How the framework calls what it would answer, and we don't.
_FRAMEWORKS = "HTTPValidationError"


def code_lists(triples: Iterable[Triple]) -> dict[str, list[str]]:
    """The slugs on each code list of the ontology, by the list's name, which is their kind."""
    found: dict[str, list[str]] = defaultdict(list)
    for triple in triples:
        if triple.predicate.value != SKOS + "inScheme" or not isinstance(triple.subject, NamedNode):
            continue
        kind, _, slug = triple.subject.value.removeprefix(THING).partition("/")
        if isinstance(triple.object, NamedNode) and triple.object.value == f"{THING}scheme/{kind}":
            found[kind].append(slug)
    return {kind: sorted(slugs) for kind, slugs in found.items()}


def paths(
    questions: Mapping[str, Query], lists: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """A path item a question."""
    return {f"/queries/{slug}": {"get": _operation(one, lists)} for slug, one in questions.items()}


def tell_problems(described: dict[str, Any]) -> None:
    """Have each operation say how it tells what goes wrong, in place of the framework's own words.

    A status that isn't listed with an operation is a problem document, too.
    """
    for item in described["paths"].values():
        for operation in item.values():
            answers = operation["responses"]
            if _FRAMEWORKS in json.dumps(answers.get("422", "")):
                del answers["422"]
            answers.setdefault("default", {"description": _ANY, "content": _PROBLEM})
    parts = described.setdefault("components", {}).setdefault("schemas", {})
    for name in (_FRAMEWORKS, "ValidationError"):
        parts.pop(name, None)
    parts["Problem"] = PROBLEM


def _operation(query: Query, lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    formats: dict[str, Any] = {form.media_type: {} for form in SOLUTION_FORMATS}
    return {
        "operationId": f"query-{query.slug}",
        "summary": query.summary,
        "description": "\n\n".join(text for text in (query.description, query.limits) if text),
        "tags": ["questions"],
        "parameters": [
            *(_parameter(one, lists) for one in query.parameters),
            {
                "name": "format",
                "in": "query",
                "description": "Instead of an Accept header.",
                "schema": {"type": "string", "enum": [form.name for form in SOLUTION_FORMATS]},
            },
            *OF_ALL,
        ],
        "responses": {"200": {"description": "The rows.", "content": {"text/html": {}, **formats}}},
    }


def _parameter(parameter: Parameter, lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": JSON_TYPES[parameter.type]}
    told = parameter.description
    if parameter.schemes and all(one in lists for one in parameter.schemes):
        schema["enum"] = [slug for one in parameter.schemes for slug in lists[one]]
    elif parameter.choices:
        schema["enum"] = list(parameter.choices)
    elif parameter.schemes:
        places = " or ".join(f"{THING}{one}/" for one in parameter.schemes)
        lists_ = " and ".join(f"/id/{one}" for one in parameter.schemes)
        told += f" The last part of an IRI under {places}, a code that the"
        told += f" graph has for it, or the IRI: see {lists_}."
    elif parameter.type == "iri":
        schema["format"] = "iri"
    if parameter.default is not None:
        whole = parameter.type == "integer"
        schema["default"] = int(parameter.default) if whole else parameter.default
    return {"name": parameter.name, "in": "query", "description": told, "schema": schema}
