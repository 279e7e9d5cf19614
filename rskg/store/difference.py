"""What changed from one revision to another: in triples, by graph, and in terms.

Every store keeps its quads in the same order, so two are compared in one walk over both, and
only where they part is one of them asked for what the other has. Nothing is kept in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from rskg.errors import StoreError
from rskg.namespaces import DCTERMS, OWL, RDF, TERM, graph
from rskg.store.local import Reader


@dataclass(frozen=True)
class Change:
    """A quad that one of two revisions lacks; `added` when it's the earlier one."""

    added: bool
    quad: Quad


@dataclass(frozen=True)
class GraphChange:
    """How many triples came into a graph and how many left it; `default` is the default graph."""

    graph: str
    added: int
    removed: int


@dataclass(frozen=True)
class TermChange:
    """Terms of the ontology that are new, no longer to be used, or replaced by another (old, new).

    A term is retired when it is marked deprecated, or gone; a replaced one counts as renamed only.
    """

    added: tuple[str, ...]
    retired: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Difference:
    """What changed from revision `before` to revision `after`."""

    before: int
    after: int
    graphs: tuple[GraphChange, ...]
    terms: TermChange


def difference(before: Reader, after: Reader) -> Difference:
    """The numbers of triples that came and went by graph, and what became of the terms."""
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for change in changes(before, after):
        name = change.quad.graph_name
        where = name.value if isinstance(name, NamedNode) else _spelt(str(name))
        (added if change.added else removed)[where] += 1
    graphs = [GraphChange(name, added[name], removed[name]) for name in sorted({*added, *removed})]
    return Difference(before.number, after.number, tuple(graphs), _terms(before, after))


def changes(before: Reader, after: Reader) -> Iterator[Change]:
    """Each quad that one of two revisions lacks, in the order of the store.

    Raises StoreError when the two were written by engines that sort differently.
    """
    old, new = iter(before.quads()), iter(after.quads())
    left, right = next(old, None), next(new, None)
    while left is not None and right is not None:
        if left == right:
            left, right = next(old, None), next(new, None)
            continue
        gone, came = not after.states(left), not before.states(right)
        if not gone and not came:
            raise StoreError(
                f"revisions {before.number} and {after.number} were written by different engines: "
                "compare what `rskg dump` says of them"
            )
        if gone:
            yield Change(False, left)
            left = next(old, None)
        if came:
            yield Change(True, right)
            right = next(new, None)
    while left is not None:
        yield Change(False, left)
        left = next(old, None)
    while right is not None:
        yield Change(True, right)
        right = next(new, None)


def _spelt(name: str) -> str:
    return name if name.startswith("_:") else "default"


def _terms(before: Reader, after: Reader) -> TermChange:
    renamed = _renamed(after) - _renamed(before)
    replaced = {old for old, _ in renamed}
    gone = _defined(before) - _defined(after)
    retired = (gone | (_deprecated(after) - _deprecated(before))) - replaced
    added = _defined(after) - _defined(before)
    return TermChange(tuple(sorted(added)), tuple(sorted(retired)), tuple(sorted(renamed)))


def _defined(reader: Reader) -> set[str]:
    return {term for term, _ in _pairs(reader, RDF + "type")}


def _deprecated(reader: Reader) -> set[str]:
    return {term for term, told in _pairs(reader, OWL + "deprecated") if told == "true"}


def _renamed(reader: Reader) -> set[tuple[str, str]]:
    return _pairs(reader, DCTERMS + "isReplacedBy")


def _pairs(reader: Reader, property_iri: str) -> set[tuple[str, str]]:
    rows = reader.select(
        f"SELECT ?term ?value WHERE {{ GRAPH <{graph('ontology')}> {{ "
        f'?term <{property_iri}> ?value FILTER(STRSTARTS(STR(?term), "{TERM}")) }} }}'
    )
    return {(_value(row["term"]), _value(row["value"])) for row in rows}


def _value(term: object) -> str:
    return str(getattr(term, "value", term))
