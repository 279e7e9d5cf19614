"""What follows from what is said, and whether all of it can be true.

`closure` runs the OWL 2 RL rules of `ontology/rules` to their fixpoint and finds contradictions;
`proof` asks the reasoner behind `hermit` whether the ontology is consistent, and `explanation`
names the axioms of a contradiction. Only the closure is at hand here: a build or a server needs no
proof, and `proof` brings rdflib and the reasoners along.
"""

from rskg.reasoning.closure import (
    Contradiction,
    Rule,
    Rulebook,
    close,
    contradictions,
    forget_unnamed_classes,
    load_checks,
    load_rulebook,
    load_rules,
)

__all__ = [
    "Contradiction",
    "Rule",
    "Rulebook",
    "close",
    "contradictions",
    "forget_unnamed_classes",
    "load_checks",
    "load_rulebook",
    "load_rules",
]
