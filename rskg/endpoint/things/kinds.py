"""The things of a kind, `…/id/<kind>/…`, found by a class that they all belong to.

No index knows how IRIs begin. VoID tells how many things of a kind there are and how large each
class is: a class that has as many of them has them all, and is a short way to them.
"""

from __future__ import annotations

from rskg.endpoint.pages.solutions import Table, number_of
from rskg.endpoint.pages.visit import Visit
from rskg.namespaces import THING
from rskg.syntax import Literal

#: A class of so many times as many members as there are things is a way worth looking at.
MOST_TIMES = 4


async def sizes(visit: Visit) -> dict[str, int]:
    """How many things there are of each kind."""
    return {row["kind"].text: number_of(row, "number") for row in await visit.table("kinds")}


async def listed(visit: Visit, name: str, kind: str, number: int, page: str = "") -> Table:
    """The rows of `asks/NAME.rq` about the things of a kind, of which there are `number`."""
    found = await _class_of(visit, kind, number)
    text = visit.queries[name].replace("#VALUES#", f"VALUES ?type {{ <{found}> }}" if found else "")
    return await visit.rows(text.replace("#PAGE#", page), prefix=_space(kind))


async def choices(visit: Visit, kind: str) -> list[tuple[str, str]]:
    """Each thing of a kind, by its slug, with its name; sorted by name."""
    number = (await sizes(visit)).get(kind, 0)
    start = len(f"{THING}{kind}/")
    return [
        (row["thing"].text[start:], row["label"].text if "label" in row else "")
        for row in (await listed(visit, "choices", kind, number) if number else ())
    ]


async def _class_of(visit: Visit, kind: str, number: int) -> str:
    """The smallest class that holds all things of a kind; "" when none is known."""
    if visit.request.app.state.mode != "built":
        return ""
    members = {
        row["class"].text: number_of(row, "members") for row in await visit.table("class-sizes")
    }
    exact = [name for name, size in members.items() if size == number]
    wider = [name for name, size in members.items() if number < size <= MOST_TIMES * number]
    for group in (exact, wider):
        values = " ".join(f"<{name}>" for name in group)
        text = visit.queries["class-share"].replace("#VALUES#", values)
        rows = await visit.rows(text, prefix=_space(kind)) if group else ()
        whole = [row["class"].text for row in rows if number_of(row, "number") == number]
        if whole:
            return min(whole, key=lambda name: (members[name], name))
    return ""


def _space(kind: str) -> Literal:
    return Literal(f"{THING}{kind}/")
