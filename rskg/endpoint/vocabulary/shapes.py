"""The shapes: what must hold, in the words of their messages, and the same as RDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from rskg.endpoint.languages import language_of
from rskg.endpoint.pages.solutions import Table, Value
from rskg.endpoint.pages.visit import Visiting
from rskg.endpoint.pages.words import tail
from rskg.endpoint.vocabulary.authored import document, file
from rskg.endpoint.vocabulary.said import Said, by_subject
from rskg.namespaces import GENID, RDFS, SH, SHAPE

router = APIRouter()
SEVERITIES = {SH + "Warning": "warning", SH + "Info": "info"}
#: How a node shape holds its rules.
HELD = (SH + "property", SH + "sparql")
WORDINGS = {
    "minCount": "at least",
    "maxCount": "at most",
    "datatype": "type",
    "class": "a",
    "nodeKind": "node",
    "pattern": "pattern",
    "minInclusive": "from",
    "maxInclusive": "to",
    "minLength": "characters at least",
    "maxLength": "characters at most",
    "uniqueLang": "one a language",
    "hasValue": "has",
    "equals": "equals",
    "disjoint": "differs from",
    "lessThan": "less than",
    "lessThanOrEquals": "not more than",
}


@dataclass(frozen=True)
class Rule:
    """One constraint of a shape: on which property, what it asks, in its own words."""

    iri: str
    path: str
    name: str
    asks: Sequence[tuple[str, Value]]
    message: str
    severity: str

    @property
    def anchor(self) -> str:
        """The fragment of its IRI, where it has one of its own."""
        return tail(self.iri) if self.iri.startswith(SHAPE) else ""


@dataclass(frozen=True)
class Shape:
    """A node shape: what it targets, and its rules."""

    iri: str
    label: str
    description: str
    targets: Sequence[tuple[str, str]]
    rules: Sequence[Rule]

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return tail(self.iri)


@router.get("/shapes", summary="The shapes: page or RDF")
async def shapes(visit: Visiting) -> Response:
    """Every node shape with its target and messages; or the whole graph."""

    async def written() -> Mapping[str, object]:
        found, rules = await visit.tables("shapes", "shape-rules")
        shown = _shapes(found, rules, language_of(visit.request))
        return {"shapes": shown, "first": _first_places(shown)}

    return await document(visit, "shapes", written)


@router.get("/shapes.{ending}", summary="The shapes in one format", include_in_schema=False)
async def shapes_file(visit: Visiting, ending: str) -> Response:
    """`/shapes.ttl` and its like, whatever the Accept header says."""
    return await file(visit, "shapes", ending)


def _first_places(shapes: Sequence[Shape]) -> dict[str, str]:
    """The shape under which each rule is listed first: there its anchor stands."""
    places: dict[str, str] = {}
    for shape in shapes:
        for rule in shape.rules:
            places.setdefault(rule.iri, shape.iri)
    return places


def _shapes(found: Table, rules: Table, language: str) -> list[Shape]:
    inner = {iri: _rule(iri, said, language) for iri, said in by_subject(rules, "rule").items()}
    return [_shape(iri, said, inner, language) for iri, said in by_subject(found, "shape").items()]


def _shape(iri: str, said: Said, inner: Mapping[str, Rule], language: str) -> Shape:
    held = [value.text for name in HELD for value in said.values(name)]
    rules = sorted((inner[name] for name in held if name in inner), key=lambda rule: rule.path)
    own = _rule("", said, language)
    return Shape(
        iri=iri,
        label=said.text(RDFS + "label", language) or said.text(SH + "name", language),
        description=said.text(RDFS + "comment", language)
        or said.text(SH + "description", language),
        targets=[
            (tail(name), target)
            for name in said.facts
            if name.startswith(SH + "target")
            for target, _ in said.linked(name)
        ],
        rules=[*([own] if own.asks or own.message else []), *rules],
    )


def _rule(iri: str, said: Said, language: str) -> Rule:
    path = next((value.text for value in said.values(SH + "path")), "")
    severity = next((value.text for value in said.values(SH + "severity")), "")
    return Rule(
        iri=iri,
        path="" if path.startswith(GENID) else path,
        name=said.text(SH + "name", language),
        asks=[(word, value) for name, word in WORDINGS.items() for value in said.values(SH + name)],
        message=said.text(SH + "message", language),
        severity=SEVERITIES.get(severity, "violation"),
    )
