"""What changed between two revisions: triples by graph, and terms."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rskg.errors import StoreError
from rskg.namespaces import DCTERMS, OWL, RDF, graph, term
from rskg.store import Draft, Reader, Revisions, Workbench, changes, difference
from rskg.store.difference import GraphChange
from rskg.syntax import BlankNode, Literal, NamedNode, Quad, Triple

P = NamedNode("http://example.org/p")
Q = NamedNode("http://example.org/q")


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    return Revisions(tmp_path)


def test_equal_revisions_do_not_differ(revisions: Revisions) -> None:
    revisions.amend(lambda draft: draft.add([Triple(P, P, P)]), "one")
    revisions.rollback(1)
    assert difference(revisions.open(1), revisions.open(2)).graphs == ()


def some(dice: random.Random, count: int) -> set[Triple]:
    objects = [Literal(3), Literal("x", language="en"), BlankNode("b"), P, Literal("long" * 20)]
    return {
        Triple(
            NamedNode(f"http://example.org/{dice.randrange(60)}"),
            dice.choice([P, Q]),
            dice.choice([*objects, Literal(str(dice.random()))]),
        )
        for _ in range(count)
    }


@pytest.mark.parametrize("seed", range(5))
def test_any_two_revisions_differ_by_what_only_one_of_them_holds(
    revisions: Revisions, seed: int
) -> None:
    dice = random.Random(seed)
    names = [None, "http://example.org/g", "http://example.org/h"]
    for whole in (False, True, False):
        if whole:
            bench = Workbench()
            for name in names[dice.randrange(3) :]:
                bench.add(some(dice, 400), name)
            revisions.commit(bench, "whole")
            continue

        def change(draft: Draft) -> None:
            for name in names:
                draft.add(some(dice, 300), name)
                draft.remove(some(dice, 300), name)

        revisions.amend(change, "change")
    for old, new in ((1, 2), (2, 3), (3, 1), (1, 3)):
        before, after = revisions.open(old), revisions.open(new)
        told = list(changes(before, after))
        was, is_now = set(before.quads()), set(after.quads())
        assert {each.quad for each in told if each.added} == is_now - was
        assert {each.quad for each in told if not each.added} == was - is_now
        assert len(told) == len(was ^ is_now)


def test_numbers_are_told_by_graph(revisions: Revisions) -> None:
    def first(draft: Draft) -> None:
        draft.add([Triple(P, P, P), Triple(P, P, Q)])
        draft.add([Triple(P, P, P)], "http://example.org/g")

    def second(draft: Draft) -> None:
        draft.remove([Triple(P, P, Q)])
        draft.add([Triple(Q, Q, Q), Triple(Q, Q, P)])
        draft.drop("http://example.org/g")
        draft.update("INSERT DATA { GRAPH <http://example.org/h> { <a:a> <a:b> 1 } }")

    revisions.amend(first, "first")
    revisions.amend(second, "second")
    told = difference(revisions.open(1), revisions.open(2))
    assert (told.before, told.after) == (1, 2)
    assert told.graphs == (
        GraphChange("default", 2, 1),
        GraphChange("http://example.org/g", 0, 1),
        GraphChange("http://example.org/h", 1, 0),
    )


def test_terms_are_added_retired_and_renamed(revisions: Revisions) -> None:
    kind, a_class = NamedNode(RDF + "type"), NamedNode(OWL + "Class")
    deprecated, true = NamedNode(OWL + "deprecated"), Literal(True)
    replaced = NamedNode(DCTERMS + "isReplacedBy")
    mine = {name: NamedNode(term(name)) for name in ("Old", "New", "Kept", "Worn", "Gone", "Was")}

    def declared(*names: str) -> list[Triple]:
        return [Triple(mine[name], kind, a_class) for name in names]

    def first(draft: Draft) -> None:
        draft.add(declared("Old", "Kept", "Worn", "Gone", "Was"), graph("ontology"))
        draft.add([Triple(mine["Was"], deprecated, true)], graph("ontology"))

    def second(draft: Draft) -> None:
        draft.add(declared("New"), graph("ontology"))
        draft.add([Triple(NamedNode("http://elsewhere/X"), kind, a_class)], graph("ontology"))
        draft.remove(declared("Gone"), graph("ontology"))
        marked = [Triple(mine[name], deprecated, true) for name in ("Old", "Worn")]
        draft.add([*marked, Triple(mine["Old"], replaced, mine["New"])], graph("ontology"))

    revisions.amend(first, "first")
    revisions.amend(second, "second")
    told = difference(revisions.open(1), revisions.open(2)).terms
    assert told.added == (term("New"),)
    assert told.retired == (term("Gone"), term("Worn"))
    assert told.renamed == ((term("Old"), term("New")),)


class Shuffled(Reader):
    """A revision whose quads come in an order of its own."""

    def quads(self, graph: str | None = None) -> list[Quad]:
        return list(reversed(list(super().quads(graph))))


def test_an_order_that_is_not_the_engines_is_told(revisions: Revisions) -> None:
    revisions.amend(lambda draft: draft.add([Triple(P, P, P), Triple(Q, Q, Q)]), "two")
    other = Shuffled(1, revisions.folder / "1" / "db")
    with pytest.raises(StoreError, match="different engines"):
        list(changes(revisions.open(1), other))
