"""The closure: what follows from ontology and data under OWL 2 RL, and what contradicts itself.

Rules and checks are SPARQL files. Here they only run, over whatever store the caller holds: text
goes in, nothing of a store's own types comes in or out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from rskg.errors import InputError
from rskg.namespaces import GENID, graph

Update = Callable[[str], object]
Size = Callable[[], int]
Select = Callable[[str], Iterable[Mapping[str, str]]]

#: What a rule concludes, in the order that lets one pass see the most.
About = Literal["schema", "relations", "types", "equality"]
ABOUT: tuple[About, ...] = get_args(About)

INFERRED = graph("inferred")

#: The default graph is the merge: what the rules found joins it.
MERGE = f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }}"

#: A class expression has no name that anybody could ask for: once the closure is done, what was
#: inferred about one has served.
FORGET = f"""
DELETE {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} ?s ?p ?o }}
WHERE {{
  GRAPH <{INFERRED}> {{ ?s ?p ?o }}
  FILTER(STRSTARTS(STR(?s), "{GENID}") || (isIRI(?o) && STRSTARTS(STR(?o), "{GENID}")))
}}
"""


@dataclass(frozen=True)
class Rule:
    """One file of `ontology/rules`: a rule that infers (`.ru`) or finds contradictions (`.rq`)."""

    path: Path
    text: str
    constructs: tuple[str, ...]
    rules: tuple[str, ...]
    spec: str
    summary: str
    about: About | None

    @property
    def name(self) -> str:
        """The file's name without its ending, for example `prp-dom`."""
        return self.path.stem


@dataclass(frozen=True)
class Rulebook:
    """The rules that infer, and the checks that find contradictions."""

    rules: tuple[Rule, ...]
    checks: tuple[Rule, ...]


@dataclass(frozen=True)
class Contradiction:
    """One thing about which two facts can't both be true."""

    check: str
    this: str
    message: str

    def __str__(self) -> str:
        return f"{self.this} {self.message} ({self.check})"


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """The rules that infer, sorted by what they conclude and by name."""
    rules = [_read(path) for path in sorted(folder.glob("*.ru"))]
    for rule in rules:
        if rule.about is None:
            raise InputError(
                f"the header needs `about:`, one of {', '.join(ABOUT)}", path=rule.path
            )
    return tuple(sorted(rules, key=lambda rule: ABOUT.index(cast(About, rule.about))))


def load_checks(folder: Path) -> tuple[Rule, ...]:
    """The checks that find contradictions, sorted by name."""
    return tuple(_read(path) for path in sorted(folder.glob("*.rq")))


def load_rulebook(folder: Path) -> Rulebook:
    """All rules and checks of a folder."""
    return Rulebook(load_rules(folder), load_checks(folder))


def close(update: Update, size: Size, rules: Sequence[Rule]) -> int:
    """Run the rules until nothing new follows; say how many rounds that took.

    `size` counts every statement of the store, in all its graphs. A kind of rule runs to its own
    fixpoint before the next kind starts; all is done when every kind in turn found nothing.
    """
    kinds = [[rule for rule in rules if rule.about == about] for about in ABOUT]
    kinds = [kind for kind in kinds if kind]
    rounds = quiet = turn = 0
    while quiet < len(kinds):
        grew = _fixpoint(update, size, kinds[turn % len(kinds)])
        rounds += grew + 1
        quiet = 1 if grew else quiet + 1
        turn += 1
    return rounds


def forget_unnamed_classes(update: Update) -> None:
    """Drop what was inferred about class expressions; comes after `close` and `contradictions`."""
    update(FORGET)


def contradictions(select: Select, checks: Sequence[Rule]) -> tuple[Contradiction, ...]:
    """What the closed default graph says that can't all be true, sorted."""
    found = {
        Contradiction(check.name, row["this"], row["message"])
        for check in checks
        for row in select(check.text)
    }
    return tuple(sorted(found, key=str))


def _fixpoint(update: Update, size: Size, rules: Sequence[Rule]) -> int:
    """Run rules of one kind until they find nothing; the number of rounds that found something."""
    grew = 0
    while True:
        before = size()
        for rule in rules:
            update(rule.text)
        if size() == before:
            return grew
        update(MERGE)
        grew += 1


def _read(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    header = "\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ "))
    try:
        fields = yaml.safe_load(header) or {}
        return Rule(
            path=path,
            text=text,
            constructs=tuple(fields["construct"]),
            rules=tuple(fields["rule"]),
            spec=fields["spec"],
            summary=fields["summary"],
            about=fields.get("about"),
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise InputError(
            f"the `#+` header needs construct, rule, spec and summary: {error}", path=path
        ) from error
