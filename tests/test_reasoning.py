"""What follows, what contradicts itself, and the proof: with real stores, reasoners and files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from owlrl import OWLRL_Semantics
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from rskg.errors import EnvironmentLacks, InputError, RskgError
from rskg.namespaces import GENID, TERM
from rskg.reasoning import (
    close,
    contradictions,
    forget_unnamed_classes,
    load_checks,
    load_rules,
)
from rskg.reasoning.closure import INFERRED
from rskg.reasoning.explanation import smallest
from rskg.reasoning.proof import Proof, explain, prove
from rskg.syntax import parse, skolemise

NEEDS_JAVA = pytest.mark.skipif(
    shutil.which("java") is None, reason="the proof needs Java: install openjdk-17-jre-headless"
)
ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
RULES = load_rules(ONTOLOGY / "rules")
CHECKS = load_checks(ONTOLOGY / "rules")
TURTLE = sorted(ONTOLOGY.rglob("*.ttl"))
EXAMPLES = sorted((ROOT / "examples").glob("*/valid*.ttl"))

PREFIXES = f"""
@prefix ex: <https://example.org/> .
@prefix rskg: <{TERM}> .
@prefix owl: <{OWL}> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
@prefix xsd: <{XSD}> .
"""

#: Every construct of OWL 2 RL that infers something, ours or not, with things for it to bear on.
CONSTRUCTS = Path(__file__).parent / "every_construct.ttl"

#: What each check finds: the data that it is planted in, and the thing that it names.
PLANTED = {
    "cax-adc": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:A ex:B ex:C ) . ex:x a ex:A , ex:C .",
        "x",
    ),
    "cax-dw": ("ex:A owl:disjointWith ex:B . ex:x a ex:A , ex:B .", "x"),
    "cls-com": ("ex:A owl:complementOf ex:B . ex:x a ex:A , ex:B .", "x"),
    "cls-maxc1": (
        "ex:R owl:onProperty ex:p ; owl:maxCardinality 0 . ex:x a ex:R ; ex:p ex:y .",
        "x",
    ),
    "cls-maxqc1": (
        """ex:R owl:onProperty ex:p ; owl:onClass ex:C ; owl:maxQualifiedCardinality 0 .
        ex:x a ex:R ; ex:p ex:y . ex:y a ex:C .""",
        "x",
    ),
    "cls-nothing2": ("ex:A rdfs:subClassOf owl:Nothing . ex:x a ex:A .", "x"),
    "eq-diff": (
        "ex:p a owl:FunctionalProperty . ex:z ex:p ex:x , ex:y . ex:x owl:differentFrom ex:y .",
        "x y",
    ),
    "eq-diff-all": (
        "[] a owl:AllDifferent ; owl:distinctMembers ( ex:x ex:y ) . ex:x owl:sameAs ex:y .",
        "x y",
    ),
    "prp-adp": (
        """[] a owl:AllDisjointProperties ; owl:members ( ex:p ex:q ) .
        ex:x ex:p ex:y ; ex:q ex:y .""",
        "x",
    ),
    "prp-asyp": ("ex:p a owl:AsymmetricProperty . ex:x ex:p ex:y . ex:y ex:p ex:x .", "x y"),
    "prp-fp": ("ex:p a owl:FunctionalProperty . ex:x ex:p 1 , 2 .", "x"),
    "prp-irp": ("ex:p a owl:IrreflexiveProperty . ex:x ex:p ex:x .", "x"),
    "prp-npa": (
        """[] a owl:NegativePropertyAssertion ; owl:sourceIndividual ex:x ;
            owl:assertionProperty ex:p ; owl:targetIndividual ex:y .
        ex:x ex:p ex:y .""",
        "x",
    ),
    "prp-pdw": ("ex:p owl:propertyDisjointWith ex:q . ex:x ex:p ex:y ; ex:q ex:y .", "x"),
}


def written(text: str, folder: Path) -> Path:
    path = folder / "document.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


def triples_of(paths: Iterable[Path]) -> set[Triple]:
    return {triple for path in paths for triple in skolemise(parse(path))}


def store_of(triples: Iterable[Triple]) -> Store:
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def closed(triples: Iterable[Triple]) -> Store:
    store = store_of(triples)
    close(store.update, lambda: len(store), RULES)
    return store


def default_graph(store: Store) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}


def inferred(store: Store) -> set[Triple]:
    graph = NamedNode(INFERRED)
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}


def select(store: Store, query: str) -> list[Mapping[str, str]]:
    return [
        {"this": row["this"].value, "message": row["message"].value} for row in store.query(query)
    ]


def as_rdflib(triples: Iterable[Triple]) -> Graph:
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def without_annotations(triples: set[Triple]) -> set[Triple]:
    """The statements with logical weight; annotations only slow the other reasoner down."""
    a, kind = NamedNode(str(RDF.type)), NamedNode(str(OWL.AnnotationProperty))
    silent = {t.subject for t in triples if t.predicate == a and t.object == kind}
    silent |= {NamedNode(str(p)) for p in (RDFS.label, RDFS.comment, RDFS.isDefinedBy)}
    return {t for t in triples if t.predicate not in silent and t.subject not in silent}


def left_out(statements: set[tuple]) -> set[tuple]:
    """Those that `not-entailed.ttl` says we leave out."""
    graph, found = Graph(), set()
    for statement in statements:
        graph.add(statement)
    said = Graph().parse(ONTOLOGY / "rules" / "not-entailed.ttl")
    namespaces = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}
    for condition in said.objects(None, URIRef(TERM + "notEntailedWhen")):
        query = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o FILTER({condition}) }}"
        found |= {tuple(row) for row in graph.query(query, initNs=namespaces)}
    return found


def differences(triples: set[Triple]) -> tuple[set[tuple], set[tuple]]:
    """What only owlrl concludes, and what only our rules conclude.

    Both start from what a store keeps: it writes `1200.0` as `1200`.
    """
    triples = default_graph(store_of(triples))
    store = closed(triples)
    forget_unnamed_classes(store.update)
    ours, theirs = set(as_rdflib(default_graph(store))), as_rdflib(triples)
    OWLRL_Semantics(theirs, axioms=False, daxioms=False).closure()
    only_theirs = set(theirs) - ours
    return only_theirs - left_out(only_theirs), ours - set(theirs)


def test_ontology_and_examples_close_as_an_independent_reasoner_closes_them():
    triples = without_annotations(triples_of([*TURTLE, *EXAMPLES]))
    assert differences(triples) == (set(), set())


def test_every_construct_closes_as_an_independent_reasoner_closes_it():
    assert differences(triples_of([CONSTRUCTS])) == (set(), set())


def test_a_shortcut_follows_from_the_dated_node_and_so_does_its_inverse(tmp_path):
    data = """
    ex:adoption a rskg:Adoption ; rskg:involvedActor ex:smelter ; rskg:adoptedProcess ex:scheme .
    """
    found = inferred(closed(triples_of([*TURTLE, written(data, tmp_path)])))
    ex, term = "https://example.org/", TERM
    for subject, predicate, value in (
        (ex + "smelter", term + "adopts", ex + "scheme"),
        (ex + "scheme", term + "followedBy", ex + "smelter"),
        (ex + "smelter", str(RDF.type), term + "Actor"),
        (ex + "smelter", str(RDF.type), term + "Driver"),
        (ex + "adoption", str(RDF.type), term + "Involvement"),
    ):
        assert Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value)) in found


def test_what_is_asserted_is_not_inferred_again():
    triples = triples_of(TURTLE)
    store = closed(triples)
    assert not inferred(store) & triples
    assert default_graph(store) == inferred(store) | triples


def test_a_closed_store_stays_as_it_is():
    store = closed(triples_of(TURTLE))
    before = len(store)
    assert close(store.update, lambda: len(store), RULES) == len({r.about for r in RULES})
    assert len(store) == before


def test_class_expressions_are_forgotten_and_named_classes_stay():
    store = closed(triples_of([CONSTRUCTS]))
    assert any(GENID in str(triple) for triple in inferred(store))
    forget_unnamed_classes(store.update)
    assert not any(GENID in str(triple) for triple in inferred(store))
    shop, seller = (NamedNode(f"https://example.org/{n}") for n in ("shop", "MetalSeller"))
    assert Triple(shop, NamedNode(str(RDF.type)), seller) in default_graph(store)


def test_the_keys_of_a_class_must_all_be_shared(tmp_path):
    data = """
    ex:Site owl:hasKey ( ex:name ex:country ) .
    ex:s1 a ex:Site ; ex:name "Alto" ; ex:country ex:CL .
    ex:s2 a ex:Site ; ex:name "Alto" ; ex:country ex:CL .
    ex:s3 a ex:Site ; ex:name "Alto" ; ex:country ex:PE .
    """
    found = inferred(closed(triples_of([written(data, tmp_path)])))
    same = {t.subject.value[-2:] + t.object.value[-2:] for t in found if "sameAs" in str(t)}
    assert same == {"s1s2", "s2s1"}


@pytest.mark.parametrize("check", [check.name for check in CHECKS])
def test_each_check_finds_what_is_planted(check, tmp_path):
    data, named = PLANTED[check]
    store = closed(triples_of([written(data, tmp_path)]))
    found = contradictions(lambda query: select(store, query), CHECKS)
    things = {f"https://example.org/{name}" for name in named.split()}
    assert {contradiction.this for contradiction in found if contradiction.check == check} == things
    assert all(contradiction.message in str(contradiction) for contradiction in found)


def test_ontology_and_examples_hold_no_contradiction():
    store = closed(triples_of([*TURTLE, *EXAMPLES]))
    assert contradictions(lambda query: select(store, query), CHECKS) == ()


def test_a_rule_without_a_header_is_an_input_error(tmp_path):
    (tmp_path / "mine.ru").write_text("INSERT DATA {}", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.ru"):
        load_rules(tmp_path)


def test_a_rule_has_to_say_what_it_is_about(tmp_path):
    header = "#+ construct: [owl:a]\n#+ rule: [r]\n#+ spec: s\n#+ summary: t\n"
    (tmp_path / "mine.ru").write_text(header, encoding="utf-8")
    with pytest.raises(InputError, match="about"):
        load_rules(tmp_path)


@NEEDS_JAVA
def test_the_ontology_is_consistent_and_every_class_can_have_a_member():
    assert prove([*TURTLE, *EXAMPLES]) == Proof(consistent=True)


@NEEDS_JAVA
def test_a_member_of_disjoint_classes_is_found_and_named_with_its_axioms(tmp_path):
    data = """
    ex:Mine a owl:Class . ex:Bank a owl:Class ; owl:disjointWith ex:Mine . ex:Other a owl:Class .
    ex:Pit a owl:Class ; rdfs:subClassOf ex:Mine . ex:x a ex:Pit , ex:Bank , ex:Other .
    """
    proof = prove([written(data, tmp_path)])
    assert not proof.consistent
    assert not proof.holds
    said = " | ".join(proof.explanation)
    for part in ("Pit> SubClassOf", "Bank> DisjointWith", "x> Type", "Mine"):
        assert part in said
    assert "Other" not in said
    assert len(proof.explanation) == 4


@NEEDS_JAVA
def test_members_of_a_list_of_disjoint_classes_are_found_in_our_own_ontology(tmp_path):
    data = "ex:x a rskg:Company , rskg:Government ."
    proof = prove([*TURTLE, written(data, tmp_path)])
    assert not proof.consistent
    said = " | ".join(proof.explanation)
    assert "rskg:Company DisjointWith rskg:Government" in said
    assert "x> Type rskg:Company" in said


@NEEDS_JAVA
def test_a_class_that_can_have_no_member_is_found_and_explained(tmp_path):
    data = """
    ex:Odd a owl:Class ; rdfs:subClassOf rskg:Actor ,
        [ a owl:Restriction ; owl:onProperty rskg:requirementOf ; owl:someValuesFrom owl:Thing ] .
    rskg:Requirement owl:disjointWith rskg:Actor .
    """
    proof = prove([*TURTLE, written(data, tmp_path)])
    assert proof.consistent
    assert proof.unsatisfiable == ("https://example.org/Odd",)
    said = " | ".join(proof.explanation)
    assert "rskg:requirementOf Domain rskg:Requirement" in said
    assert "rskg:Requirement DisjointWith rskg:Actor" in said


@NEEDS_JAVA
def test_what_rustdl_does_not_see_is_found_by_leaving_axioms_out(tmp_path):
    data = """
    ex:Mine a owl:Class . ex:Other a owl:Class ; rdfs:subClassOf ex:Mine .
    ex:NoMine a owl:Class ; owl:complementOf ex:Mine .
    ex:x a ex:Other , ex:NoMine . ex:y a ex:Mine .
    """
    said = explain([written(data, tmp_path)])
    assert len(said) == 4
    assert any("complementOf" in axiom for axiom in said)
    assert not any("example.org/y" in axiom for axiom in said)


@NEEDS_JAVA
def test_nothing_to_explain_is_nothing():
    assert explain(TURTLE[:1]) == ()


def test_the_smallest_contradiction_leaves_nothing_out_that_it_needs():
    axioms = [((URIRef(str(n)), RDF.type, Literal(n)),) for n in range(20)]
    needed = [axioms[3], axioms[11], axioms[12]]
    found = smallest(axioms, lambda chosen: all(axiom in chosen for axiom in needed))
    assert sorted(found) == sorted(needed)


@NEEDS_JAVA
def test_what_is_outside_owl_2_dl_is_refused_with_the_reason(tmp_path):
    data = "ex:p a owl:ObjectProperty , owl:TransitiveProperty , owl:IrreflexiveProperty ."
    with pytest.raises(RskgError, match=r"[Nn]on-simple property .*ex(ample)?.*p"):
        prove([written(data, tmp_path)])


@NEEDS_JAVA
def test_dates_do_not_stop_the_proof(tmp_path):
    data = (
        'ex:when a owl:DatatypeProperty . ex:x ex:when "2021"^^xsd:gYear , "2021-01-01"^^xsd:date .'
    )
    assert prove([written(data, tmp_path)]).holds


def test_without_java_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(EnvironmentLacks, match="default-jre-headless"):
        prove([written("ex:A a owl:Class .", tmp_path)])


def test_unreadable_turtle_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"document\.ttl"):
        prove([written("ex:A a", tmp_path)])
