"""The JSON-LD context: the names of the ontology as keys, made from it and from the shapes.

Prefixes are those of the table, so a name means what it means in our Turtle. A property that has
the name of a prefix is written with its own one, `rskg:confidence`. What no key is known for is
taken as a term of ours, so that the shapes tell of a slip instead of nobody.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from rskg import ontology, shapes
from rskg.namespaces import OWL, RDF, RDFS, SH, TERM, XSD
from rskg.ontology import Ontology
from rskg.paths import Files
from rskg.syntax import NamedNode, Triple

#: Keys that JSON-LD has a word of its own for.
_ALIASES = {"id": "@id", "type": "@type"}
_KINDS = tuple(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
#: What an IRI ends with so that it may be a prefix (JSON-LD 1.1, 4.1.5).
_OPEN = tuple(":/?#[]@")
_OURS = "rskg"


@cache
def context(files: Files) -> str:
    """The context document of these files, on one line; raises InputError.

    Without shapes the ontology alone says of what kind values are.
    """
    rules = shapes.load([files.shapes]).triples if files.shapes.exists() else ()
    return json.dumps({"@context": written(ontology.load(files.ontology), rules)})


def written(terms: Ontology, rules: Sequence[Triple]) -> dict[str, object]:
    """What stands under `@context`."""
    prefixes = {
        name: space if space.endswith(_OPEN) else {"@id": space, "@prefix": True}
        for name, space in terms.prefixes.items()
    }
    taken = {*prefixes, *_ALIASES}
    told = _Told(terms.triples, rules)
    found: dict[str, object] = {}
    for iri in sorted(told.properties, key=told.rank):
        name = _local(iri)
        if iri.startswith(TERM):
            found[f"{_OURS}:{name}" if name in taken else name] = told.of(iri)
        elif name not in taken and (told.is_asked_for(iri) or told.is_only(name)):
            found.setdefault(name, told.of(iri))
    head = {"@version": 1.1, "@vocab": TERM, **_ALIASES}
    return {**head, **prefixes, **found}


class _Told:
    """What ontology and shapes say of the values of properties."""

    def __init__(self, terms: Sequence[Triple], rules: Sequence[Triple]) -> None:
        self._objects = {_iri(t) for t in terms if _is(t, OWL + "ObjectProperty")}
        self._ranges = _values(terms, RDFS + "range")
        paths = _values(rules, SH + "path")
        self._asked = {path for found in paths.values() for path in found}
        declared = {_iri(t) for t in terms if any(_is(t, kind) for kind in _KINDS)}
        self.properties = declared | self._asked
        self._names = Counter(_local(iri) for iri in self.properties)
        texts = _values(rules, SH + "datatype")
        self._worded = {
            path
            for shape, said in texts.items()
            if said == {RDF + "langString"}
            for path in paths.get(shape, ())
        }

    def rank(self, iri: str) -> tuple[bool, bool, str]:
        """Ours first, then what the shapes ask for."""
        return not iri.startswith(TERM), not self.is_asked_for(iri), iri

    def is_asked_for(self, iri: str) -> bool:
        """Whether a shape looks at the property."""
        return iri in self._asked

    def is_only(self, name: str) -> bool:
        """Whether one property alone is called so."""
        return self._names[name] == 1

    def of(self, iri: str) -> object:
        """The definition of a property's key."""
        if iri in self._worded:
            return {"@id": iri, "@container": "@language"}
        if iri in self._objects:
            return {"@id": iri, "@type": "@id"}
        ranges = self._ranges.get(iri, set()) - {XSD + "string"}
        if len(ranges) == 1 and (kind := next(iter(ranges))).startswith(XSD):
            return {"@id": iri, "@type": kind}
        return iri


def _is(triple: Triple, kind: str) -> bool:
    return triple.predicate.value == RDF + "type" and triple.object == NamedNode(kind)


def _values(triples: Sequence[Triple], predicate: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == predicate and isinstance(triple.object, NamedNode):
            found.setdefault(_iri(triple), set()).add(triple.object.value)
    return found


def _iri(triple: Triple) -> str:
    return str(getattr(triple.subject, "value", triple.subject))


def _local(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
