"""The modules of the ontology: a file each, with the terms that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rskg.endpoint.vocabulary.terms import CLASS, Term
from rskg.namespaces import RDF, TERM
from rskg.ontology import Ontology
from rskg.syntax import NamedNode

#: Folders of `ontology/` whose files are no modules.
ASIDE = ("alignments", "imports", "rules")
OTHERS = "other terms"


@dataclass
class Module:
    """A module by its name, with its classes and its properties."""

    name: str
    classes: list[Term] = field(default_factory=list)
    properties: list[Term] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.name.replace(" ", "-")

    @property
    def terms(self) -> list[Term]:
        """Its classes, then its properties."""
        return [*self.classes, *self.properties]


def declared(ontology: Ontology) -> dict[str, str]:
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


def modules(terms: Iterable[Term], module_of: Mapping[str, str]) -> list[Module]:
    """The modules in alphabetical order."""
    found: dict[str, Module] = {}
    for term in terms:
        name = module_of.get(term.iri, OTHERS)
        module = found.setdefault(name, Module(name))
        (module.classes if term.kind == CLASS else module.properties).append(term)
    return [module for _, module in sorted(found.items())]
