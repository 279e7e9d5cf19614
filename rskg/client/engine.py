"""An engine that we built into, as a source of answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from rdflib import Dataset

from rskg.client.source import ACCEPT, no_dataset
from rskg.errors import UsageError
from rskg.store import Answer
from rskg.store.ask import Ask
from rskg.store.budget import budget_of_settings
from rskg.store.engines import connected, require_published, require_same
from rskg.syntax import Term


class EngineSource:
    """What an engine at `sparql+https://…` holds: one state, whose number it tells."""

    def __init__(self, address: str, prefixes: Mapping[str, str]) -> None:
        self.name, self.prefixes = address, prefixes
        with connected(address, prefixes) as engine:
            self.revision: int | None = require_published(engine).number

    def answer(self, query: str, bindings: Mapping[str, Term]) -> Answer:
        """The complete answer; raises RskgError with what the engine said."""
        ask = Ask(query, ACCEPT, bindings=tuple(bindings.items()))
        with connected(self.name, self.prefixes) as engine:
            stands = require_published(engine)
            same = partial(require_same, engine, stands)
            answer = engine.answer(ask, budget_of_settings(), settled=same)
        self.revision = stands.number
        return answer

    def at(self, revision: int | str) -> EngineSource:
        """Raises UsageError: revisions are the embedded store's."""
        raise UsageError(f"{self.name} holds one state of the graph, not revision {revision}")

    def dataset(self) -> Dataset:
        """An engine's graphs stay where they are; raises UsageError."""
        raise no_dataset(self.name)
