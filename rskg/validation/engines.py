"""What a SHACL engine does for us, and which ones do it here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from rskg.report import Result
from rskg.syntax import Source, Triple
from rskg.validation import soundness
from rskg.validation.routing import route


class Engine(Protocol):
    """A SHACL engine with shapes, behind our own result type."""

    def run(self, data: Iterable[Triple]) -> list[Result]:
        """Every SHACL result over a graph in memory; raises ShapesError."""

    def check(self, sources: Sequence[Source], context: bytes) -> list[Result]:
        """The same over documents and N-Triples without blank nodes; raises InputError too."""

    def run_lines(self, text: str) -> list[Result]:
        """The same as `run` over a graph that is written as N-Triples."""


def engines_of(shapes: Sequence[Triple]) -> list[Engine]:
    """The fast engine wherever its wheel installs, pySHACL for what it is known to get wrong."""
    soundness.require(shapes)
    if not find_spec("shacl"):
        return [engine_named("second_opinion", shapes)]
    routed = route(shapes)
    engines = [engine_named("fast", routed.fast)]
    return [*engines, engine_named("second_opinion", routed.second)] if routed.second else engines


def prepare() -> None:
    """Load the engine that most shapes are given to, for this process and its forks."""
    import_module(
        "rskg.validation.fast" if find_spec("shacl") else "rskg.validation.second_opinion"
    )


def engine_named(name: str, shapes: Sequence[Triple]) -> Engine:
    """The engine of the module with this name: `fast` or `second_opinion`."""
    engine: Engine = import_module(f"rskg.validation.{name}").Engine(shapes)
    return engine
