"""The state of the graph in an engine, as workers ask it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rskg.errors import GraphChanged, RefusedFeature
from rskg.store.answer import Answer, Outlet
from rskg.store.ask import Ask, Reply
from rskg.store.budget import Budget
from rskg.store.engines import Engine, Standing, standing
from rskg.syntax import Term

_AT_ONCE = Budget()


class EngineReader:
    """Answers of the state of a number; after each the engine is asked whether it still stands."""

    def __init__(self, engine: Engine, number: int) -> None:
        self._engine, self._number = engine, number
        self._stands = Standing()

    def answer(
        self,
        query: str,
        accept: str | None = None,
        *,
        format_name: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        bindings: Mapping[str, Term] | None = None,
        services: Sequence[Reply | None] | None = None,
        budget: Budget | None = None,
        outlet: Outlet | None = None,
    ) -> Answer:
        """The complete answer.

        Raises what Engine.answer raises, and GraphChanged where another state stands there.
        """
        if services:
            raise RefusedFeature("SERVICE", "an engine lists services itself")
        if not self._stands.whole:
            self._settle(standing(self._engine))
        ask = Ask(
            query,
            accept,
            format_name,
            tuple(default_graphs),
            tuple(named_graphs),
            tuple((bindings or {}).items()),
        )
        return self._engine.answer(ask, budget or _AT_ONCE, outlet, self._require_same)

    def _require_same(self) -> None:
        found = standing(self._engine)
        if found != self._stands:
            self._settle(found)
            raise GraphChanged

    def _settle(self, found: Standing) -> None:
        """Ask of this state from now on; raises GraphChanged where it isn't that of our number."""
        self._engine.forget()
        self._stands = Standing()
        if not found.whole or found.number != self._number:
            raise GraphChanged
        self._stands = found


class EngineStates:
    """Opens the state of a number; what was opened is closed with the process."""

    def __init__(self, connect: Callable[[], Engine]) -> None:
        self._connect = connect

    def open(self, number: int) -> EngineReader:
        """A reader, which asks nothing yet."""
        return EngineReader(self._connect(), number)
