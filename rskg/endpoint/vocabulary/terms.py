"""The ontology: its page with an anchor for every term, and the same as RDF.

Term IRIs are hash IRIs, so `/ontology` answers for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, is_page, suffix_of
from rskg.endpoint.pages.solutions import Table, Value, number_of
from rskg.endpoint.pages.visit import Visiting, unknown
from rskg.endpoint.pages.words import families as families_below
from rskg.endpoint.pages.words import tail
from rskg.endpoint.vocabulary.authored import authored
from rskg.namespaces import BASE, ONTOLOGY, OWL, RDF, RDFS, SKOS, TERM
from rskg.ontology import Ontology
from rskg.syntax import NamedNode

router = APIRouter()
LANGUAGES = ("en", "fr", "es", "de")
KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
}
#: Folders of `ontology/` whose files are no modules.
ASIDE = ("alignments", "imports", "rules")
RELATIONS = {
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "is a case of",
    RDFS + "domain": "from",
    RDFS + "range": "to",
    OWL + "inverseOf": "inverse of",
    OWL + "propertyChainAxiom": "follows by a chain",
    SKOS + "exactMatch": "same as",
    SKOS + "closeMatch": "close to",
}


@dataclass(frozen=True)
class Term:
    """A class or property with all that its entry shows."""

    iri: str
    kind: str
    labels: Mapping[str, str]
    definition: str
    notes: Sequence[str]
    relations: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    uses: int

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return tail(self.iri)


def modules(ontology: Ontology) -> dict[str, str]:
    """Which file of `ontology/` declares each term: its IRI to the module's name.

    What a module declares is its own, even where a rule or an alignment says more of it.
    """
    found: dict[str, str] = {}
    for path, document in ontology.documents.items():
        aside = path.parent.name in ASIDE
        module = path.parent.name if aside else path.stem.removesuffix("-lists").replace("-", " ")
        for triple in document:
            if triple.predicate.value != RDF + "type" or not isinstance(triple.subject, NamedNode):
                continue
            iri = triple.subject.value
            if iri.startswith(TERM) and not (aside and iri in found):
                found[iri] = module
    return found


def families(ontology: Ontology) -> dict[str, str]:
    """The colour family of every class of ours, by name."""
    above: dict[str, set[str]] = defaultdict(set)
    for triple in ontology.triples:
        subject, value = triple.subject, triple.object
        if triple.predicate.value != RDFS + "subClassOf":
            continue
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            above[tail(subject.value)].add(tail(value.value))
    return families_below(above)


@router.get("/ontology", summary="The ontology: page or RDF")
async def ontology(request: Request, visit: Visiting) -> Response:
    """Modules, classes and properties with labels in four languages; or the whole graph."""
    form = chosen(request, DOCUMENT_FORMATS)
    if not is_page(form):
        return await authored(
            visit,
            "ontology",
            form.name,
            {"Content-Location": f"/ontology.{form.name}?revision={visit.revision}"},
        )
    found, uses, schemes, header = (
        *(await visit.tables("terms", "term-usage", "schemes")),
        await visit.table("facts", thing=NamedNode(ONTOLOGY)),
    )
    terms = _terms(
        found, {row["term"].text: number_of(row, "uses") for row in uses if "term" in row}
    )
    return visit.page(
        "ontology.html",
        modules=_by_module(terms, request.app.state.modules),
        number=len(terms),
        schemes=schemes,
        header=_header(header),
        languages=LANGUAGES,
    )


@router.get("/ontology.{ending}", summary="The ontology in one format", include_in_schema=False)
async def ontology_file(visit: Visiting, ending: str) -> Response:
    """`/ontology.ttl` and its like, whatever the Accept header says."""
    _, form = suffix_of(f"ontology.{ending}", DOCUMENT_FORMATS)
    if form is None:
        raise unknown(f"{BASE}ontology.{ending}")
    if is_page(form):
        return RedirectResponse("/ontology", 303)
    return await authored(visit, "ontology", form.name)


@router.get("/ontology/{version}", summary="A version of the ontology")
async def version(visit: Visiting, version: str) -> Response:
    """303 to the ontology when it is the served version; older ones live in older revisions."""
    header = _header(await visit.table("facts", thing=NamedNode(ONTOLOGY)))
    if header.get("versionInfo") != version:
        raise unknown(f"{ONTOLOGY}/{version}")
    return RedirectResponse("/ontology", 303, {"Vary": "Accept"})


def _header(facts: Table) -> dict[str, str]:
    said: dict[str, str] = {}
    for row in facts:
        if row["value"].language in ("", "en"):
            said.setdefault(tail(row["property"].text), row["value"].text)
    return said


def _terms(found: Table, uses: Mapping[str, int]) -> list[Term]:
    said: dict[str, dict[str, dict[Value, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in found:
        label = row["label"].text if "label" in row else ""
        said[row["term"].text][row["property"].text][row["value"]] = label
    return [_term(iri, facts, uses.get(iri, 0)) for iri, facts in said.items()]


def _term(iri: str, facts: Mapping[str, Mapping[Value, str]], uses: int) -> Term:
    types = [KINDS[v.text] for v in facts.get(RDF + "type", {}) if v.text in KINDS]
    texts = {
        name: [value.text for value in facts.get(SKOS + name, {}) if value.language in ("en", "")]
        for name in ("definition", "scopeNote", "editorialNote", "example")
    }
    relations = [
        (wording, [(value.text, label) for value, label in facts[prop].items() if value.is_iri])
        for prop, wording in RELATIONS.items()
        if prop in facts
    ]
    return Term(
        iri=iri,
        kind=types[0] if types else "individual",
        labels={v.language: v.text for v in facts.get(RDFS + "label", {})},
        definition=" ".join(texts["definition"]),
        notes=[*texts["scopeNote"], *texts["example"], *texts["editorialNote"]],
        relations=relations,
        uses=uses,
    )


def _by_module(
    terms: Sequence[Term], module_of: Mapping[str, str]
) -> dict[str, tuple[list[Term], list[Term]]]:
    """Modules in alphabetical order, each with its classes and its properties."""
    grouped: dict[str, tuple[list[Term], list[Term]]] = {}
    for term in terms:
        group = grouped.setdefault(module_of.get(term.iri, "other terms"), ([], []))
        group[0 if term.kind == "class" else 1].append(term)
    return dict(sorted(grouped.items()))
