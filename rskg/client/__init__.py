"""Python for data scientists: a graph to ask, results with their types, citations.

`open` is the door; tables and data frames need the `frames` extra.
"""

from __future__ import annotations

from pathlib import Path

from rskg import settings
from rskg.client.engine import EngineSource
from rskg.client.knowledge_graph import KnowledgeGraph
from rskg.client.remote import RemoteSource
from rskg.client.result import Result
from rskg.client.source import Source, StoreSource
from rskg.ontology import load as load_ontology
from rskg.paths import installed
from rskg.query import load_all
from rskg.store.engines import is_endpoint, is_engine

__all__ = ["KnowledgeGraph", "Result", "Source", "open", "source"]


def open(store: str | Path | None = None) -> KnowledgeGraph:
    """The graph in a store's folder, the default one without an argument, or at an endpoint.

    An endpoint is any SPARQL service, by its `http…` address; an engine that we built into is
    `sparql+https://…`. Raises StoreError when the
    folder holds no revision.
    """
    return KnowledgeGraph(source(store), load_all(installed().queries))


def source(store: str | Path | None = None) -> Source:
    """What `open` asks: a store's folder, an endpoint by its `http…` address, or an engine.

    An engine's address is `sparql+https://…`, see `rskg.store.engines`.
    """
    if is_endpoint(str(store)):
        return RemoteSource(str(store))
    prefixes = load_ontology(installed().ontology).prefixes
    if is_engine(str(store)):
        return EngineSource(str(store), prefixes)
    return StoreSource(Path(store or settings.STORE.value()), prefixes)
