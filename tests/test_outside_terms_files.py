"""`imports/` and `alignments/`, and that the ontology as a whole keeps to OWL 2 DL."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import (
    CSVW,
    DCAT,
    DCTERMS,
    FOAF,
    GEO,
    ORG,
    PROV,
    QB,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    Namespace,
)

from rskg.namespaces import BASE, ONTOLOGY, TERM

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "ontology"
FILES = sorted(FOLDER.rglob("*.ttl"))
ALIGNMENTS = sorted((FOLDER / "alignments").glob("*.ttl"))
EXTERNAL = FOLDER / "imports" / "external-terms.ttl"
RSKG = Namespace(TERM)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
MATCHES = {
    SKOS[name] for name in ("exactMatch", "closeMatch", "relatedMatch", "narrowMatch", "broadMatch")
}
BELOW = {RDFS.subClassOf, RDFS.subPropertyOf}
LANGUAGES = (OWL, RDF, RDFS, XSD)

#: A term of DCAT 3 that rdflib's copy of DCAT 2 does not hold yet.
NEWER = {DCAT._NS.version}


@pytest.fixture(scope="module")
def whole() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    return graph


def kinds(graph: Graph) -> dict[URIRef, set[URIRef]]:
    found = defaultdict(set)
    for kind in KINDS:
        for term in graph.subjects(RDF.type, kind):
            if isinstance(term, URIRef):
                found[term].add(kind)
    return found


def of_a_language(term: URIRef) -> bool:
    return any(term in language for language in LANGUAGES)


def test_each_outside_term_has_a_kind_a_label_a_definition_and_a_home():
    graph = Graph().parse(EXTERNAL)
    for term in set(graph.subjects()):
        assert not str(term).startswith(BASE)
        assert len(list(graph.objects(term, RDF.type))) == 1, term
        for predicate in (RDFS.label, SKOS.definition):
            assert [value.language for value in graph.objects(term, predicate)] == ["en"], term
        home = graph.value(term, RDFS.isDefinedBy)
        assert str(term).startswith(str(home)), term


def test_outside_terms_are_in_the_vocabularies_that_rdflib_knows():
    for term in set(Graph().parse(EXTERNAL).subjects()) - NEWER:
        for closed in (CSVW, DCAT, DCTERMS, FOAF, GEO, ORG, PROV, QB, SDO, SH, SKOS, VANN, VOID):
            if str(term).startswith(str(closed._NS)):
                assert term in closed, term


def test_every_outside_class_and_property_used_is_declared(whole):
    declared = kinds(whole)
    used = {p for _, p, _ in whole}
    used |= {o for p in (RDF.type, RDFS.subClassOf, RDFS.domain) for o in whole.objects(None, p)}
    for pattern in ("shapes/**/*.ttl", "data/*/*.ttl", "examples/*/valid*.ttl"):
        for path in sorted(ROOT.glob(pattern)):
            graph = Graph().parse(path)
            used |= {p for p in graph.predicates()} | set(graph.objects(None, RDF.type))
            used |= set(graph.objects(None, SH.targetClass)) | set(graph.objects(None, SH["class"]))
    outside = {
        term
        for term in used
        if isinstance(term, URIRef) and not of_a_language(term) and term not in SH
    }
    assert {str(term) for term in outside - declared.keys()} == set()


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_an_alignment_ties_our_terms_to_theirs(path, whole):
    declared, ours = kinds(whole), set(whole.subjects(RDFS.isDefinedBy, URIRef(ONTOLOGY)))
    for subject, predicate, value in Graph().parse(path):
        assert predicate in MATCHES | BELOW
        assert subject in ours, f"{subject} is not a term or concept of ours"
        assert isinstance(value, URIRef)
        assert not str(value).startswith(BASE)
        if predicate in BELOW:
            assert declared[value] == declared[subject], value
        elif subject in RSKG:
            assert value in declared, value


def test_a_commodity_is_matched_with_the_minmod_id_that_it_carries(whole):
    minmod = "https://minmod.isi.edu/resource/"
    matched = {
        (commodity, str(value).removeprefix(minmod))
        for predicate in (SKOS.exactMatch, SKOS.closeMatch)
        for commodity, value in whole.subject_objects(predicate)
        if str(value).startswith(minmod)
    }
    assert matched == {(c, str(q)) for c, q in whole.subject_objects(RSKG.minmodId)}


def test_every_commodity_is_matched_with_a_geological_code(whole):
    for commodity in whole.subjects(RDF.type, RSKG.Commodity):
        values = [o for p in MATCHES for o in whole.objects(commodity, p)]
        assert any("/cgi/commodity-code/" in str(value) for value in values), commodity


def test_no_term_is_of_two_kinds(whole):
    assert {term: found for term, found in kinds(whole).items() if len(found) > 1} == {}


def test_every_term_used_is_declared(whole):
    declared = kinds(whole)
    for predicate in (RDFS.subClassOf, RDFS.domain, OWL.someValuesFrom, OWL.allValuesFrom):
        for value in whole.objects(None, predicate):
            known = isinstance(value, BNode) or of_a_language(value)
            assert known or OWL.Class in declared[value], value
    for predicate in (RDFS.subPropertyOf, OWL.inverseOf, OWL.onProperty):
        for subject, value in whole.subject_objects(predicate):
            assert declared[value], value
            assert predicate == OWL.onProperty or declared[subject] == declared[value], subject


def test_properties_point_where_their_kind_says(whole):
    declared = kinds(whole)
    for subject, predicate, value in whole:
        if OWL.ObjectProperty in declared[predicate]:
            assert not isinstance(value, Literal), (subject, predicate, value)
        if OWL.DatatypeProperty in declared[predicate]:
            assert isinstance(value, Literal), (subject, predicate, value)


def test_ranges_fit_the_kind_of_property_and_the_datatypes_of_owl(whole):
    declared = kinds(whole)
    for term, value in whole.subject_objects(RDFS.range):
        if OWL.DatatypeProperty in declared[term]:
            assert value in {XSD[n] for n in ("string", "boolean", "decimal", "integer", "anyURI")}
        else:
            assert declared[term] == {OWL.ObjectProperty}, term
            assert isinstance(value, BNode) or OWL.Class in declared[value], value


def test_properties_that_follow_from_chains_are_not_restricted_in_number(whole):
    """OWL 2 DL wants simple properties in these places (Structural Specification 11.2)."""
    composite = set(whole.subjects(OWL.propertyChainAxiom))
    composite |= set(whole.subjects(RDF.type, OWL.TransitiveProperty))
    for _ in range(5):
        composite |= {high for low in composite for high in whole.objects(low, RDFS.subPropertyOf)}
        composite |= {other for one in composite for other in whole.objects(one, OWL.inverseOf)}
        composite |= {one for other in composite for one in whole.subjects(OWL.inverseOf, other)}
    kinds_of_simple = (
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
    )
    restricted = {p for kind in kinds_of_simple for p in whole.subjects(RDF.type, kind)}
    restricted |= set(whole.subjects(OWL.propertyDisjointWith))
    for restriction, term in whole.subject_objects(OWL.onProperty):
        if any("ardinality" in str(p) for p in whole.predicates(restriction)):
            restricted.add(term)
    assert composite & restricted == set()
