"""What a draft remembers of subjects is what the store says, whatever came and went."""

from __future__ import annotations

import random
from pathlib import Path

from rskg.store import Draft, Revisions
from rskg.syntax import Literal, NamedNode, Quad, Triple

GRAPHS = ("http://example.org/g1", "http://example.org/g2", None)


def _node(name: object) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def test_a_draft_answers_as_its_store_does(tmp_path: Path) -> None:
    dice = random.Random(8)
    asked = 0

    def change(draft: Draft) -> None:
        nonlocal asked
        large = [Triple(_node("large"), _node("p"), Literal(str(n))) for n in range(300)]
        draft.add(large, GRAPHS[0])
        for turn in range(300):
            graph = dice.choice(GRAPHS)
            triples = [
                Triple(
                    _node(dice.choice(("a", "b", "large"))),
                    _node(dice.choice("pq")),
                    _node(dice.choice("xyz")),
                )
                for _ in range(dice.choice((1, 3, 150)))
            ]
            match dice.randrange(12):
                case 0 if graph:
                    draft.drop(graph)
                case 1:
                    draft.update(f"DELETE WHERE {{ {_node('a')} ?p {_node('x')} }}")
                case 2 | 3 | 4 | 5:
                    draft.remove(triples, graph)
                case _:
                    draft.add(triples, graph)
            truth = set(draft.quads())
            for subject in ("a", "b", "large", "none"):
                for predicate in (None, _node("p")):
                    pattern = (_node(subject), predicate, None)
                    found = set(draft.matches(pattern))
                    assert found == {
                        quad
                        for quad in truth
                        if quad.subject == pattern[0] and predicate in (None, quad.predicate)
                    }, turn
                    asked += len(found)
            assert all(map(draft.states, dice.sample(sorted(truth, key=str), min(5, len(truth)))))
            assert not draft.states(Quad(_node("a"), _node("p"), _node("absent")))

    Revisions(tmp_path / "store").amend(change, "random")
    assert asked > 1000
