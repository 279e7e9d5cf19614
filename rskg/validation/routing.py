"""Which shapes go to which engine: the fast one takes all that it is known to get right."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.namespaces import OWL, RDF, RDFS, SH
from rskg.syntax import Literal, NamedNode, Term, Triple, by_subject, reached

DIFFERENCES = Path(__file__).with_name("differences.toml")
_TYPE = NamedNode(RDF + "type")
_CLASSES = {NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")}
_COMPONENT = NamedNode(SH + "ConstraintComponent")
_TARGET = SH + "target"


@dataclass(frozen=True)
class Difference:
    """A parameter that the fast engine doesn't get right, and why."""

    name: str
    parameter: str
    reason: str
    value: str = ""
    within: str = ""


@dataclass(frozen=True)
class Routed:
    """The shapes for each engine; `differences` names why some go to the second one."""

    fast: Sequence[Triple]
    second: Sequence[Triple]
    differences: tuple[Difference, ...]


def known_differences() -> list[Difference]:
    """Every difference on our list."""
    said = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return [Difference(**each) for each in said["difference"]]


def route(shapes: Sequence[Triple]) -> Routed:
    """Part the shapes by what they use, each with all that it refers to."""
    odd = _odd(shapes)
    if not odd:
        return Routed(shapes, (), ())
    told = by_subject(shapes)
    fast, second, used = set[Term](), set[Term](), dict[str, Difference]()
    for root in _roots(shapes):
        whole = closure(root, told)
        strange = whole & odd.keys()
        (second if strange else fast).update(whole)
        used |= {odd[node].name: odd[node] for node in strange}
    common = shared(told)
    return Routed(
        [triple for triple in shapes if triple.subject in fast | common],
        [triple for triple in shapes if triple.subject in second | common],
        tuple(used.values()),
    )


def _odd(shapes: Sequence[Triple]) -> dict[Term, Difference]:
    """The nodes that use what the fast engine doesn't get right."""
    by_parameter = defaultdict[str, list[Difference]](list)
    for each in known_differences():
        by_parameter[SH + each.parameter].append(each)
    found = [
        (triple.subject, each)
        for triple in shapes
        for each in by_parameter.get(triple.predicate.value, ())
        if _uses(triple, each)
    ]
    carriers = {SH + each.within for _, each in found if each.within}
    carried = {(t.predicate.value, t.object) for t in shapes if t.predicate.value in carriers}
    return {
        node: each for node, each in found if not each.within or (SH + each.within, node) in carried
    }


def _uses(triple: Triple, one: Difference) -> bool:
    value = triple.object.value if isinstance(triple.object, Literal) else ""
    return not one.value or bool(re.search(one.value, value))


def _roots(shapes: Iterable[Triple]) -> dict[Term, None]:
    return {
        triple.subject: None
        for triple in shapes
        if triple.predicate.value.startswith(_TARGET)
        or (triple.predicate == _TYPE and triple.object in _CLASSES)
    }


def shared(told: Mapping[Term, Sequence[Triple]]) -> set[Term]:
    """Constraint components: shapes use them without pointing at them."""
    own = [
        node
        for node, triples in told.items()
        if any(t.predicate == _TYPE and t.object == _COMPONENT for t in triples)
    ]
    return {one for node in own for one in closure(node, told)}


def closure(root: Term, told: Mapping[Term, Sequence[Triple]]) -> set[Term]:
    """A shape, and all that it refers to."""
    return reached(root, lambda node: (t.object for t in told.get(node, ()) if t.object in told))
