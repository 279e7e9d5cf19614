"""From the shapes of a class to the fields of its template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rskg.namespaces import RDF, RDFS, SH, XSD
from rskg.syntax import NamedNode
from rskg.templates.fields import Choice, Field
from rskg.templates.vocabulary import Vocabulary, text

_LANG = RDF + "langString"
_LITERALS = (RDFS + "Literal", _LANG)


@dataclass
class _Gathered:
    """What several shapes say of one property."""

    names: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    required: bool = False
    single: bool = False
    choices: tuple[Choice, ...] = ()
    classes: list[str] = field(default_factory=list)
    datatypes: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def fields_of(vocabulary: Vocabulary, iri: str) -> list[Field]:
    """The fields of a class, those of its own shapes before those of wider classes."""
    owners = vocabulary.above(iri)
    found: dict[str, _Gathered] = {}
    for node in _nodes(vocabulary, owners):
        for path, alone in _paths(vocabulary, node):
            _gather(vocabulary, node, found.setdefault(path, _Gathered()), alone=alone)
    for path, shapes in vocabulary.of_subjects.items():
        domains = {text(one) for one in vocabulary.values(f"<{path}>", RDFS + "domain")}
        if path in found or domains & set(owners):
            for node in _properties(vocabulary, shapes):
                if (path, True) in _paths(vocabulary, node):
                    told = found.setdefault(path, _Gathered())
                    _gather(vocabulary, node, told, alone=True)
    return [_field(vocabulary, path, told) for path, told in found.items()]


def _nodes(vocabulary: Vocabulary, classes: Iterable[str]) -> Iterator[str]:
    """The property shapes of these classes."""
    shapes = (shape for one in classes for shape in vocabulary.targets.get(one, ()))
    yield from _properties(vocabulary, dict.fromkeys(shapes))


def _properties(vocabulary: Vocabulary, shapes: Iterable[str]) -> Iterator[str]:
    for shape in shapes:
        yield from map(str, vocabulary.values(shape, SH + "property"))


def needed_from(vocabulary: Vocabulary, iri: str) -> list[str]:
    """The properties by which others must point at a thing of the class."""
    found: list[str] = []
    for node in _nodes(vocabulary, vocabulary.above(iri)):
        if _is_grave(vocabulary, node) and _least(vocabulary, node):
            for path in vocabulary.values(node, SH + "path"):
                found += map(text, vocabulary.values(str(path), SH + "inversePath"))
    return found


def _is_grave(vocabulary: Vocabulary, node: str) -> bool:
    return vocabulary.value(node, SH + "severity") in (None, SH + "Violation")


def _least(vocabulary: Vocabulary, node: str) -> int:
    return int(vocabulary.value(node, SH + "minCount") or 0)


def _paths(vocabulary: Vocabulary, node: str) -> Iterator[tuple[str, bool]]:
    """The properties that a property shape looks at, and whether it is the only one of them."""
    if vocabulary.value(node, SH + "maxCount") == "0":
        return
    path = next(iter(vocabulary.values(node, SH + "path")), None)
    if isinstance(path, NamedNode):
        if path.value != RDF + "type":
            yield path.value, True
        return
    for either in vocabulary.values(str(path), SH + "alternativePath"):
        for one in vocabulary.members(either):
            if isinstance(one, NamedNode):
                yield one.value, False


def _gather(vocabulary: Vocabulary, node: str, told: _Gathered, *, alone: bool) -> None:
    if not alone:
        return
    for language, name in vocabulary.texts(node, SH + "name").items():
        told.names.setdefault(language, name)
    for language, note in vocabulary.texts(node, SH + "description").items():
        told.notes.setdefault(language, note)
    grave = _is_grave(vocabulary, node)
    told.required |= grave and _least(vocabulary, node) > 0
    told.single |= grave and vocabulary.value(node, SH + "maxCount") == "1"
    for head in vocabulary.values(node, SH + "in"):
        told.choices = told.choices or tuple(map(vocabulary.choice, vocabulary.members(head)))
    _constrained(vocabulary, node, told)
    for head in vocabulary.values(node, SH + "or"):
        for branch in vocabulary.members(head):
            _constrained(vocabulary, str(branch), told)


def _constrained(vocabulary: Vocabulary, node: str, told: _Gathered) -> None:
    for name, found in (("class", told.classes), ("datatype", told.datatypes)):
        for one in vocabulary.values(node, SH + name):
            if text(one) not in found:
                found.append(text(one))
    told.kinds.update(text(one) for one in vocabulary.values(node, SH + "nodeKind"))


def _has_things(vocabulary: Vocabulary, kind: str) -> bool:
    return bool(vocabulary.kinds(kind) or vocabulary.choices([kind]))


def _field(vocabulary: Vocabulary, path: str, told: _Gathered) -> Field:
    if not (told.choices or told.classes or told.datatypes):
        for kind in map(text, vocabulary.values(f"<{path}>", RDFS + "range")):
            if kind.startswith(XSD) or kind in _LITERALS:
                told.datatypes.append(kind)
            elif vocabulary.labels(kind) and _has_things(vocabulary, kind):
                told.classes.append(kind)
    names = told.names or vocabulary.labels(path)
    literal = bool(told.datatypes) and not told.classes
    one = Field(
        path,
        names,
        told.notes or vocabulary.texts(f"<{path}>", RDFS + "comment"),
        told.required,
        told.single,
        choices=told.choices or vocabulary.choices(told.classes),
        classes=tuple(told.classes),
        datatypes=tuple(d for d in told.datatypes if d not in _LITERALS),
        worded=_LANG in told.datatypes,
        addresses=not literal and told.kinds != {SH + "Literal"},
        texts=not told.classes and told.kinds != {SH + "IRI"},
    )
    return replace(one, addresses=True) if XSD + "anyURI" in one.datatypes else one
