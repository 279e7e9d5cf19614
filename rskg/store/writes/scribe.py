"""The process that writes: obeys one order at a time on an unpublished copy, and can be killed.

It tells when it has begun (nobody else writes then), and when the copy is changed; then it
waits to be told to publish, so that whoever times it knows whether there is a new revision.
It has no network, and ends when the server ends.
"""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from rskg.confinement import (
    OUT_OF_MEMORY,
    bound_memory,
    end_with_parent,
    leave_network,
    leave_no_core,
    out_of_memory,
    share_heaps,
)
from rskg.errors import RskgError
from rskg.store.draft import Draft
from rskg.store.revisions.history import Revisions
from rskg.store.workers.frames import Head, Inbox, failed, frame
from rskg.store.workers.worker import CACHES
from rskg.store.writes.orders import GraphWrite, Order, Update, order_of
from rskg.store.writes.reading import UpdateParser, with_dataset

BEGUN = frame({"begun": True})
CHANGED = frame({"changed": True})
PUBLISH = frame({"publish": True})
_PIECE = 1 << 18


class MissingGraph(Exception):
    """The graph to be removed isn't there."""


class Scribe:
    """One end of a socket: reads orders, tells what became of them, until the other end closes."""

    def __init__(
        self, channel: socket.socket, revisions: Revisions, memory: int, largest: int
    ) -> None:
        self._channel = channel
        self._revisions = revisions
        self._memory = memory
        self._parser = UpdateParser()
        self._frames = self._heard(Inbox(largest))

    def run(self) -> None:
        """Obey until the other end closes."""
        for head, body in self._frames:
            bound_memory(self._memory + CACHES)
            try:
                told = self._obey(order_of(head, body))
            except MissingGraph:
                told = {"missing": True}
            except RskgError as error:
                told = failed(error)
            except (MemoryError, RuntimeError) as error:
                if out_of_memory(error):
                    os._exit(OUT_OF_MEMORY)
                raise
            bound_memory(None)
            self._channel.sendall(frame(told))

    def _obey(self, order: Order) -> Head:
        created = False

        def change(draft: Draft) -> None:
            nonlocal created
            self._channel.sendall(BEGUN)
            created = apply(order, draft, self._parser)
            self._channel.sendall(CHANGED)
            next(self._frames)

        number = self._revisions.amend(change, order.note)
        return {"revision": number, "created": created}

    def _heard(self, inbox: Inbox) -> Iterator[tuple[Head, bytes]]:
        piece = memoryview(bytearray(_PIECE))
        while size := self._channel.recv_into(piece):
            yield from inbox.feed(piece[:size])
        os._exit(0)


def apply(order: Order, draft: Draft, parser: UpdateParser) -> bool:
    """Do on a copy what is ordered; True when a graph is new.

    Raises QuerySyntaxError, InputError, RefusedFeature, UsageError or MissingGraph.
    """
    if isinstance(order, Update):
        text = parser.harmless(order.text)
        if order.using or order.using_named:
            parser.check(text)
            text = with_dataset(text, order.using, order.using_named)
        draft.update(text)
        return False
    return _write_graph(order, draft)


def _write_graph(order: GraphWrite, draft: Draft) -> bool:
    there = order.graph is None or draft.ask(f"ASK {{ GRAPH <{order.graph}> {{}} }}")
    if order.action == "DELETE" and not there:
        raise MissingGraph(order.graph)
    if order.action != "POST" and there:
        draft.drop(order.graph)
    if order.action == "DELETE":
        return False
    if order.graph is not None:
        draft.create(order.graph)
    for document in order.documents:
        draft.load(io.BytesIO(document.content), document.form, order.graph, document.base)
    return not there


def main(handle: str, parent: str, root: str, memory: str, largest: str) -> None:
    """The process: `python -m` this module, prefixes on stdin; memory and orders in bytes."""
    prefixes = json.load(sys.stdin)
    end_with_parent(int(parent))
    leave_no_core()
    share_heaps()
    leave_network()
    channel = socket.socket(fileno=int(handle))
    Scribe(channel, Revisions(Path(root), prefixes), int(memory), int(largest)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
