"""The files of `ontology/rules`: well-formed, and enough for each construct that we use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from rskg.namespaces import TERM
from rskg.reasoning import Rule, load_checks, load_rules
from rskg.reasoning.closure import INFERRED

ONTOLOGY = Path(__file__).parent.parent / "ontology"
RULES = load_rules(ONTOLOGY / "rules")
CHECKS = load_checks(ONTOLOGY / "rules")
NOT_ENTAILED = ONTOLOGY / "rules" / "not-entailed.ttl"
BECAUSE = URIRef(TERM + "notEntailedBecause")
WHEN = URIRef(TERM + "notEntailedWhen")

#: Tables 4 to 9 of OWL 2 Profiles.
OWL_2_RL = """
eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3
prp-ap prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2 prp-eqp1
prp-eqp2 prp-pdw prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2
cls-thing cls-nothing1 cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf
cls-hv1 cls-hv2 cls-maxc1 cls-maxc2 cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo
cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc
dt-type1 dt-type2 dt-eq dt-diff dt-not-type
scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2
scm-rng1 scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni
"""


def by_name(rules: tuple[Rule, ...]) -> dict[str, Rule]:
    return {rule.path.name: rule for rule in rules}


def constructs_used() -> set[URIRef]:
    """What the ontology takes from OWL and RDFS."""
    return {
        term
        for path in ONTOLOGY.rglob("*.ttl")
        if path != NOT_ENTAILED
        for triple in Graph().parse(path)
        for term in triple
        if isinstance(term, URIRef) and (term in OWL or term in RDFS)
    }


@pytest.mark.parametrize("name", by_name(RULES))
def test_a_rule_reads_the_merge_and_writes_what_is_inferred(name):
    text = by_name(RULES)[name].text
    Store().update(text)
    assert text.count(f"INSERT {{ GRAPH <{INFERRED}> {{") == 1
    assert text.count("GRAPH") == 1
    head = re.search(r"> \{ (.+) \} \}\n", text)[1]
    assert text.rstrip().endswith(f"FILTER NOT EXISTS {{ {head} }}\n}}")


@pytest.mark.parametrize("name", by_name(CHECKS))
def test_a_check_selects_what_is_wrong_and_a_message(name):
    assert [v.value for v in Store().query(by_name(CHECKS)[name].text).variables] == [
        "this",
        "message",
    ]


@pytest.mark.parametrize("name", by_name(RULES + CHECKS))
def test_the_header_is_true(name):
    rule = by_name(RULES + CHECKS)[name]
    assert rule.spec.startswith("https://www.w3.org/TR/owl2-profiles/#")
    assert rule.summary.endswith(".")
    assert set(rule.rules) <= set(OWL_2_RL.split())
    for construct in rule.constructs:
        assert re.search(rf"{construct}\b", rule.text.split("PREFIX", 1)[1])
    stems = {re.sub(r"\d$", "", given) for given in rule.rules}
    assert any(rule.name.startswith(stem) for stem in stems)


def test_every_rule_of_the_specification_is_here_or_left_out_with_a_reason():
    here = {given for rule in RULES + CHECKS for given in rule.rules}
    reasons = " ".join(map(str, Graph().parse(NOT_ENTAILED).objects(None, BECAUSE)))
    left_out = {rule for rule in OWL_2_RL.split() if re.search(rf"\b{rule}\b", reasons)}
    assert here | left_out == set(OWL_2_RL.split())


def test_every_construct_used_is_inferred_checked_or_left_out_with_a_reason():
    handled = {iri for rule in RULES + CHECKS for iri in named_in(rule.text)}
    explained = set(Graph().parse(NOT_ENTAILED).subjects(BECAUSE))
    assert constructs_used() - handled - explained == set()


def test_every_reason_is_about_a_construct_and_every_condition_has_a_reason():
    said = Graph().parse(NOT_ENTAILED)
    about = set(said.subjects(BECAUSE))
    assert set(said.subjects(WHEN)) <= about
    assert all(term in OWL or term in RDFS or term in RDF for term in about)


def test_chains_are_no_longer_than_the_rules_that_follow_them():
    for path in ONTOLOGY.rglob("*.ttl"):
        graph = Graph().parse(path)
        for chain in graph.objects(None, OWL.propertyChainAxiom):
            assert len(list(graph.items(chain))) in (2, 3), path


def named_in(text: str) -> set[URIRef]:
    body = "\n".join(line for line in text.splitlines() if not line.startswith(("#", "PREFIX")))
    namespaces = {"owl": OWL, "rdfs": RDFS}
    return {
        URIRef(namespaces[prefix] + name)
        for prefix, name in re.findall(r"\b(owl|rdfs):(\w+)", body)
    }
