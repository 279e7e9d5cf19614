"""The beginning of an answer, for a page that shows no more of it: the rest is never read.

A page says that it shows a beginning; whoever wants all of it downloads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rskg.endpoint.pages.solutions import Table, rows_of, table
from rskg.store import Answer
from rskg.store.workers.flow import Flow

#: How much of an answer is looked at for a page, in bytes.
MOST_BYTES = 1_000_000
_BINDINGS = '"bindings":['


@dataclass(frozen=True)
class Beginning:
    """The first bytes of an answer, and whether there are more."""

    body: bytes
    cut: bool

    @property
    def text(self) -> str:
        """Its text, without a character that is cut in two."""
        return self.body.decode("utf-8", "ignore" if self.cut else "strict")

    @property
    def table(self) -> Table:
        """Its complete rows, of a `application/sparql-results+json` document."""
        if not self.cut:
            return table(self.body)
        head, found, rest = self.text.partition(_BINDINGS)
        if not found:
            return Table((), ())
        names = json.loads(f"{head}{_BINDINGS}]}}}}")["head"]["vars"]
        decoder, place = json.JSONDecoder(), 0
        rows: list[Mapping[str, Any]] = []
        while True:
            try:
                row, place = decoder.raw_decode(rest, place)
            except ValueError:
                return Table(tuple(names), rows_of(rows))
            rows.append(row)
            place += 1  # the comma


async def beginning(answer: Answer | Flow, most: int = MOST_BYTES) -> Beginning:
    """The first `most` bytes or so of an answer; a flow is closed after them.

    Raises the error with which a flow ends before that.
    """
    if isinstance(answer, Answer):
        return Beginning(answer.body[:most], len(answer.body) > most)
    body = bytearray()
    try:
        while len(body) <= most:
            piece = await answer.piece()
            if piece is None:
                return Beginning(bytes(body), cut=False)
            body += piece
    finally:
        answer.close()
    return Beginning(bytes(body[:most]), cut=True)
