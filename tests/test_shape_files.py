"""The shapes by their examples: what is valid passes, what is invalid says why, two engines agree.

An example stands alone with the ontology's class tree and code lists. Its first line tells what
to expect: `# expect: rskgsh:Actor-lei sh:PatternConstraintComponent Violation`.
"""

from __future__ import annotations

import functools
import multiprocessing
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib.plugins.sparql import processor

from rskg import dataset, ontology, query, shapes
from rskg.namespaces import RDF, RDFS, SH, SHAPE
from rskg.paths import Files
from rskg.report import SEVERITIES, Result
from rskg.syntax import NamedNode, Term, Triple, parse
from rskg.validation import second_opinion, validate
from rskg.validation.engines import Engine, engines_of

FILES = Files(Path(__file__).resolve().parent.parent)
META = FILES.shapes / "meta"
EXAMPLES = sorted(FILES.examples.rglob("*.ttl"))
INVALID = [path for path in EXAMPLES if path.name != "valid.ttl"]
VALID = [path for path in EXAMPLES if path.name == "valid.ttl"]
TYPE, BELOW, HOME = (
    NamedNode(iri) for iri in (RDF + "type", RDFS + "subClassOf", RDFS + "isDefinedBy")
)
WORDS = {RDFS + "label", SH + "name", SH + "description", SH + "message"}
#: Parameters of SHACL core and SHACL-SPARQL, each with the component that it stands for.
COMPONENTS = {
    name: f"{name[0].upper()}{name[1:]}ConstraintComponent"
    for name in (
        *("class", "datatype", "nodeKind", "minCount", "maxCount", "minInclusive", "maxInclusive"),
        *("minExclusive", "maxExclusive", "minLength", "maxLength", "pattern", "languageIn"),
        *("uniqueLang", "equals", "disjoint", "lessThan", "lessThanOrEquals", "in", "hasValue"),
        *("not", "and", "or", "xone", "node", "qualifiedMinCount", "qualifiedMaxCount", "closed"),
    )
} | {"sparql": "SPARQLConstraintComponent"}


def named(paths: Iterable[Path]) -> list[object]:
    return [pytest.param(p, id=str(p.relative_to(FILES.examples).with_suffix(""))) for p in paths]


# --- What an example is judged by ---------------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """Shapes, and what the ontology says about its terms."""

    shapes: Sequence[Triple]
    about: Mapping[Term, Sequence[Triple]]

    def context(self, data: Sequence[Triple]) -> list[Triple]:
        """Class tree and code lists, as far as the data lead there."""
        pending = [end for t in data for end in (t.subject, t.predicate, t.object)]
        seen: set[Term] = set()
        found: list[Triple] = []
        while pending:
            term = pending.pop()
            if term in seen:
                continue
            seen.add(term)
            for triple in self.about.get(term, ()):
                found.append(triple)
                pending.append(triple.object)
        return found

    def looking_at(self, data: Sequence[Triple], valid: Sequence[Triple]) -> list[Triple]:
        """The shapes that look at what differs from the valid example; for itself, at anything."""
        changed = set(data) ^ set(valid) or set(data)
        touched = {end for t in changed for end in (t.subject, t.object)}
        said = [t for t in data if t.subject in touched]
        types = [t for t in said if t.predicate == TYPE]
        aims = {(SH + "targetClass", t.object) for t in [*types, *self.context(types)]}
        aims |= {(SH + "targetSubjectsOf", t.predicate) for t in said}
        told: dict[Term, list[Triple]] = defaultdict(list)
        for triple in self.shapes:
            told[triple.subject].append(triple)
        pending = [t.subject for t in self.shapes if (t.predicate.value, t.object) in aims]
        found: dict[Triple, None] = {}
        while pending:
            for triple in told.pop(pending.pop(), ()):
                if triple.predicate.value not in WORDS:
                    found[triple] = None
                pending.append(triple.object)
        return list(found)


@functools.cache
def ground(meta: bool) -> Ground:
    about: dict[Term, list[Triple]] = defaultdict(list)
    for triple in ontology.load(FILES.ontology).triples:
        code = triple.predicate == TYPE and "/rskg/id/" in str(triple.subject)
        if code or triple.predicate in (BELOW, HOME):
            about[triple.subject].append(triple)
    return Ground(shapes.load([META if meta else FILES.shapes]).triples, about)


@functools.cache
def engines(meta: bool) -> list[Engine]:
    """What judges everything: compiled once, for compiling takes longer than an example."""
    return engines_of(ground(meta).shapes)


# --- What the engines find ----------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Found:
    """A result without its words and without the engine's spelling."""

    focus: str
    path: str
    value: str
    component: str
    severity: str


Opinions = tuple[list[Result], ...]


def opinions(path: Path) -> Opinions:
    """What the fast engine finds with all shapes, and pySHACL with those the change concerns."""
    meta = "meta" in path.parts
    own, data = ground(meta), parse(path)
    context = own.context(data)
    subjects = {str(triple.subject) for triple in data}
    relevant = own.looking_at(data, data if meta else parse(path.parent / "valid.ttl"))
    first = [found for engine in engines(meta) for found in engine.run([*data, *context])]
    second = second_opinion.run([*data, *context], relevant)
    return tuple(
        [r for r in results if r.focus in subjects or r.focus.startswith("_:")]
        for results in (first, second)
    )


def parse_queries_once() -> None:
    """pySHACL has rdflib parse a constraint's query again for every node; once is enough."""
    prepared = functools.cache(lambda text: processor.translateQuery(processor.parseQuery(text)))

    def evaluate(
        self: processor.SPARQLProcessor,
        text: str,
        bindings: Mapping[str, object] | None = None,
        *_: object,
        **__: object,
    ) -> object:
        return processor.evalQuery(self.graph, prepared(text), bindings or {})

    processor.SPARQLProcessor.query = evaluate


@pytest.fixture(scope="module")
def verdicts() -> dict[Path, Opinions]:
    """Both opinions on every example."""
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=start, initializer=parse_queries_once) as pool:
        return dict(zip(EXAMPLES, pool.map(opinions, EXAMPLES, chunksize=20), strict=True))


def found(results: Iterable[Result]) -> list[Found]:
    return sorted(
        Found(
            focus=_blank(result.focus),
            path=re.sub(r"[ ()]", "", result.path or ""),
            value=_blank(result.value or ""),
            component=result.component,
            severity=result.severity,
        )
        for result in results
    )


def _blank(term: str) -> str:
    return "_:" if term.startswith("_:") else term


def expectation(path: Path) -> tuple[str, str, str]:
    """Shape, component and severity that the first line of an invalid example announces."""
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
    said = re.fullmatch(r"# expect: rskgsh:(\S+) sh:(\S+) (Violation|Warning|Info)\n", first)
    assert said, f"{path} does not start with `# expect: rskgsh:… sh:… Severity`"
    return said[1], said[2], said[3]


# --- Examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", named(VALID))
def test_a_valid_example_gives_no_result(path: Path, verdicts: Mapping[Path, Opinions]) -> None:
    assert [(r.shape, r.component, r.focus, r.messages[:1]) for r in verdicts[path][0]] == []


@pytest.mark.parametrize("path", named(INVALID))
def test_an_invalid_example_gives_what_it_announces_and_nothing_graver(
    path: Path, verdicts: Mapping[Path, Opinions]
) -> None:
    shape, component, severity = expectation(path)
    grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
    results = [r for r in verdicts[path][0] if r.severity in grave]
    assert {(r.shape.removeprefix(SHAPE), r.component, r.severity) for r in results} == {
        (shape, component, severity)
    }
    assert all(len(result.messages) == 2 for result in results)


@pytest.mark.parametrize("path", named(EXAMPLES))
def test_the_engines_agree(path: Path, verdicts: Mapping[Path, Opinions]) -> None:
    first, second = verdicts[path]
    assert found(first) == found(second)


# --- What the examples cover --------------------------------------------------------------------


def constraints(documents: Mapping[Path, Sequence[Triple]]) -> Iterator[tuple[str, str]]:
    """Every named shape with every component that it uses."""
    for document in documents.values():
        for triple in document:
            name = triple.predicate.value.removeprefix(SH)
            subject = str(triple.subject).strip("<>")
            if name in COMPONENTS and subject.startswith(SHAPE):
                yield subject.removeprefix(SHAPE), COMPONENTS[name]


def test_every_constraint_is_shown_by_an_invalid_example() -> None:
    shown = {expectation(path)[:2] for path in INVALID}
    assert set(constraints(shapes.load([FILES.shapes, META]).documents)) - shown == set()


def test_every_shape_file_has_a_valid_example() -> None:
    documents = shapes.load([FILES.shapes, META]).documents
    with_targets = {
        str(path.relative_to(FILES.shapes).with_suffix(""))
        for path, triples in documents.items()
        if any(t.predicate.value.startswith(SH + "target") for t in triples)
    }
    assert with_targets == {str(path.parent.relative_to(FILES.examples)) for path in VALID}


def test_a_wrong_character_anywhere_in_a_lei_is_caught(tmp_path: Path) -> None:
    right, letters, digits = "RSKG00FICTITIOUSMI51", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
    wrong = [
        right[:place] + other + right[place + 1 :]
        for place, character in enumerate(right)
        for other in (digits if character in digits else letters)
        if other != character
    ]
    actors = "".join(f"actor:a{n} rskg:lei '{code}' .\n" for n, code in enumerate([right, *wrong]))
    document = tmp_path / "actors.ttl"
    document.write_text(
        "@prefix actor: <https://w3id.org/rskg/id/actor/> .\n"
        f"@prefix rskg: <https://w3id.org/rskg/ontology#> .\n{actors}"
    )
    report = validate(parse(document), ground(meta=False).shapes)
    caught = [r.value for r in report.results if r.shape.endswith("leiCheckDigits")]
    assert sorted(caught) == sorted(f'"{code}"' for code in wrong)


# --- Our own files ------------------------------------------------------------------------------


def test_the_ontology_the_shapes_the_datasets_and_the_queries_keep_the_rules_of_the_house() -> None:
    ours = [
        *ontology.load(FILES.ontology).triples,
        *shapes.load([FILES.shapes, META]).triples,
        *(t for folder in dataset.load_all(FILES.data) for t in folder.description),
        *(t for one in query.load_all(FILES.queries).values() for t in query.executable(one)),
    ]
    report = validate(ours, ground(meta=True).shapes)
    assert [(r.shape, r.focus, r.value, r.sentence) for r in report.at_least("violation")] == []
