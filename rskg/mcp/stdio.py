"""The MCP server over standard input and output, for a program that starts it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.asking.history import History, Kept
from rskg.endpoint.on_engine import serving
from rskg.endpoint.pages.names import Catalogue
from rskg.endpoint.serving import Keeper
from rskg.endpoint.validate.checking import Checking
from rskg.errors import StoreError
from rskg.mcp.graph import Graph, RemoteGraph, ServedGraph
from rskg.mcp.server import server
from rskg.mcp.tools import Tools
from rskg.ontology import prefixes
from rskg.paths import Files
from rskg.query import load_all
from rskg.store import Revisions
from rskg.store.engines import is_endpoint, is_engine
from rskg.store.workers.federated import supervising


def run(store: str, files: Files) -> None:
    """Answer until standard input ends, from a store's folder, an engine or an endpoint.

    Raises StoreError for a store without a revision, EndpointFailed for such an engine.
    """
    if is_endpoint(store):
        asyncio.run(_answer(RemoteGraph(store), files))
        return
    names = prefixes(files.ontology)
    if is_engine(store):
        with serving(store, names) as what:
            evaluator = Evaluator(what.history, what.answerer)
            asyncio.run(_answer_from(what.history, evaluator, files, what.keeper))
        return
    revisions = Revisions(Path(store), names)
    if revisions.current() is None:
        raise StoreError(f"the store {store} is empty: run `rskg build` first")
    supervisor = supervising(revisions, names)
    try:
        supervisor.prepare()
        history = Kept(revisions)
        asyncio.run(_answer_from(history, Evaluator(history, supervisor), files))
    finally:
        supervisor.stop()


async def _answer_from(
    history: History, evaluator: Evaluator, files: Files, keeper: Keeper | None = None
) -> None:
    evaluator.start()
    keeping = asyncio.create_task(keeper.run()) if keeper else None
    try:
        await _answer(ServedGraph(history, evaluator, Catalogue()), files)
    finally:
        if keeping:
            keeping.cancel()
        evaluator.stop()


async def _answer(graph: Graph, files: Files) -> None:
    tools = Tools(graph, load_all(files.queries), Checking(files))
    await server(tools, files).run_stdio_async()
