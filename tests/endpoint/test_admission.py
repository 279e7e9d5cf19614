"""More long queries than may wait: the surplus is sent away with a time, the short ones go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from rskg.store import Revisions, Workbench
from rskg.store.workers.slow import MOST_RESTING
from rskg.syntax import Literal, NamedNode, Triple
from tests.endpoint.processes import served

EX = "http://example.org/"
#: Never ends, and needs no memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
#: One runs, so many rest: what comes then finds no place.
PLACES = 1 + MOST_RESTING


def test_who_finds_no_place_is_told_when_to_come_again(tmp_path: Path) -> None:
    made = Workbench()
    told = NamedNode(f"{EX}told")
    made.add(Triple(NamedNode(f"{EX}{i}"), told, Literal(f"text {i}")) for i in range(400))
    Revisions(tmp_path / "store").commit(made, "many")

    async def crowd(address: str) -> tuple[httpx.Response, httpx.Response]:
        async with httpx.AsyncClient(base_url=address, timeout=120) as client:
            asked = {"query": ENDLESS}
            waiting = {
                asyncio.create_task(client.get("/sparql", params=asked)) for _ in range(PLACES + 1)
            }
            over, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            short = await client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"})
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return over.pop().result(), short

    settings = {"RSKG_WORKERS": "1", "RSKG_QUERY_SECONDS": "100"}
    with served(tmp_path / "store", tmp_path / "log", **settings) as server:
        refused, short = asyncio.run(crowd(server.address))
    assert refused.status_code == 429, "one client asks for all the places"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"].endswith("/problem/too-many-queries")
    assert 1 <= int(refused.headers["retry-after"]) <= 100
    assert short.status_code == 200
