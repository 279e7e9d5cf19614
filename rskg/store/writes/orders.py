"""What a raw write orders, and how it goes through the pipe to the process that obeys.

SPARQL 1.1 Update, and the Graph Store Protocol's PUT, POST and DELETE.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from rskg.store.workers.frames import Head, frame
from rskg.syntax import GRAPH_FORMATS, GraphFormat, format_named

#: PUT replaces a graph, POST adds to it, DELETE removes it.
Action = OneOf["PUT", "POST", "DELETE"]


@dataclass(frozen=True)
class Update:
    """A SPARQL update; the graphs of `using` and `using_named` are what its WHERE sees."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What the revision's note says."""
        return "SPARQL update"


@dataclass(frozen=True)
class Document:
    """An RDF document as sent, its format, and the IRI against which its IRIs resolve."""

    content: bytes
    form: GraphFormat
    base: str


@dataclass(frozen=True)
class GraphWrite:
    """A write to one graph as a whole; None is the default graph."""

    action: Action
    graph: str | None
    documents: tuple[Document, ...] = ()

    @property
    def note(self) -> str:
        """What the revision's note says."""
        return f"{self.action} {f'<{self.graph}>' if self.graph else 'the default graph'}"


Order = Update | GraphWrite


@dataclass(frozen=True)
class Written:
    """What a write did: the revision that it published, and whether its graph is new."""

    revision: int
    created: bool = False


def ordered(order: Order) -> bytes:
    """The frame that carries an order."""
    if isinstance(order, Update):
        using = {"using": order.using, "named": order.using_named}
        return frame({"update": True, **using}, order.text.encode())
    documents = [(one.form.name, one.base, len(one.content)) for one in order.documents]
    head = {"action": order.action, "graph": order.graph, "documents": documents}
    return frame(head, b"".join(one.content for one in order.documents))


def order_of(head: Head, body: bytes) -> Order:
    """The order that such a frame carries."""
    if "update" in head:
        return Update(body.decode(), tuple(head["using"]), tuple(head["named"]))
    documents, start = [], 0
    for name, base, size in head["documents"]:
        form = format_named(name, GRAPH_FORMATS)
        if form is None:
            raise ValueError(name)
        documents.append(Document(body[start : start + size], form, base))
        start += size
    return GraphWrite(head["action"], head["graph"], tuple(documents))
