"""Very many nodes at a cost that a build can bear.

Every node is checked against what a shape can tell of it alone (SHACL Core), and one node of each
form, that is each set of classes and properties, against the constraints in SPARQL as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from rskg.namespaces import RDF, RDFS, SH
from rskg.report import Report
from rskg.syntax import Triple
from rskg.validation.coverage import Targets
from rskg.validation.engines import engines_of

#: Subject, predicate and object, as N-Triples has them.
Told = tuple[bytes, bytes, bytes]
_TYPE = f"<{RDF}type>".encode()
#: What says which class is below which, and which words are known.
_TREE = {RDFS + "subClassOf", RDFS + "isDefinedBy"}


def validate_many(lines: bytes, shapes: Sequence[Triple], context: Sequence[Triple]) -> Report:
    """Check sorted N-Triples against shapes; `context` is what they refer to, valid in itself.

    Raises ShapesError.
    """
    told = [_split(line) for line in lines.splitlines()]
    about = _about(told, context)
    subjects = {subject for subject, _, _ in told}
    chosen = _one_of_each_form(told)
    around = _around(told, chosen)
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


def _split(line: bytes) -> Told:
    subject, predicate, rest = line.split(b" ", 2)
    return subject, predicate, rest[:-2]


def _about(told: Iterable[Told], context: Sequence[Triple]) -> str:
    """The class tree, and what the context tells of the terms and things that are named."""
    named = {word for _, predicate, value in told for word in (predicate, value)}
    return "".join(
        f"{triple} .\n"
        for triple in context
        if triple.predicate.value in _TREE or str(triple.subject).encode() in named
    )


def _one_of_each_form(told: Iterable[Told]) -> set[bytes]:
    """A subject for each set of classes and properties."""
    chosen: dict[frozenset[bytes], bytes] = {}
    for subject, group in groupby(told, key=itemgetter(0)):
        form = frozenset(value if name == _TYPE else name for _, name, value in group)
        chosen.setdefault(form, subject)
    return set(chosen.values())


def _around(told: Sequence[Told], chosen: set[bytes]) -> str:
    """What is told of these subjects, of what leads to them, and of what these lead to."""
    leading = chosen | {subject for subject, _, value in told if value in chosen}
    wanted = leading | {value for subject, _, value in told if subject in leading}
    return b"".join(b"%b %b %b .\n" % each for each in told if each[0] in wanted).decode()
