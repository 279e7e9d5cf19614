"""A commit kept true from its difference is quad for quad what counting and closing all gives."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from rskg import statistics
from rskg.errors import ContradictionError
from rskg.maintenance import Maintained, maintain
from rskg.maintenance.graphs import is_merged, stated
from rskg.maintenance.whole import closed
from rskg.namespaces import graph
from rskg.reasoning import Rulebook, load_rulebook
from rskg.store import Draft, Reader, Workbench
from rskg.syntax import GRAPH_FORMATS, Triple, format_named, parse, parse_bytes, skolemise

ROOT = Path(__file__).resolve().parent.parent
RULES = load_rulebook(ROOT / "ontology" / "rules")
DERIVED = (graph("inferred"), graph("statistics"))
EXAMPLES = {
    graph(f"contribution/{path.parent.name}"): skolemise(parse(path))
    for path in sorted((ROOT / "examples").glob("*/valid.ttl"))
}


def turtle(text: str) -> list[Triple]:
    form = format_named("ttl", GRAPH_FORMATS)
    assert form
    prefixes = """
        PREFIX ex: <http://example.org/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX rskg: <https://w3id.org/rskg/ontology#>
        PREFIX actor: <https://w3id.org/rskg/id/actor/>"""
    return skolemise(parse_bytes((prefixes + text).encode(), form))


def quads(draft: Draft | Workbench) -> set[str]:
    return set(map(str, draft.quads()))


def rebuilt(told: Draft | Workbench, rules: Rulebook = RULES) -> Workbench:
    """What a build makes of the graphs that somebody states."""
    bench = Workbench()
    for name in stated(told):
        bench.add(told.graph(name))
    closed(bench, rules)
    for name in told.graph_names():
        if name not in DERIVED:
            bench.add(told.graph(name), name)
            if is_merged(name):
                bench.add(told.graph(name))
    bench.add(statistics.describe(bench.construct), graph("statistics"))
    return bench


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
    bench = Workbench()
    for name in map(graph, WORLD):
        bench.add(sorted(reader.graph(name), key=str)[:10_000], name)
    path = tmp_path_factory.mktemp("world") / "db"
    rebuilt(bench).write(path)
    return path


@pytest.fixture
def given(world: Path, tmp_path: Path) -> Given:
    """The small world, to be changed."""
    shutil.copytree(world, tmp_path / "db")
    return Given(Draft(tmp_path / "db", 1, None))


def test_a_contribution_comes_and_goes(given: Given) -> None:
    before = quads(given.draft)
    name = graph("contribution/actor")
    told = given.accept(name, EXAMPLES[name])
    assert told.inferred.added
    assert before != quads(given.draft) == quads(rebuilt(given.draft))
    given.withdraw(name)
    assert quads(given.draft) == before


def test_what_contradicts_what_is_known_is_refused(given: Given) -> None:
    told = turtle("actor:bhp rskg:followedBy actor:vale .")
    with pytest.raises(ContradictionError, match="actor/bhp"):
        given.accept(graph("contribution/one"), told)
