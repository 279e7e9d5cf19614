"""The MCP server over standard input and output, for a program that starts it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.asking.history import History, Kept
from rskg.endpoint.pages.names import Catalogue
from rskg.endpoint.validate.checking import Checking
from rskg.errors import StoreError
from rskg.mcp.graph import Graph, RemoteGraph, ServedGraph
from rskg.mcp.server import server
from rskg.mcp.tools import Tools
from rskg.ontology import prefixes
from rskg.paths import Files
from rskg.query import load_all
from rskg.store import Revisions
from rskg.store.workers.federated import supervising


def run(store: str, files: Files) -> None:
    """Answer until standard input ends, from a store's folder or an endpoint's address.

    Raises StoreError for a store without a revision.
    """
    if store.startswith(("http://", "https://")):
        asyncio.run(_answer(RemoteGraph(store), files))
        return
    names = prefixes(files.ontology)
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


async def _answer_from(history: History, evaluator: Evaluator, files: Files) -> None:
    evaluator.start()
    try:
        await _answer(ServedGraph(history, evaluator, Catalogue()), files)
    finally:
        evaluator.stop()


async def _answer(graph: Graph, files: Files) -> None:
    tools = Tools(graph, load_all(files.queries), Checking(files))
    await server(tools, files).run_stdio_async()
