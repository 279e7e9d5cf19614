"""What the ontology promises as a whole: every notion carried, every term named and used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rskg.namespaces import COLUMN, OWL, RDF, RDFS, SKOS, TERM
from rskg.ontology import load
from rskg.paths import Files
from rskg.store import Reader
from rskg.syntax import Term, Triple, parse

LONGEST_MODULE = 500
PREFIX = re.compile(r"^@?prefix\s+([\w-]*):\s+<([^>]+)>", re.IGNORECASE | re.MULTILINE)
KINDS = {OWL + k for k in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
#: Where a term is put to use: in a check, a question, a link outside, a map or a rule.
USERS = (
    "shapes/**/*.ttl",
    "queries/*.rq",
    "ontology/alignments/*.ttl",
    "ontology/rules/*",
    "data/*/*.rq",
)


def modules(files: Files) -> Iterator[tuple[Path, tuple[Triple, ...]]]:
    for path, triples in load(files.ontology).documents.items():
        if path.parent == files.ontology:
            yield path, triples


def value(term: Term) -> str:
    return str(getattr(term, "value", term))


def test_modules_can_be_read_in_one_sitting(files: Files) -> None:
    for path, _ in modules(files):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE, path


def test_every_term_is_used(files: Files) -> None:
    triples = [triple for _, told in modules(files) for triple in told]
    terms = {
        value(t.subject)
        for t in triples
        if t.predicate.value == RDF + "type" and value(t.object) in KINDS
    }
    texts = [path.read_text(encoding="utf-8") for user in USERS for path in files.root.glob(user)]
    named = {TERM + name for text in texts for name in re.findall(r"rskg:(\w+)", text)}
    named |= {iri for text in texts for iri in re.findall(re.escape(TERM) + r"\w+", text)}
    ends = {RDFS + "domain", RDFS + "range"}
    named |= {
        value(t.object) for t in triples if t.predicate.value in ends and value(t.subject) in named
    }
    for path in files.examples.glob("*/valid*.ttl"):
        named |= {value(t.object) for t in parse(path) if t.predicate.value == RDF + "type"}
    ours = {term for term in terms if term.startswith(TERM)}
    assert len(ours) > 400
    assert sorted(ours - named) == []


def test_every_class_and_property_is_defined_in_english_and_in_french(files: Files) -> None:
    found: dict[str, dict[str | None, str]] = defaultdict(dict)
    ours = {
        t.subject
        for _, told in modules(files)
        for t in told
        if t.predicate.value == RDF + "type" and value(t.object) in KINDS
    }
    for _, told in modules(files):
        for t in told:
            if t.predicate.value == SKOS + "definition" and t.subject in ours:
                found[value(t.subject)][getattr(t.object, "language", None)] = value(t.object)
    assert len(found) > 400
    for term, texts in found.items():
        assert texts.get("fr"), term
        assert texts["fr"] != texts["en"], term


def test_every_notion_of_the_briefing_is_carried_or_decided(reader: Reader) -> None:
    rows = reader.select(
        """
        SELECT ?concept (COUNT(DISTINCT ?term) AS ?terms) (COUNT(DISTINCT ?reason) AS ?reasons) {
          ?concept a rskg:BriefingConcept ; rskg:seedLine ?line .
          FILTER(CONTAINS(STR(?concept), "/id/concept/C"))
          OPTIONAL { ?term dcterms:source ?concept }
          OPTIONAL { ?concept rskg:decision ?reason }
        } GROUP BY ?concept
        """
    )
    assert len(rows) == 157
    zero = {"0"}
    neither = [r for r in rows if {value(t) for t in (r["terms"], r["reasons"]) if t} == zero]
    assert neither == []


def test_a_prefix_means_the_same_everywhere(files: Files) -> None:
    table = {**load(files.ontology).prefixes, "col": COLUMN, "": None}
    patterns = (
        "data/*/*.rq",
        "data/*/*.ttl",
        "examples/*/*.ttl",
        "ontology/**/*.ttl",
        "ontology/rules/*",
    )
    for path in sorted({path for pattern in patterns for path in files.root.glob(pattern)}):
        for name, space in PREFIX.findall(path.read_text(encoding="utf-8")):
            assert table.get(name) == space, f"{path}: {name}: is <{table.get(name)}>"
