"""What stands in an engine, as a graph of state in it says.

Each change of the graph has the next number. Whoever changes it says first that it isn't whole and
at the end that it is again: an answer is of one state when the same state stood before and after.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from rskg.errors import EndpointFailed, GraphChanged
from rskg.namespaces import DCTERMS, VOID
from rskg.store.budget import Budget
from rskg.store.engines.engine import AT_HOME, STAGING, Engine
from rskg.syntax import Literal, NamedNode

STATE = f"{STAGING}state"
_WHOLE, _MOVING = "whole", "moving"
_TYPE, _NAME, _NUMBER = f"{DCTERMS}type", f"{DCTERMS}identifier", f"{DCTERMS}hasVersion"
_MADE, _NOTE, _TRIPLES = f"{DCTERMS}issued", f"{DCTERMS}description", f"{VOID}triples"
_SOURCE = f"{DCTERMS}source"


@dataclass(frozen=True)
class Standing:
    """A state of the graph in an engine.

    `name` tells its content, `number` its place among all that stood there, `made` when (UTC),
    `triples` the size of its default graph, and `source` the identity of the revision that it was
    made from. It isn't `whole` while the next one is being moved to its place, whose name it bears
    then.
    """

    name: str = ""
    number: int = 0
    made: str = ""
    note: str = ""
    triples: int = 0
    whole: bool = False
    source: str = ""

    def changing(self, name: str) -> Standing:
        """What stands while the state of this name is moved to its place."""
        return replace(self, name=name, whole=False)

    def next(self, name: str, note: str, triples: int, source: str = "") -> Standing:
        """The whole state that comes after this one, made now."""
        made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return Standing(name, self.number + 1, made, note, triples, whole=True, source=source)


def standing(engine: Engine, budget: Budget = AT_HOME, place: str = STATE) -> Standing:
    """What stands in the engine, as this graph says; without a name where nothing was published."""
    asked = f"SELECT ?p ?o WHERE {{ GRAPH <{place}> {{ <{place}> ?p ?o }} }}"
    told = {
        row["p"].value: row["o"].value
        for row in engine.rows(asked, budget)
        if isinstance(row["p"], NamedNode) and isinstance(row["o"], Literal)
    }
    return Standing(
        told.get(_NAME, ""),
        int(told.get(_NUMBER, bool(told))),
        told.get(_MADE, ""),
        told.get(_NOTE, ""),
        int(told.get(_TRIPLES, 0)),
        told.get(_TYPE) == _WHOLE,
        told.get(_SOURCE, ""),
    )


def say(engine: Engine, state: Standing) -> None:
    """Have the engine say that this stands in it."""
    engine.update(stating(state))


def stating(state: Standing, place: str = STATE, more: str = "") -> str:
    """The update by which a graph says that this stands there, and more as Turtle has it."""
    said = {
        _NAME: Literal(state.name),
        _NUMBER: Literal(state.number),
        _MADE: Literal(state.made),
        _NOTE: Literal(state.note),
        _TRIPLES: Literal(state.triples),
        _TYPE: Literal(_WHOLE if state.whole else _MOVING),
        _SOURCE: Literal(state.source),
    }
    facts = " ; ".join(f"<{name}> {value}" for name, value in said.items())
    return (
        f"DROP SILENT GRAPH <{place}> ;\n"
        f"INSERT DATA {{ GRAPH <{place}> {{ <{place}> {facts} . {more} }} }}"
    )


def require_published(engine: Engine) -> Standing:
    """What stands in the engine, whole.

    Raises EndpointFailed where nothing was published, or a build is being moved to its place.
    """
    found = standing(engine)
    if not found.name:
        raise EndpointFailed(engine.name, "there is no graph of ours in it; `rskg build` it there")
    if not found.whole:
        raise EndpointFailed(
            engine.name,
            "a build or a commit is being moved to its place, or was when that was broken off: "
            "ask again, or publish or build again",
        )
    return found


def require_same(engine: Engine, stands: Standing) -> None:
    """Raise GraphChanged unless this still stands there: an answer may be of two states."""
    if standing(engine) != stands:
        raise GraphChanged
