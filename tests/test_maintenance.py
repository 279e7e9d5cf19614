"""A commit kept true from its difference is quad for quad what counting and closing all gives."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from rskg import statistics
from rskg.errors import ContradictionError
from rskg.maintenance import Maintained, maintain
from rskg.maintenance.graphs import is_merged, stated
from rskg.maintenance.whole import closed
from rskg.namespaces import graph
from rskg.reasoning import load_rulebook
from rskg.statistics import Delta
from rskg.store import Draft, Reader, Workbench
from rskg.syntax import GRAPH_FORMATS, Triple, format_named, parse, parse_bytes, skolemise

ROOT = Path(__file__).resolve().parent.parent
RULES = load_rulebook(ROOT / "ontology" / "rules")
Graphs = Mapping[str, Iterable[Triple]]
DERIVED = (graph("inferred"), graph("statistics"))
EXAMPLES = {
    graph(f"contribution/{path.parent.name}"): skolemise(parse(path))
    for path in sorted((ROOT / "examples").glob("*/valid.ttl"))
}


def turtle(text: str) -> list[Triple]:
    form = format_named("ttl", GRAPH_FORMATS)
    assert form
    prefixes = """
        PREFIX ex: <https://example.org/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX rskg: <https://w3id.org/rskg/ontology#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        PREFIX actor: <https://w3id.org/rskg/id/actor/>"""
    return skolemise(parse_bytes((prefixes + text).encode(), form))


def quads(draft: Draft | Workbench) -> set[str]:
    return set(map(str, draft.quads()))


def closed_and_described(told: Graphs) -> Workbench:
    """What a build makes of the graphs that somebody states."""
    bench, reasoned = Workbench(), Workbench()
    for name, triples in told.items():
        if name not in DERIVED:
            bench.add(triples, name)
            if is_merged(name):
                bench.add(triples)
    for name in stated(bench):
        reasoned.add(bench.graph(name))
    inferred = closed(reasoned, RULES)
    bench.add(inferred, graph("inferred"))
    bench.add(inferred)
    bench.add(statistics.describe(bench.construct), graph("statistics"))
    return bench


def rebuilt(draft: Draft) -> set[str]:
    return quads(closed_and_described({name: draft.graph(name) for name in draft.graph_names()}))


class Given:
    """A draft of the newest revision, and what is done to it."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def accept(self, name: str, triples: Iterable[Triple]) -> Maintained:
        return maintain(self.draft, RULES, added={name: triples})

    def withdraw(self, name: str) -> Maintained:
        return maintain(self.draft, RULES, removed={name: self.draft.graph(name)})


#: What the small world is made of: the last is a dataset from which nothing is inferred.
WORLD = ("ontology", "provenance", "data/actors", "data/sites", "data/ilab")


@pytest.fixture(scope="module")
def world(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the real graphs, closed and described."""
    told = {name: sorted(reader.graph(name), key=str)[:10_000] for name in map(graph, WORLD)}
    path = tmp_path_factory.mktemp("world") / "db"
    closed_and_described(told).write(path)
    return path


@pytest.fixture
def given(world: Path, tmp_path: Path) -> Given:
    """The small world, to be changed."""
    shutil.copytree(world, tmp_path / "db")
    return Given(Draft(tmp_path / "db", 1, None))


def test_examples_come_one_by_one_and_go_in_another_order(given: Given) -> None:
    before = quads(given.draft)
    for name, triples in EXAMPLES.items():
        assert not given.accept(name, triples).whole
    assert before != quads(given.draft) == rebuilt(given.draft)
    order = random.Random(1).sample(list(EXAMPLES), len(EXAMPLES))
    half = len(order) // 2
    for name in order[:half]:
        assert not given.withdraw(name).whole
    assert quads(given.draft) == rebuilt(given.draft)
    rest = {name: given.draft.graph(name) for name in order[half:]}
    assert not maintain(given.draft, RULES, removed=rest).whole
    assert quads(given.draft) == before


def test_what_two_state_stays_when_one_of_them_goes(given: Given) -> None:
    one, other = graph("contribution/one"), graph("contribution/other")
    told = turtle("actor:new rskg:followedBy actor:newest .")
    given.accept(one, told)
    assert given.accept(other, told).merge == Delta()
    assert given.withdraw(one).merge == Delta()
    assert set(told) <= set(given.draft.graph(other))
    assert set(told) <= given.withdraw(other).merge.removed


def test_what_is_inferred_and_then_stated_is_inferred_again_when_that_goes(given: Given) -> None:
    name = graph("contribution/one")
    (inferred, *_) = sorted(given.draft.graph(graph("inferred")), key=str)
    told = given.accept(name, [inferred])
    assert (told.inferred.removed, told.merge) == ({inferred}, Delta())
    told = given.withdraw(name)
    assert (told.inferred.added, told.merge) == ({inferred}, Delta())


def test_literals_that_the_store_rewrites_are_counted_once(given: Given) -> None:
    before = quads(given.draft)
    told = turtle("""ex:one ex:n "007"^^xsd:int , 7 ; ex:said "hi"@EN , "hi"@en .""")
    for _ in range(2):
        given.accept(graph("contribution/one"), told)
    assert quads(given.draft) == rebuilt(given.draft)
    maintain(given.draft, RULES, removed={graph("contribution/one"): told})
    assert quads(given.draft) == before


def test_provenance_is_counted_and_not_merged(given: Given) -> None:
    before = quads(given.draft)
    told = given.accept(graph("provenance"), turtle("ex:one ex:by ex:two ."))
    assert (told.merge, told.whole) == (Delta(), False)
    assert before != quads(given.draft) == rebuilt(given.draft)


def test_what_contradicts_what_is_known_is_refused(given: Given) -> None:
    told = turtle("actor:bhp rskg:followedBy actor:vale .")
    with pytest.raises(ContradictionError, match="actor/bhp"):
        given.accept(graph("contribution/one"), told)
