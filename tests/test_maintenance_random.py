"""Random changes under every construct of OWL 2 RL: kept true, each gives what a build gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from rskg.errors import ContradictionError
from rskg.maintenance import maintain
from rskg.namespaces import GENID, OWL, RDF, RDFS, dataset, graph, term
from rskg.store import Draft
from rskg.syntax import Literal, NamedNode, Triple, parse, skolemise
from tests.test_maintenance import RULES, closed_and_described, quads, turtle

EX = "https://example.org/"
A, SAME = NamedNode(RDF + "type"), NamedNode(OWL + "sameAs")
CONSTRUCTS = skolemise(parse(Path(__file__).parent / "every_construct.ttl"))
KEYS = turtle(
    """
    ex:Firm owl:hasKey ( ex:seatedIn ex:holds ) . ex:Public owl:disjointWith ex:Mine .
    ex:Miner owl:equivalentClass [ owl:intersectionOf ( ex:Firm
        [ owl:onProperty ex:holds ; owl:someValuesFrom ex:Mine ] ) ] ."""
)
SILENT = "data/silent"
GRAPHS = [graph(name) for name in ("data/one", "contribution/a", "contribution/b", SILENT)]


def about_things() -> tuple[list[NamedNode], list[NamedNode]]:
    """The classes and the properties that a fact can be made of."""
    told = [*CONSTRUCTS, *KEYS]
    own = [t for t in told if str(t.subject).startswith(f"<{EX}")]
    kinds = {t.subject for t in own if t.predicate == A and t.object == NamedNode(OWL + "Class")}
    edges = {t.predicate for t in own if t.predicate.value.startswith(EX)}
    edges |= {t.subject for t in own if t.predicate.value == RDFS + "subPropertyOf"}
    return sorted(kinds, key=str), sorted(edges, key=str)  # type: ignore[return-value]


def facts(chance: random.Random) -> Iterator[Triple]:
    kinds, edges = about_things()
    things = [NamedNode(f"{EX}t{n}") for n in range(9)]
    while True:
        thing, other = chance.choice(things), chance.choice(things)
        way = chance.random()
        if way < 0.35:
            yield Triple(thing, A, chance.choice(kinds))
        elif way < 0.39:
            yield Triple(thing, SAME, other)
        elif way < 0.45:
            yield Triple(thing, chance.choice(edges), Literal(chance.choice(["a", "b"])))
        else:
            yield Triple(thing, chance.choice(edges), other)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """The constructs, closed, and a dataset from which nothing is inferred."""
    why = Triple(
        NamedNode(dataset("silent")), NamedNode(term("notEntailedBecause")), Literal("rows")
    )
    told = {graph("ontology"): [*CONSTRUCTS, *KEYS], graph("provenance"): [why]}
    closed_and_described(told).write(tmp_path / "db")
    return Draft(tmp_path / "db", 1, None)


@pytest.mark.parametrize("seed", range(4))
def test_any_change_gives_what_a_build_gives(draft: Draft, seed: int) -> None:
    chance = random.Random(seed)
    source = facts(chance)
    wholes = 0
    for _ in range(10):
        held = {name: draft.graph(name) for name in GRAPHS}
        added = {name: list(islice(source, chance.choice([0, 1, 6]))) for name in GRAPHS}
        shared = list(islice(source, 1))
        added[GRAPHS[0]], added[GRAPHS[1]] = added[GRAPHS[0]] + shared, added[GRAPHS[1]] + shared
        removed = {
            name: chance.sample(told, chance.choice([0, len(told) // 2, len(told)]))
            for name, told in held.items()
        }
        after = {name: draft.graph(name) for name in draft.graph_names()}
        for name in GRAPHS:
            left = [t for t in held[name] if t not in removed[name]]
            after[name] = [*left, *added[name]]
        try:
            wanted = quads(closed_and_described(after))
        except ContradictionError:
            continue
        wholes += maintain(draft, RULES, added=added, removed=removed).whole
        assert sorted(quads(draft) ^ wanted) == []
    assert wholes == 0


def test_a_changed_schema_or_a_thing_without_a_name_is_worked_out_whole(draft: Draft) -> None:
    told = turtle("ex:Tin rdfs:subClassOf ex:Metal . ex:ingot a ex:Tin .")
    unnamed = turtle("ex:lot ex:sells [ a ex:Metal ] .")
    assert any(GENID in str(triple) for triple in unnamed)
    valued = turtle("ex:drc owl:sameAs ex:congo .")
    for one in (told, unnamed, valued):
        for change in ({"added": {GRAPHS[0]: one}}, {"removed": {GRAPHS[0]: one}}):
            assert maintain(draft, RULES, **change).whole
            after = {name: draft.graph(name) for name in draft.graph_names()}
            assert quads(draft) == quads(closed_and_described(after))
