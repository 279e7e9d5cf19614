"""Another graph to look things up in: a store's folder, an endpoint's or an engine's address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from rskg.errors import EndpointFailed, StoreError
from rskg.settings import ENGINE_SCHEME
from rskg.syntax import Triple, parse_bytes


def asking(place: str) -> Callable[[str], Sequence[Triple]]:
    """What answers a CONSTRUCT with triples; libraries are loaded when there is something to ask.

    Raises StoreError and EndpointFailed where the graph can't be asked.
    """
    return _endpoint(place) if "://" in place else _store(Path(place))


def _store(root: Path) -> Callable[[str], Sequence[Triple]]:
    revisions = import_module("rskg.store").Revisions(root)
    if revisions.current() is None:
        raise StoreError(f"the store {root} is empty: run `rskg build` first")
    reader = revisions.open()

    def ask(query: str) -> Sequence[Triple]:
        found: Sequence[Triple] = reader.construct(query)
        return found

    return ask


def _endpoint(address: str) -> Callable[[str], Sequence[Triple]]:
    if address.startswith(ENGINE_SCHEME):
        remote = import_module("rskg.client.engine").EngineSource(address, {})
    else:
        remote = import_module("rskg.client.remote").RemoteSource(address)

    def ask(query: str) -> Sequence[Triple]:
        answer = remote.answer(query, {})
        if answer.form != "graph":
            raise EndpointFailed(address, "it answers a CONSTRUCT with something else than triples")
        return parse_bytes(answer.body, answer.format, path=address)

    return ask
