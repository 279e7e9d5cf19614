"""Very many nodes at a cost that a build can bear.

Every node is checked against what a shape can tell of it alone (SHACL Core), and one node of each
form, that is each set of classes and properties, against the constraints in SPARQL as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rskg.namespaces import RDF, RDFS, SH
from rskg.report import Report
from rskg.syntax import Triple
from rskg.validation.coverage import Targets
from rskg.validation.engines import engines_of

_TYPE = f"<{RDF}type>".encode()
#: What says which class is below which, and which words are known.
_TREE = {RDFS + "subClassOf", RDFS + "isDefinedBy"}


def validate_many(lines: bytes, shapes: Sequence[Triple], context: Sequence[Triple]) -> Report:
    """Check sorted N-Triples against shapes; `context` is what they refer to, valid in itself.

    Raises ShapesError.
    """
    told = lines.splitlines(keepends=True)
    about = _about(told, context)
    subjects = {line.split(b" ", 1)[0] for line in told}
    chosen = _one_of_each_form(told)
    around = b"".join(_around(told, chosen)).decode()
    alone = [t for t in shapes if t.predicate.value != SH + "sparql"]
    lots = ((lines.decode(), alone, subjects), (around, shapes, chosen))
    found = {
        result
        for part, lot, judged in lots
        for engine in engines_of(lot)
        for result in engine.run_lines(part + about)
        if result.focus.encode() in judged
    }
    ordered = sorted(found, key=lambda r: (r.focus, r.path or "", r.component, r.value or ""))
    return Report(tuple(ordered), Targets.of(shapes).shapes, len(subjects))


def _about(told: Sequence[bytes], context: Sequence[Triple]) -> str:
    """The class tree, and what the context tells of the terms and things that are named."""
    named = {word for line in told for word in line.split(b" ", 3)[1:3]}
    return "".join(
        f"{triple} .\n"
        for triple in context
        if triple.predicate.value in _TREE or str(triple.subject).encode() in named
    )


def _one_of_each_form(told: Sequence[bytes]) -> set[bytes]:
    """A subject for each set of classes and properties."""
    chosen: dict[frozenset[bytes], bytes] = {}
    for subject, group in groupby(told, key=lambda line: line.split(b" ", 1)[0]):
        chosen.setdefault(frozenset(map(_trait, group)), subject)
    return set(chosen.values())


def _around(told: Sequence[bytes], chosen: set[bytes]) -> Iterator[bytes]:
    """What is told of these subjects, of what leads to them, and of what these lead to."""
    pairs = [line.split(b" ", 3) for line in told]
    leading = {s for s, _, o, *_ in pairs if o in chosen}
    led_to = {o for s, _, o, *_ in pairs if s in chosen or s in leading}
    wanted = chosen | leading | led_to
    yield from (line for line, (s, *_) in zip(told, pairs, strict=True) if s in wanted)


def _trait(line: bytes) -> bytes:
    _, predicate, rest = line.split(b" ", 2)
    return rest if predicate == _TYPE else predicate
