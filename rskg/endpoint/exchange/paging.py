"""A part of an answer: `limit` and `offset`, and the links to the other parts (RFC 8288).

Without them an answer is complete; pages are for those who ask for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from rskg.endpoint.problems import PARAMETER, Problem

LIMIT, OFFSET = "limit", "offset"
MOST = 1_000_000


@dataclass(frozen=True)
class Window:
    """The rows from `offset` (0 is the first) on, `limit` at most."""

    limit: int
    offset: int

    @property
    def sparql(self) -> str:
        """What ends a query that asks for these rows alone."""
        return f"LIMIT {self.limit} OFFSET {self.offset}\n"

    def others(self, total: int) -> dict[str, int]:
        """The offsets of the other parts by link relation; `next`, `prev` where there are any."""
        last = max(0, (total - 1) // self.limit * self.limit)
        found = {"first": 0, "last": last}
        if self.offset > 0:
            found["prev"] = max(0, self.offset - self.limit)
        if self.offset + self.limit < total:
            found["next"] = self.offset + self.limit
        return found

    def links(self, request: Request, total: int) -> dict[str, str]:
        """The paths of the other parts, by link relation."""
        kept = [pair for pair in request.query_params.multi_items() if pair[0] != OFFSET]
        return {
            relation: f"{request.url.path}?{urlencode([*kept, (OFFSET, str(offset))])}"
            for relation, offset in self.others(total).items()
        }


def window(request: Request) -> Window | None:
    """The part that a request asks for; None for all. Raises a Problem for what is no number."""
    given = {name: request.query_params.get(name, "").strip() for name in (LIMIT, OFFSET)}
    if not any(given.values()):
        return None
    return Window(
        _whole(LIMIT, given[LIMIT] or str(MOST), least=1), _whole(OFFSET, given[OFFSET] or "0")
    )


def _whole(name: str, text: str, least: int = 0) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= MOST):
        told = f"{name} is a whole number from {least} to {MOST}."
        raise Problem(PARAMETER, told, {"parameter": name})
    return int(text)
