"""What a run covers: shapes that have a target, and the nodes they look at (SHACL 2.1.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from rskg.namespaces import OWL, RDF, RDFS, SH
from rskg.syntax import NamedNode, Quad, Term, Triple

_TYPE = NamedNode(RDF + "type")
_BELOW = NamedNode(RDFS + "subClassOf")
_IMPORTS = NamedNode(OWL + "imports")
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_CLASSES = {RDFS + "Class", OWL + "Class"}
_SHAPES = {SH + "NodeShape", SH + "PropertyShape"}


@dataclass(frozen=True)
class Targets:
    """What the shapes look at, and how many shapes say so."""

    shapes: int
    classes: frozenset[Term]
    nodes: frozenset[Term]
    subjects_of: frozenset[Term]
    objects_of: frozenset[Term]

    @classmethod
    def of(cls, shapes: Sequence[Triple]) -> Targets:
        """The targets that a shapes graph declares, implicit classes among them."""
        aimed: dict[str, set[Term]] = {name: set() for name in _TARGETS}
        with_target: set[Term] = set()
        types: dict[Term, set[str]] = defaultdict(set)
        for triple in shapes:
            name = triple.predicate.value.removeprefix(SH)
            if name in aimed:
                aimed[name].add(triple.object)
                with_target.add(triple.subject)
            elif triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
                types[triple.subject].add(triple.object.value)
        implicit = {node for node, kinds in types.items() if kinds & _CLASSES and kinds & _SHAPES}
        return cls(
            len(with_target | implicit),
            frozenset(aimed["targetClass"] | implicit),
            frozenset(aimed["targetNode"]),
            frozenset(aimed["targetSubjectsOf"]),
            frozenset(aimed["targetObjectsOf"]),
        )


@dataclass
class Survey:
    """What data hold that decides which shapes look at which of their nodes.

    `known` are the subjects of a context; `touched` those of them that the data speak about.
    """

    targets: Targets
    known: Set[Term] = frozenset()
    touched: set[Term] = field(default_factory=set)
    instances: dict[Term, set[Term]] = field(default_factory=lambda: defaultdict(set))
    below: dict[Term, set[Term]] = field(default_factory=lambda: defaultdict(set))
    predicates: set[NamedNode] = field(default_factory=set)
    aimed_at: set[Term] = field(default_factory=set)
    imports: set[Term] = field(default_factory=set)
    #: Targets' classes that stand as a value, each with a property that has it.
    as_value: dict[Term, NamedNode] = field(default_factory=dict)

    def add(self, statements: Iterable[Triple] | Iterable[Quad]) -> None:
        """Take note of data; this loop runs once for each statement of a big file."""
        instances, predicates, targets = self.instances, self.predicates, self.targets
        nodes, known, classes = targets.nodes, self.known, targets.classes
        special = {*targets.subjects_of, *targets.objects_of, _BELOW, _IMPORTS}
        for statement in statements:
            predicate, value = statement.predicate, statement.object
            if predicate == _TYPE:
                instances[value].add(statement.subject)
            elif value in classes:
                self.as_value.setdefault(value, predicate)
            predicates.add(predicate)
            if known and statement.subject in known:
                self.touched.add(statement.subject)
            if predicate in special:
                self._note(predicate, statement)
            if nodes:
                self.aimed_at.update(nodes & {statement.subject, value})

    def _note(self, predicate: NamedNode, statement: Triple | Quad) -> None:
        if predicate in self.targets.subjects_of:
            self.aimed_at.add(statement.subject)
        if predicate in self.targets.objects_of:
            self.aimed_at.add(statement.object)
        if predicate == _BELOW:
            self.below[statement.object].add(statement.subject)
        elif predicate == _IMPORTS:
            self.imports.add(statement.object)

    def merge(self, other: Survey) -> None:
        """Take in what another document holds."""
        for name, nodes in other.instances.items():
            self.instances[name] |= nodes
        for name, nodes in other.below.items():
            self.below[name] |= nodes
        self.predicates |= other.predicates
        self.aimed_at |= other.aimed_at
        self.imports |= other.imports
        self.touched |= other.touched
        self.as_value = {**other.as_value, **self.as_value}

    def classes(self, context: Iterable[Triple] = ()) -> set[Term]:
        """The classes that shapes look at, with those below them in data and context."""
        below = defaultdict(set, {name: set(names) for name, names in self.below.items()})
        for triple in context:
            if triple.predicate == _BELOW:
                below[triple.object].add(triple.subject)
        return _with_subclasses(self.targets.classes, below)

    def focus_nodes(self, classes: Set[Term], context: Iterable[Triple] = ()) -> set[Term]:
        """The nodes that some shape looks at, given the classes that count."""
        found = set(self.aimed_at)
        for name in self.instances.keys() & classes:
            found |= self.instances[name]
        if self.touched:
            found.update(
                triple.subject
                for triple in context
                if triple.predicate == _TYPE
                and triple.object in classes
                and triple.subject in self.touched
            )
        return found


def _with_subclasses(classes: Iterable[Term], below: Mapping[Term, set[Term]]) -> set[Term]:
    found: set[Term] = set()
    pending = list(classes)
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending.extend(below.get(current, ()))
    return found
