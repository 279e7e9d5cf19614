"""The terms of the ontology: each with its labels, what it says and how often it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.endpoint.languages import ENGLISH, language_of
from rskg.endpoint.pages.solutions import number_of
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import tail
from rskg.endpoint.vocabulary.said import Said, by_subject
from rskg.namespaces import OWL, RDF, RDFS, SKOS

CLASS, OBJECT, DATATYPE = "class", "object property", "datatype property"
KINDS = {
    OWL + "Class": CLASS,
    OWL + "ObjectProperty": OBJECT,
    OWL + "DatatypeProperty": DATATYPE,
    OWL + "AnnotationProperty": "annotation property",
}
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
    said: Said
    uses: int
    language: str

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return tail(self.iri)

    @property
    def kind(self) -> str:
        """Class, or which sort of property."""
        kinds = (KINDS[v.text] for v in self.said.values(RDF + "type") if v.text in KINDS)
        return next(kinds, "individual")

    @property
    def labels(self) -> Mapping[str, str]:
        """Its labels by language."""
        return {v.language: v.text for v in self.said.values(RDFS + "label")}

    @property
    def label(self) -> str:
        """Its label in the reader's language, else in English."""
        return self.labels.get(self.language) or self.labels.get(ENGLISH, self.anchor)

    @property
    def definition(self) -> str:
        """What it means."""
        return self.said.text(SKOS + "definition", self.language)

    @property
    def notes(self) -> Sequence[str]:
        """What else is told of it."""
        names = ("scopeNote", "example", "editorialNote")
        return [text for name in names for text in self.said.texts(SKOS + name, self.language)]

    @property
    def relations(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        """How it is tied to other terms: the words, and the terms with their labels."""
        told = ((words, self.said.linked(name)) for name, words in RELATIONS.items())
        return [(words, linked) for words, linked in told if linked]

    def linked(self, name: str) -> list[str]:
        """The IRIs that a property of RDFS leads to."""
        return [iri for iri, _ in self.said.linked(RDFS + name)]


async def terms_of(visit: Visit) -> dict[str, Term]:
    """Every class and property of the ontology, by IRI."""
    found, used = await visit.tables("terms", "term-usage")
    uses = {row["term"].text: number_of(row, "uses") for row in used if "term" in row}
    language = language_of(visit.request)
    return {
        iri: Term(iri, said, uses.get(iri, 0), language)
        for iri, said in by_subject(found, "term").items()
    }
