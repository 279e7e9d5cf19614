"""What a run covers: shapes that have a target, and the nodes they look at (SHACL 2.1.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rskg.namespaces import OWL, RDF, RDFS, SH
from rskg.syntax import Term, Triple

_TYPE = RDF + "type"
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


def target_shapes(shapes: Sequence[Triple]) -> int:
    """How many shapes say which nodes they look at."""
    aimed = {t.subject for t in shapes if t.predicate.value in {SH + name for name in _TARGETS}}
    return len(aimed | _implicit_classes(shapes))


def focus_nodes(
    data: Sequence[Triple], shapes: Sequence[Triple], context: Sequence[Triple]
) -> set[Term]:
    """The nodes of the data that some shape looks at."""
    targets: dict[str, set[Term]] = {name: set() for name in _TARGETS}
    for triple in shapes:
        name = triple.predicate.value.removeprefix(SH)
        if name in targets:
            targets[name].add(triple.object)
    targets["targetClass"] |= _implicit_classes(shapes)
    classes = _with_subclasses(targets["targetClass"], [*data, *context])
    said = {end for t in data for end in (t.subject, t.object)}
    found: set[Term] = targets["targetNode"] & said
    for triple in data:
        if triple.predicate in targets["targetSubjectsOf"]:
            found.add(triple.subject)
        if triple.predicate in targets["targetObjectsOf"]:
            found.add(triple.object)
        if triple.predicate.value == _TYPE and triple.object in classes:
            found.add(triple.subject)
    return found


def _implicit_classes(shapes: Iterable[Triple]) -> set[Term]:
    types: dict[Term, set[str]] = defaultdict(set)
    for triple in shapes:
        if triple.predicate.value == _TYPE:
            types[triple.subject].add(str(triple.object).strip("<>"))
    return {
        node
        for node, kinds in types.items()
        if kinds & {RDFS + "Class", OWL + "Class"}
        and kinds & {SH + "NodeShape", SH + "PropertyShape"}
    }


def _with_subclasses(classes: set[Term], triples: Iterable[Triple]) -> set[Term]:
    below: dict[Term, set[Term]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value == RDFS + "subClassOf":
            below[triple.object].add(triple.subject)
    found: set[Term] = set()
    pending = list(classes)
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending.extend(below[current])
    return found
