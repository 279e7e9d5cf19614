"""The shapes: what must hold, in the words of their messages, and the same as RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, is_page, suffix_of
from rskg.endpoint.pages.solutions import Table, Value
from rskg.endpoint.pages.visit import Visiting, unknown
from rskg.endpoint.pages.words import tail
from rskg.endpoint.vocabulary.authored import authored
from rskg.namespaces import BASE, GENID, RDFS, SH, SHAPE

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
async def shapes(request: Request, visit: Visiting) -> Response:
    """Every node shape with its target and messages; or the whole graph."""
    form = chosen(request, DOCUMENT_FORMATS)
    if not is_page(form):
        return await authored(
            visit,
            "shapes",
            form.name,
            {"Content-Location": f"/shapes.{form.name}?revision={visit.revision}"},
        )
    shown = _shapes(*await visit.tables("shapes", "shape-rules"))
    return visit.page("shapes.html", shapes=shown, first=_first_places(shown))


@router.get("/shapes.{ending}", summary="The shapes in one format", include_in_schema=False)
async def shapes_file(visit: Visiting, ending: str) -> Response:
    """`/shapes.ttl` and its like, whatever the Accept header says."""
    _, form = suffix_of(f"shapes.{ending}", DOCUMENT_FORMATS)
    if form is None:
        raise unknown(f"{BASE}shapes.{ending}")
    if is_page(form):
        return RedirectResponse("/shapes", 303)
    return await authored(visit, "shapes", form.name)


def _first_places(shapes: Sequence[Shape]) -> dict[str, str]:
    """The shape under which each rule is listed first: there its anchor stands."""
    places: dict[str, str] = {}
    for shape in shapes:
        for rule in shape.rules:
            places.setdefault(rule.iri, shape.iri)
    return places


def _shapes(found: Table, rules: Table) -> list[Shape]:
    said, inner = _by_subject(found, "shape"), _by_subject(rules, "rule")
    return [_shape(iri, facts, inner) for iri, facts in said.items()]


def _by_subject(found: Table, name: str) -> dict[str, dict[str, list[Value]]]:
    said: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        values = said[row[name].text][row["property"].text]
        if row["value"] not in values:
            values.append(row["value"])
    return said


def _shape(
    iri: str,
    facts: Mapping[str, Sequence[Value]],
    inner: Mapping[str, Mapping[str, Sequence[Value]]],
) -> Shape:
    targets = [
        (tail(name), value.text)
        for name, values in facts.items()
        for value in values
        if name.startswith(SH + "target") and value.is_iri
    ]
    rules = [
        _rule(value.text, inner[value.text])
        for name in HELD
        for value in facts.get(name, ())
        if value.text in inner
    ]
    own = _rule("", facts)
    return Shape(
        iri=iri,
        label=_english(facts, RDFS + "label") or _english(facts, SH + "name"),
        description=_english(facts, RDFS + "comment") or _english(facts, SH + "description"),
        targets=targets,
        rules=[*([own] if own.asks or own.message else []), *sorted(rules, key=lambda r: r.path)],
    )


def _rule(iri: str, facts: Mapping[str, Sequence[Value]]) -> Rule:
    path = next((value.text for value in facts.get(SH + "path", ())), "")
    asks = [
        (wording, value) for name, wording in WORDINGS.items() for value in facts.get(SH + name, ())
    ]
    severity = next((value.text for value in facts.get(SH + "severity", ())), "")
    return Rule(
        iri=iri,
        path="" if path.startswith(GENID) else path,
        name=_english(facts, SH + "name"),
        asks=asks,
        message=_english(facts, SH + "message"),
        severity=SEVERITIES.get(severity, "violation"),
    )


def _english(facts: Mapping[str, Sequence[Value]], name: str) -> str:
    texts = [value.text for value in facts.get(name, ()) if value.language in ("en", "")]
    return " ".join(texts)
