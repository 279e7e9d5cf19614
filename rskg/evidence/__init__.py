"""The statements behind an answer: who states each thing and each counted fact, and whence."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.evidence import entailed
from rskg.evidence.counted import counts, facts, passed
from rskg.evidence.entailed import DEEPEST, Fact, Row, stepped
from rskg.namespaces import GENID, TERM, THING
from rskg.syntax import NamedNode

__all__ = ["MOST", "Behind", "Row", "behind", "evidence"]

_TEXT = Path(__file__).with_name("evidence.rq").read_text(encoding="utf-8")
#: Of so many solutions, of all that were counted, the facts are looked up.
MOST = 2_000
#: Where there are more, only so many are: no part is the whole, and a smaller one is there sooner.
FEW = 500


@dataclass(frozen=True)
class Behind:
    """The query for the evidence; how many solutions were counted, and how many looked at."""

    query: str
    counted: int = 0
    shown: int = 0


def evidence(iris: Iterable[str], stated: Iterable[Fact] = ()) -> str:
    """The query for the statements behind those of the IRIs that are things of the graph.

    It gives a row a statement and source: `thing statement source confidence graph`; and for
    facts, which are subject, property and value, with `property` and `value` too.
    """
    things = sorted({iri for iri in iris if iri.startswith(THING)})
    told = sorted(" ".join(map(str, fact)) for fact in set(stated) if not _is_schema(fact))
    text = _TEXT.replace("#THINGS#", " ".join(f"<{iri}>" for iri in things))
    return text.replace("#FACTS#", "\n      ".join(f"({fact})" for fact in told))


def behind(
    query: str, rows: Sequence[Row], prefixes: Mapping[str, str]
) -> Generator[str, Sequence[Row], Behind]:
    """What is behind the rows of a query, with whatever it counted, summed or took the most of.

    Yields queries whose rows are to be sent in: the solutions that the rows and their aggregates
    were made of, how many there are where not all are looked at, what paths pass, and from which
    facts those follow that nobody stated.
    """
    many = len(rows) > MOST
    named, stated, counted, shown = _named(rows[:FEW] if many else rows), set[Fact](), 0, 0
    rows = () if many else rows
    for count in counts(query, prefixes):
        text = count.solutions(rows)
        most = MOST - shown
        found = yield f"{text} LIMIT {most}"
        total = len(found)
        if total == most:
            (told,) = yield count.number(rows)
            total = int(getattr(told["n"], "value", total))
            found = found if total == most else found[:FEW]
        counted, shown = counted + total, shown + len(found)
        named |= _named(found)
        stated |= {fact for row in found for fact in facts(count, row)}
        for text, way in passed(count, found):
            between = yield text
            stated |= {fact for row in between for step in way.steps for fact in stepped(step, row)}
    stated |= yield from _premises(stated)
    return Behind(evidence(named, stated), counted, shown)


def _premises(stated: set[Fact]) -> Generator[str, Sequence[Row], set[Fact]]:
    """What facts follow from that stand in no dataset; raises nothing, ends at `DEEPEST`."""
    known, latest = set(stated), stated
    for _ in range(DEEPEST):
        if not latest:
            break
        found = yield entailed.inferred(latest)
        followed = {fact for row in found for fact in stepped(("thing", "property", "value"), row)}
        if not followed:
            break
        latest = set(entailed.facts((yield entailed.premises(followed)))) - known
        known |= latest
    return known - stated


def _is_schema(fact: Fact) -> bool:
    """True for a fact about a term, by which others follow."""
    return fact[0].value.startswith((TERM, GENID))


def _named(rows: Iterable[Row]) -> set[str]:
    return {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}
