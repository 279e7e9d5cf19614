"""Shapes and ontology looked up by what a template needs: classes, shapes, individuals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from rskg.namespaces import OWL, RDF, RDFS, SH, SKOS, THING
from rskg.syntax import Literal, NamedNode, Term, Triple
from rskg.templates.fields import Choice, local

_LABELS = (SKOS + "prefLabel", RDFS + "label")
_META = (OWL, RDFS, RDF, SH)


class Vocabulary:
    """What shapes and ontology say, by subject and property; examples tell how things are named."""

    def __init__(
        self, shapes: Sequence[Triple], terms: Sequence[Triple], examples: Sequence[Triple]
    ) -> None:
        self.shapes, self._terms, self._examples = shapes, terms, examples
        self._said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in (*shapes, *terms):
            self._said[str(triple.subject)][triple.predicate.value].append(triple.object)

    def values(self, subject: str, predicate: str) -> list[Term]:
        """The objects; the subject as N-Triples writes it."""
        return self._said[subject][predicate] if subject in self._said else []

    def value(self, subject: str, predicate: str) -> str | None:
        """The first of them, without quotes or brackets."""
        return next((text(one) for one in self.values(subject, predicate)), None)

    def texts(self, subject: str, predicate: str) -> dict[str, str]:
        """Texts by their language."""
        found: dict[str, str] = {}
        for one in self.values(subject, predicate):
            if isinstance(one, Literal):
                found.setdefault(one.language or "", one.value)
        return found

    def labels(self, iri: str) -> dict[str, str]:
        """What a thing of the ontology is called, by language."""
        return next((t for p in _LABELS if (t := self.texts(f"<{iri}>", p))), {})

    def members(self, head: Term) -> Iterator[Term]:
        """The items of an RDF list."""
        while head != NamedNode(RDF + "nil"):
            yield from self.values(str(head), RDF + "first")[:1]
            head = next(iter(self.values(str(head), RDF + "rest")), NamedNode(RDF + "nil"))

    def above(self, iri: str) -> list[str]:
        """A class and those that it is a kind of, nearest first."""
        return self._reached(
            iri, lambda one: map(text, self.values(f"<{one}>", RDFS + "subClassOf"))
        )

    def below(self, iri: str) -> list[str]:
        """A class and its kinds, nearest first."""
        return self._reached(iri, lambda one: self._kinds.get(one, ()))

    @staticmethod
    def _reached(start: str, step: Callable[[str], Iterable[str]]) -> list[str]:
        found = {start: None}
        for one in (queue := [start]):
            for next_one in step(one):
                if next_one not in found:
                    found[next_one] = None
                    queue.append(next_one)
        return list(found)

    @cached_property
    def _kinds(self) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for triple in self._terms:
            if triple.predicate.value == RDFS + "subClassOf" and isinstance(
                triple.subject, NamedNode
            ):
                found[text(triple.object)].append(triple.subject.value)
        return found

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """The node shapes of each class, as N-Triples writes them."""
        found = defaultdict[str, list[str]](list)
        for triple in self.shapes:
            if triple.predicate.value == SH + "targetClass":
                found[text(triple.object)].append(str(triple.subject))
        return found

    @cached_property
    def of_subjects(self) -> dict[str, list[str]]:
        """The node shapes of whatever has a property, by the property."""
        found = defaultdict[str, list[str]](list)
        for triple in self.shapes:
            if triple.predicate.value == SH + "targetSubjectsOf":
                found[text(triple.object)].append(str(triple.subject))
        return found

    @cached_property
    def _individuals(self) -> dict[str, list[str]]:
        """Things that the ontology describes, by their classes."""
        found = defaultdict[str, list[str]](list)
        for triple in self._terms:
            if triple.predicate.value == RDF + "type" and isinstance(triple.subject, NamedNode):
                kind = text(triple.object)
                if triple.subject.value.startswith(THING) and not kind.startswith(_META):
                    found[kind].append(triple.subject.value)
        return found

    def choices(self, classes: Iterable[str]) -> tuple[Choice, ...]:
        """The list of values of these classes and their kinds, where they are a code list."""
        iris = {
            one: None
            for iri in classes
            if SKOS + "Concept" in self.above(iri)
            for kind in self.below(iri)
            for one in self._individuals.get(kind, ())
        }
        return tuple(self.choice(NamedNode(iri)) for iri in iris)

    def choice(self, term: Term) -> Choice:
        """One value of a list."""
        if isinstance(term, NamedNode):
            return Choice(term, local(term.value), self.labels(term.value))
        return Choice(Literal(text(term), datatype=getattr(term, "datatype", None)), text(term))

    def kinds(self, iri: str) -> list[str]:
        """`actor` of …/id/actor/…: how the examples name things of a class, the usual first."""
        counts: Counter[str] = Counter()
        for kind in self.below(iri):
            counts.update(self._named.get(kind, {}))
        return [name for name, _ in counts.most_common()]

    @cached_property
    def _named(self) -> dict[str, Counter[str]]:
        found = defaultdict[str, Counter[str]](Counter)
        for triple in self._examples:
            subject = text(triple.subject)
            if triple.predicate.value == RDF + "type" and subject.startswith(THING):
                found[text(triple.object)][subject.removeprefix(THING).partition("/")[0]] += 1
        return found


def text(term: object) -> str:
    """A term without quotes or brackets."""
    return str(getattr(term, "value", term))
