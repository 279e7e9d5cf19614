"""The clauses for a draft: compiled anew only where the schema is another one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from rskg import reasoning
from rskg.maintenance import graphs
from rskg.maintenance.facts import INFERRED
from rskg.reasoning import Rulebook
from rskg.reasoning.clauses import A, Program
from rskg.reasoning.compilation import Schema, compiled
from rskg.reasoning.pattern import Unreadable
from rskg.store import Draft, Pattern, Reader, Workbench
from rskg.syntax import NamedNode, Triple

_schema = lru_cache(maxsize=2)(Schema)


def program_of(
    draft: Draft, rulebook: Rulebook, read: Iterable[str], silent: Iterable[str]
) -> tuple[Program, Schema]:
    """The rules over the schema that the graphs `read` state, and those `silent` don't.

    The first time takes about half a second, any other time as long as the schema is large.
    Raises Unreadable.
    """
    return _program(rulebook, schema_of(draft, rulebook, read, silent)), _schema(rulebook)


def schema_of(
    store: Draft | Reader, rulebook: Rulebook, read: Iterable[str], silent: Iterable[str]
) -> frozenset[Triple]:
    """What a store says about terms, by which the rules become clauses."""
    schema = _schema(rulebook)
    patterns: list[Pattern] = [(None, each, None) for each in schema.properties]
    patterns += [(None, A, each) for each in schema.classes]
    if any(any(store.matches(pattern, name)) for name in silent for pattern in patterns):
        names = {NamedNode(name) for name in read} | {INFERRED}
        quads = (q for p in patterns for q in store.matches(p) if q.graph_name in names)
    else:
        quads = (quad for pattern in patterns for quad in store.matches(pattern, "default"))
    return frozenset(quad.triple for quad in quads)


def schema_now(reader: Reader, rulebook: Rulebook) -> frozenset[Triple]:
    """What a revision says about terms."""
    return schema_of(reader, rulebook, graphs.stated(reader), graphs.not_entailed(reader))


def prepare(rulebook: Rulebook, schema: frozenset[Triple]) -> None:
    """Make the clauses now, for this process and its forks; what can't be read is told later."""
    with suppress(Unreadable):
        _program(rulebook, schema)


@lru_cache(maxsize=4)
def _program(rulebook: Rulebook, schema: frozenset[Triple]) -> Program:
    bench = Workbench()
    bench.add(schema)
    reasoning.close(bench.update, bench.count, rulebook.rules)
    return Program(compiled(rulebook, bench.select))
