"""All templates of an installation, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property

from rskg import ontology, shapes
from rskg.errors import UsageError
from rskg.namespaces import RDF, RDFS, SH, SKOS, TERM, THING, term
from rskg.paths import Files
from rskg.syntax import Literal, NamedNode, Term, Triple, parse
from rskg.templates.fields import SEPARATOR, Field, Template, local
from rskg.templates.shaped import fields_of, needed_from
from rskg.templates.vocabulary import Vocabulary, text

#: What a row's own statement says of it.
STATEMENT, STATES = term("Statement"), term("states")


class Templates:
    """The templates that shapes, ontology and examples make."""

    def __init__(
        self,
        rules: Sequence[Triple],
        terms: Sequence[Triple],
        examples: Sequence[Triple],
        prefixes: Mapping[str, str],
    ) -> None:
        self.vocabulary = Vocabulary(rules, terms, examples)
        self.prefixes = dict(prefixes)
        self._examples = examples
        self._made: dict[str, Template] = {}

    @cached_property
    def classes(self) -> dict[str, str]:
        """The classes that have shapes of their own, by name, but those that only gather others."""
        lists = {STATEMENT, *self.vocabulary.below(SKOS + "Concept")}
        found = {iri for iri in self.vocabulary.targets if iri.startswith(TERM)} - lists
        exemplified = {text(t.object) for t in self._examples if t.predicate.value == RDF + "type"}
        return {
            local(iri): iri
            for iri in sorted(found)
            if iri in exemplified or not exemplified & set(self.vocabulary.below(iri))
        }

    def template(self, name: str) -> Template:
        """The template of a class by its name (`AuditMandate`, `audit-mandate`); raises UsageError.

        A kind of a class with shapes has one too.
        """
        iri = self._names.get(_plain(name))
        if iri is None:
            near = get_close_matches(_plain(name), self._names, n=1)
            meant = f"; did you mean {local(self._names[near[0]])}?" if near else ""
            raise UsageError(f"there is no template for {name!r}{meant}")
        return self.of(iri)

    def find(self, name: str) -> Template | None:
        """The same, by what a cell calls the class in any language; None for none."""
        iri = self._names.get(_plain(name))
        return self.of(iri) if iri else None

    def of(self, iri: str) -> Template:
        """The template of a class."""
        if iri not in self._made:
            self._made[iri] = self._template(iri)
        return self._made[iri]

    @cached_property
    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        targets = [iri for iri in self.vocabulary.targets if iri.startswith(TERM)]
        every = {kind: None for iri in targets for kind in self.vocabulary.below(iri)}
        for iri in every:
            if iri.startswith(TERM) and iri != STATEMENT:
                for name in self.vocabulary.labels(iri).values():
                    found.setdefault(_plain(name), iri)
        return found | {
            _plain(local(iri)): iri for iri in every if iri.startswith(TERM) and iri != STATEMENT
        }

    @cached_property
    def _stated(self) -> tuple[Field, ...]:
        """The fields of the statement that each row makes."""
        every = fields_of(self.vocabulary, STATEMENT)
        return tuple(replace(one, stated=True) for one in every if one.path != STATES)

    def _companions(self, iri: str) -> tuple[Template, ...]:
        """Those of the classes whose links to a thing its shapes ask for."""
        asked = needed_from(self.vocabulary, iri)
        domains = {
            text(one): None
            for path in asked
            if path != STATES
            for one in self.vocabulary.values(f"<{path}>", RDFS + "domain")
        }
        return tuple(self._template(one, alone=True) for one in domains if one != iri)

    def _template(self, iri: str, *, alone: bool = False) -> Template:
        vocabulary = self.vocabulary
        taken = {one.path for one in self._stated}
        own = [one for one in fields_of(vocabulary, iri) if one.path not in taken]
        fields = (*sorted(own, key=lambda one: _rank(one, own)), *self._stated)
        shapes = vocabulary.targets.get(iri, [""])
        named = [shape for shape in shapes if local(shape.strip("<>")) == local(iri)]
        shape = (named or shapes)[0]
        notes = vocabulary.texts(shape, SH + "description") if shape else {}
        kinds = vocabulary.kinds(iri) or _kinds_above(vocabulary, iri)
        kind = kinds[0] if kinds else _kebab(local(iri))
        return Template(
            iri,
            vocabulary.labels(iri),
            notes or vocabulary.texts(f"<{iri}>", SKOS + "definition"),
            kind,
            fields,
            tuple(one for one in vocabulary.below(iri) if one.startswith(TERM)),
            self._example(iri, fields),
            () if alone else self._companions(iri),
        )

    def _example(self, iri: str, fields: Sequence[Field]) -> dict[str, str]:
        """The cells of the example that fills most fields, by path; "" has its id."""
        paths = {one.path: one for one in fields}
        best: dict[str, str] = {}
        for subject, said in self._candidates(iri):
            cells = {
                path: _cell(paths[path], values) for path, values in said.items() if path in paths
            }
            if len(cells) > len(best) - 1:
                best = {**cells, "": _short(subject)}
        if best:
            statement = self._said_by.get(self._statement_of.get(best[""], ""), {})
            for one in fields:
                if one.stated and one.path in statement:
                    best[one.path] = _cell(one, statement[one.path])
        return best

    def _candidates(self, iri: str) -> list[tuple[str, dict[str, list[Term]]]]:
        return [
            (subject, said)
            for subject, said in self._said_by.items()
            if subject.startswith(THING) and NamedNode(iri) in said.get(RDF + "type", ())
        ]

    @cached_property
    def _said_by(self) -> dict[str, dict[str, list[Term]]]:
        found: dict[str, dict[str, list[Term]]] = {}
        for triple in self._examples:
            said = found.setdefault(text(triple.subject), {}).setdefault(triple.predicate.value, [])
            if triple.object not in said:
                said.append(triple.object)
        return found

    @cached_property
    def _statement_of(self) -> dict[str, str]:
        return {
            _short(text(triple.object)): text(triple.subject)
            for triple in self._examples
            if triple.predicate.value == STATES
        }


def load(
    files: Files, rules: Sequence[Triple] | None = None, terms: ontology.Ontology | None = None
) -> Templates:
    """The templates of these files; raises InputError."""
    rules = shapes.load([files.shapes]).triples if rules is None else rules
    terms = terms or ontology.load(files.ontology)
    documents = sorted(files.examples.glob("*/valid.ttl"))
    examples = [triple for path in documents for triple in parse(path)]
    return Templates(rules, terms.triples, examples, terms.prefixes)


def _rank(one: Field, own: Sequence[Field]) -> tuple[int, int, int]:
    """Names first, then what must be there, then the rest, as the shapes have them."""
    return (one.path != RDFS + "label", not one.required, own.index(one))


def _cell(one: Field, values: Sequence[Term]) -> str:
    if one.worded:
        english = [v for v in values if isinstance(v, Literal) and v.language == "en"]
        return text((english or values)[0])
    return SEPARATOR.join(_item(one, value) for value in (values[:1] if one.single else values))


def _item(one: Field, value: Term) -> str:
    slug = next((choice.slug for choice in one.choices if choice.term == value), None)
    if slug is not None or isinstance(value, Literal):
        return slug or text(value).replace(SEPARATOR, "\\" + SEPARATOR)
    return _short(text(value))


def _short(iri: str) -> str:
    """`site:my-mine` for …/id/site/my-mine."""
    return iri.removeprefix(THING).replace("/", ":", 1) if iri.startswith(THING) else iri


def _kinds_above(vocabulary: Vocabulary, iri: str) -> list[str]:
    return next((k for one in vocabulary.above(iri) if (k := vocabulary.kinds(one))), [])


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _kebab(name: str) -> str:
    return "".join(f"-{s.lower()}" if s.isupper() else s for s in name).lstrip("-")
