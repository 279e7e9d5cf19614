"""What makes shapes no shapes, where an engine would say nothing and call the data good.

SHACL 2.1 to 2.3 and 5.2: what is ill-formed is refused before any data is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from rskg.errors import ShapesError
from rskg.namespaces import RDF, SH
from rskg.syntax import Literal, NamedNode, Term, Triple
from rskg.validation import reach

VOCABULARY = Path(__file__).with_name("shacl-terms.txt")
_TYPE = RDF + "type"
_SINGLE = tuple(SH + name for name in ("node", "not", "qualifiedValueShape"))
_LISTS = tuple(SH + name for name in ("and", "or", "xone"))
_SUBQUERY = re.compile(r"\{\s*SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?(.*?)\bWHERE\b", re.I | re.S)
_Told = Mapping[Term, Mapping[str, Sequence[Term]]]


def require(shapes: Sequence[Triple]) -> None:
    """Raise ShapesError with what is wrong first, and with which shape."""
    told: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in shapes:
        told[triple.subject][triple.predicate.value].append(triple.object)
    _known_words(shapes)
    reach.refuse(shapes)
    for node, said in told.items():
        for one in said.get(SH + "property", ()):
            _one_path(node, one, told)
        for one in _referred(said, told):
            if one not in told:
                raise ShapesError(f"{node} refers to the shape {one}, which is nowhere described")
        for one in said.get(SH + "sparql", ()):
            _a_select(node, told.get(one, {}))
        if NamedNode(SH + "PropertyShape") in said.get(_TYPE, ()):
            _one_path(node, node, told)


def _known_words(shapes: Iterable[Triple]) -> None:
    """A misspelt parameter is no parameter: nothing would be checked."""
    used = {t.predicate.value for t in shapes} | {
        t.object.value
        for t in shapes
        if t.predicate.value == _TYPE and isinstance(t.object, NamedNode)
    }
    own = {str(t.subject).strip("<>") for t in shapes}
    words = VOCABULARY.read_text(encoding="utf-8").split()
    for iri in sorted(used - own):
        word = iri.removeprefix(SH)
        if word != iri and word not in words:
            near = get_close_matches(word, words, 1)
            guess = f": is sh:{near[0]} meant?" if near else ""
            raise ShapesError(f"SHACL has no sh:{word}{guess}")


def _one_path(owner: Term, shape: Term, told: _Told) -> None:
    paths = told.get(shape, {}).get(SH + "path", ())
    if shape not in told:
        raise ShapesError(f"{owner} refers to the shape {shape}, which is nowhere described")
    if len(paths) != 1:
        raise ShapesError(f"{owner}: a property shape has one sh:path, not {len(paths)}")


def _referred(said: Mapping[str, Sequence[Term]], told: _Told) -> list[Term]:
    found = [
        one for name in ("node", "not", "qualifiedValueShape") for one in said.get(SH + name, ())
    ]
    for name in _LISTS:
        for start in said.get(name, ()):
            found += _members(start, told)
    return found


def _members(start: Term, told: _Told) -> list[Term]:
    found: list[Term] = []
    seen: set[Term] = set()
    while start in told and start not in seen:
        seen.add(start)
        found += told[start].get(RDF + "first", ())
        start = next(iter(told[start].get(RDF + "rest", ())), start)
    return found


def _a_select(owner: Term, said: Mapping[str, Sequence[Term]]) -> None:
    texts = [one.value for one in said.get(SH + "select", ()) if isinstance(one, Literal)]
    if not texts:
        raise ShapesError(f"{owner}: a SPARQL constraint needs an sh:select (SHACL 5.2.1)")
    for text in texts:
        for projected in _SUBQUERY.findall(text):
            if "*" not in projected and not re.search(r"[$?]this\b", projected):
                raise ShapesError(f"{owner}: a sub-SELECT must return $this (SHACL 5.3.1)")
