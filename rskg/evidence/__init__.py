"""The statements behind an answer: who states each thing and each counted fact, and whence."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.evidence.counted import Fact, Row, counts, facts
from rskg.namespaces import THING
from rskg.syntax import NamedNode

__all__ = ["MOST", "Behind", "Row", "behind", "evidence"]

_TEXT = Path(__file__).with_name("evidence.rq").read_text(encoding="utf-8")
#: Of so many solutions, of all that were counted, the facts are looked up.
MOST = 2_000


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
    told = sorted(" ".join(map(str, fact)) for fact in set(stated))
    text = _TEXT.replace("#THINGS#", " ".join(f"<{iri}>" for iri in things))
    return text.replace("#FACTS#", "\n      ".join(f"({fact})" for fact in told))


def behind(
    query: str, rows: Sequence[Row], prefixes: Mapping[str, str]
) -> Generator[str, Sequence[Row], Behind]:
    """What is behind the rows of a query, with whatever it counted, summed or took the most of.

    Yields queries whose rows are to be sent in: the solutions that an aggregate was made of, with
    the keys of these rows' groups, and how many there are where not all are looked at.
    """
    named, stated, counted, shown = _named(rows), set[Fact](), 0, 0
    for count in counts(query, prefixes):
        text = count.solutions(rows)
        most = MOST - shown
        found = yield f"{text} LIMIT {most}"
        total = len(found)
        if total == most:
            (told,) = yield count.number(rows)
            total = int(getattr(told["n"], "value", total))
        counted, shown = counted + total, shown + len(found)
        named |= _named(found)
        stated |= {fact for row in found for fact in facts(count, row)}
    return Behind(evidence(named, stated), counted, shown)


def _named(rows: Iterable[Row]) -> set[str]:
    return {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}
