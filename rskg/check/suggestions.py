"""Did you mean: the value of a list, the thing or the term of ours, that a wrong one is nearly.

Only where one alone is near. A value that differs by capitals or spaces alone is certain, and
becomes a fix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rskg.check.nearness import nearest, plain
from rskg.check.places import Values
from rskg.namespaces import BASE, OWL, RDF, RDFS, SH, TERM
from rskg.report import Result
from rskg.syntax import Triple, reached
from rskg.validation import Branches

_KINDS = {f"{name}ConstraintComponent": name for name in ("In", "Class", "HasValue")}
#: What finds a class or property of ours that doesn't exist, as the value or the path.
_FINDS_TERMS = {f"{name}ConstraintComponent" for name in ("Or", "SPARQL")}
_TYPE, _BELOW = RDF + "type", RDFS + "subClassOf"
#: So many results get a suggestion.
_MOST = 1000


@dataclass(frozen=True)
class Meant:
    """What should stand there, in N-Triples; certain where it is spelled the same."""

    term: str
    certain: bool
    instead: str


def meant(
    results: Iterable[Result],
    values: Values,
    shapes: Sequence[Triple],
    context: Sequence[Triple],
) -> dict[Result, Meant]:
    """For results of sh:in, sh:class and sh:hasValue, and for terms of ours that don't exist, what
    was probably meant; `values` are those that stand where sh:hasValue asks for another.
    """
    asking = _asking(results)[:_MOST]
    if not asking:
        return {}
    search = _Search(asking, values, Branches(shapes), context)
    return {one: found for one in asking if (found := search.of(one))}


def left_out(results: Iterable[Result]) -> list[str]:
    """The sentence to tell where `meant` leaves out some of these results; else none."""
    asking = len(_asking(results))
    if asking <= _MOST:
        return []
    return [
        f"{asking - _MOST:,} values that aren't as asked were not compared with those that may be "
        f"meant: {_MOST:,} are in a run"
    ]


def _asking(results: Iterable[Result]) -> list[Result]:
    return [one for one in results if one.component in _KINDS or any(_terms(one))]


def _terms(result: Result) -> Iterator[str]:
    """The terms of ours that a result may be about because they don't exist."""
    if result.component in _FINDS_TERMS:
        yield from (t for t in (result.value, result.path) if t and t.startswith(f"<{TERM}"))


def suggested(results: Iterable[Result], known: dict[Result, Meant]) -> list[Result]:
    """The results, those without a fix with the question whether something else was meant."""
    return [
        _asked(one, known[bare]) if not one.fix and (bare := _bare(one)) in known else one
        for one in results
    ]


def _asked(result: Result, what: Meant) -> Result:
    said = f"did you mean {what.term}?"
    if result.component == "HasValueConstraintComponent":
        said = f"it has {what.instead}; {said}"
    told = f"{result.explanation}; {said}" if result.explanation else said
    return result.but(explanation=told)


def _bare(result: Result) -> Result:
    """The result as it was when it was looked at."""
    return result.but(explanation=None, fix=None)


class _Search:
    def __init__(
        self,
        results: Sequence[Result],
        values: Values,
        shapes: Branches,
        context: Sequence[Triple],
    ) -> None:
        self._shapes = shapes
        self._told = {str(t.subject) for t in context}
        self._instances: dict[str, list[str]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        for t in context:
            if t.predicate.value == _TYPE:
                self._instances[str(t.object)].append(str(t.subject))
            elif t.predicate.value == _BELOW:
                self._below[str(t.object)].append(str(t.subject))
        self._values = values

    def of(self, result: Result) -> Meant | None:
        if result.component in _FINDS_TERMS:
            return self._term(result)
        kind = _KINDS[result.component]
        asked = list(self._wanted(result, kind))
        if kind == "HasValue":
            for value in self._values.get((result.focus, result.path or ""), ()):
                if not self._exists(value) and (found := _near(value, asked)):
                    return found
            return None
        value = result.value or ""
        if kind == "Class" and (self._exists(value) or not value.startswith(f"<{BASE}")):
            return None
        return _near(value, asked)

    def _term(self, result: Result) -> Meant | None:
        """The class or property nearest to one that doesn't exist; a fix mends values alone."""
        classes = self._instances[f"<{OWL}Class>"]
        for term in _terms(result):
            if not self._exists(term):
                found = _near(term, classes if term == result.value else self._told - set(classes))
                return found and replace(found, certain=found.certain and term == result.value)
        return None

    def _exists(self, term: str) -> bool:
        return term.startswith("<") and term in self._told

    def _wanted(self, result: Result, kind: str) -> Iterator[str]:
        """What the shape lets stand there."""
        name = kind[0].lower() + kind[1:]
        for shape in self._shapes.asking(result, SH + name):
            for value in self._shapes.values(shape, name):
                if kind == "In":
                    yield from map(str, self._shapes.items(value))
                elif kind == "Class":
                    for one in reached(str(value), lambda name: self._below.get(name, [])):
                        yield from self._instances.get(one, ())
                else:
                    yield str(value)


def _near(value: str, asked: Iterable[str]) -> Meant | None:
    """Of the terms of the same kind, the one whose words are nearest."""
    words, rest = _parted(value)
    if words is None:
        return None
    alike: dict[str, str] = {}
    for term in asked:
        theirs, kind = _parted(term)
        if theirs is not None and kind == rest and term != value:
            alike[theirs] = term
    same = [term for theirs, term in alike.items() if plain(theirs) == plain(words)]
    if len(same) == 1:
        return Meant(same[0], True, value)
    close = nearest(words, alike)
    return Meant(alike[close], False, value) if close else None


def _parted(term: str) -> tuple[str | None, str]:
    """The words of a term, and what comes with them: namespace, or datatype and language."""
    if term.startswith("<"):
        cut = max(term.rfind("/"), term.rfind("#")) + 1
        return term[cut:-1], term[:cut]
    if term.startswith('"'):
        words, quote, kind = term[1:].rpartition('"')
        return (words, kind) if quote else (None, "")
    return None, ""
