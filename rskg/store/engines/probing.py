"""What an engine can do, tried before anything is built for it."""

from __future__ import annotations

from collections.abc import Callable

from rskg.errors import EndpointFailed
from rskg.store.engines.engine import STAGING, Engine

_PROBE = f"{STAGING}probe"
_TRIPLE = f"<{_PROBE}> <{_PROBE}> <{_PROBE}> .\n".encode()


def require_capable(engine: Engine) -> None:
    """Raise EndpointFailed with all that is missing, in one sentence, after trying each.

    Needed are queries, the Graph Store HTTP Protocol, and updates that move and drop a graph.
    """
    tried: dict[str, Callable[[], object]] = {
        "queries (SPARQL 1.1 Query)": lambda: engine.rows("SELECT (1 AS ?one) WHERE {}"),
        "loading (Graph Store HTTP Protocol)": lambda: engine.load(_PROBE, _TRIPLE),
        "moving graphs (SPARQL 1.1 Update)": lambda: engine.update(
            f"MOVE GRAPH <{_PROBE}> TO GRAPH <{_PROBE}/moved>"
        ),
        "dropping graphs (SPARQL 1.1 Update)": lambda: _drop(engine, f"{_PROBE}/moved"),
    }
    missing = [said for name, act in tried.items() if (said := _failure(name, act))]
    if missing:
        title = engine.profile.title
        raise EndpointFailed(engine.name, f"as {title} it lacks {'; '.join(missing)}")


def _drop(engine: Engine, graph: str) -> None:
    """Drop a graph and see it gone: SILENT hides a refusal, and some refuse without it."""
    if engine.count(graph) == 0:
        raise EndpointFailed(engine.name, "the graph that was moved isn't there")
    engine.update(f"DROP SILENT GRAPH <{graph}>")
    if engine.count(graph):
        raise EndpointFailed(engine.name, "the dropped graph is still there")


def _failure(name: str, act: Callable[[], object]) -> str | None:
    try:
        act()
    except EndpointFailed as error:
        return f"{name}: {error.reason}"
    return None
