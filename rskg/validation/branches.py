"""Shapes that ask for other shapes: which branches a constraint has, and each branch alone.

A branch is run apart from what refers to it, so it is copied, with an IRI of ours for each of its
shapes: whatever an engine then tells of it names the very shape (SHACL 4.6, 4.7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.namespaces import OWL, RDF, RDFS, SH
from rskg.report import Result, shacl_path
from rskg.syntax import BlankNode, Literal, NamedNode, Term, Triple, by_subject, members, reached
from rskg.validation.routing import closure, shared

#: The parameter of each constraint that asks for shapes.
PARAMETERS = {
    f"{component}ConstraintComponent": SH + name
    for component, name in {
        "Or": "or",
        "Xone": "xone",
        "And": "and",
        "Node": "node",
        "Not": "not",
        "QualifiedMinCount": "qualifiedValueShape",
        "QualifiedMaxCount": "qualifiedValueShape",
    }.items()
}
#: Here the values that hold are too many.
COUNTED_TOO_OFTEN = "QualifiedMaxCountConstraintComponent"
_SPACE = "urn:rskg:branch:"
_LISTS = {SH + "or", SH + "xone", SH + "and"}
_SINGLE = {SH + "property", SH + "node", SH + "not", SH + "qualifiedValueShape"}
_PATH, _QUALIFIED = SH + "path", SH + "qualifiedValueShape"
_TYPE = NamedNode(RDF + "type")
_FIRST, _REST = NamedNode(RDF + "first"), NamedNode(RDF + "rest")
_NIL = NamedNode(RDF + "nil")
_CLASSES = {NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")}
_NAMES = (SH + "name", RDFS + "label")
_Path = str | Mapping[str, Sequence["_Path"]] | tuple["_Path", ...]


class Branches:
    """A shapes graph, asked for the branches of its constraints."""

    def __init__(self, shapes: Sequence[Triple]) -> None:
        self.told: dict[Term, list[Triple]] = by_subject(shapes)
        self._shared = shared(self.told)
        self._made: dict[tuple[Term, str], Term] = {}
        self._asking: dict[str, list[Term]] = {}

    def of(self, result: Result, shape: Term | None = None) -> list[tuple[Term, ...]]:
        """The branches of each constraint that the result may be of; none where none is known.

        `shape` is the very shape whose constraint it is. Else it is found by what a result tells:
        a name of the shape or of one around it, and the path.
        """
        parameter = PARAMETERS[result.component]
        nodes = [shape] if shape else self.asking(result, parameter)
        found = [(node, value) for node in nodes for value in _values(self.told[node], parameter)]
        if parameter in _LISTS:
            return [tuple(members(value, self.told)) for _, value in found]
        if parameter == _QUALIFIED:
            verb = SH + ("not" if result.component == COUNTED_TOO_OFTEN else "node")
            return [(self._counting(node, value, verb),) for node, value in found]
        return [(value,) for _, value in found]

    def _counting(self, node: Term, shape: Term, verb: str) -> Term:
        """A new shape, whose results are the values that a qualified constraint doesn't count.

        With sh:not, those that it counts.
        """
        if (node, verb) not in self._made:
            new = NamedNode(f"{_SPACE}values:{len(self._made)}")
            (path,) = _values(self.told[node], _PATH)
            said = ((NamedNode(_PATH), path), (NamedNode(verb), shape))
            self.told[new] = [Triple(new, predicate, value) for predicate, value in said]
            self._made[node, verb] = new
        return self._made[node, verb]

    def values(self, shape: Term, name: str) -> list[Term]:
        """What a shape says with a word of SHACL."""
        return _values(self.told.get(shape, ()), SH + name)

    def alternatives(self, shape: Term) -> list[Term]:
        """The branches of a shape that is nothing but a choice among them about the node itself."""
        said = self.told.get(shape, ())
        if _values(said, _PATH):
            return []
        return [one for head in _values(said, SH + "or") for one in members(head, self.told)]

    def iri(self, shape: Term) -> str | None:
        """The IRI of a shape that has one of its own."""
        iri = shape.value if isinstance(shape, NamedNode) else _SPACE
        return None if iri.startswith(_SPACE) else iri

    def items(self, head: Term) -> list[Term]:
        """What an RDF list holds."""
        return members(head, self.told)

    def name(self, shape: Term) -> str | None:
        """What people call a shape, if it has a name: its sh:name or label in English, its IRI."""
        said = self.told.get(shape, ())
        names = [v for verb in _NAMES for v in _values(said, verb) if isinstance(v, Literal)]
        names.sort(key=lambda name: name.language not in (None, "en"))
        if names:
            return str(names[0].value)
        iri = self.iri(shape)
        return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1] if iri else None

    def alone(self, shape: Term, number: int) -> Copy:
        """The branch as a shapes graph of its own, whose shapes have names with the number."""
        return Copy.of(shape, f"{_SPACE}{number}:", self.told, self._shared)

    def asking(self, result: Result, parameter: str) -> list[Term]:
        """The shapes with a parameter that a result may be of, by what it tells of its shape."""
        if parameter not in self._asking:
            having = [n for n, said in self.told.items() if _values(said, parameter)]
            self._asking[parameter] = having
        asking = self._asking[parameter]
        named = NamedNode(result.shape) if ":" in result.shape else None
        if named in self.told:
            within = closure(named, self.told)
            asking = [node for node in asking if node in within]
        path = shacl_path(result.path) if result.path else None
        return [node for node in asking if self._path(node) == path]

    def _path(self, node: Term) -> _Path | None:
        paths = _values(self.told[node], _PATH)
        return self._written(paths[0]) if paths else None

    def _written(self, path: Term) -> _Path:
        """A path as `rskg.report` has it, so that two can be compared."""
        said = self.told.get(path, ())
        if isinstance(path, NamedNode) or not said:
            return str(path)
        if _values(said, RDF + "first"):
            return tuple(self._written(step) for step in members(path, self.told))
        return {
            triple.predicate.value.replace(SH, "sh:"): [self._written(triple.object)]
            for triple in said
        }


@dataclass(frozen=True)
class Copy:
    """One branch, renamed: its triples, the shape to aim at, and which shape each name is of."""

    triples: tuple[Triple, ...]
    start: NamedNode
    originals: Mapping[str, Term]

    @classmethod
    def of(
        cls,
        shape: Term,
        prefix: str,
        told: Mapping[Term, Sequence[Triple]],
        common: set[Term],
    ) -> Copy:
        """The shape and all that it asks for, under names that start with the prefix."""
        names: dict[Term, NamedNode] = {}
        made: list[Triple] = []
        beside = set(common)

        def name(node: Term) -> NamedNode:
            return names.setdefault(node, NamedNode(f"{prefix}{len(names)}"))

        def shapes_in(node: Term) -> list[Term]:
            return [one for t in told.get(node, ()) for one in _asked(t, told)]

        for node in sorted(reached(shape, shapes_in), key=lambda node: (node != shape, str(node))):
            for triple in told.get(node, ()):
                value, rows = triple.object, list[Triple]()
                if triple.predicate.value in _LISTS:
                    value, rows = _list([name(one) for one in _asked(triple, told)])
                elif triple.predicate.value in _SINGLE:
                    value = name(value)
                elif value in told:
                    beside |= closure(value, told)
                made += [Triple(name(node), triple.predicate, value), *rows]
        made += [t for node in beside for t in told[node]]
        kept = tuple(triple for triple in made if not _aims(triple))
        return cls(kept, name(shape), {name.value: node for node, name in names.items()})


def _asked(triple: Triple, told: Mapping[Term, Sequence[Triple]]) -> list[Term]:
    """The shapes that a triple of a shape leads to."""
    if triple.predicate.value in _LISTS:
        return members(triple.object, told)
    return [triple.object] if triple.predicate.value in _SINGLE else []


def _aims(triple: Triple) -> bool:
    return triple.predicate.value.startswith(SH + "target") or (
        triple.predicate == _TYPE and triple.object in _CLASSES
    )


def _list(items: Sequence[Term]) -> tuple[Term, list[Triple]]:
    """An RDF list of the items: its head and its triples."""
    made: list[Triple] = []
    head: Term = _NIL
    for item in reversed(items):
        cell = BlankNode()
        made += [Triple(cell, _FIRST, item), Triple(cell, _REST, head)]
        head = cell
    return head, made


def _values(said: Sequence[Triple], verb: str) -> list[Term]:
    return [triple.object for triple in said if triple.predicate.value == verb]
