"""From the rows of an overview to the statements and sources behind them."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.http.negotiation import PAGE, chosen, is_page
from rskg.endpoint.overviews.filters import Chosen
from rskg.endpoint.pages.solutions import Value
from rskg.endpoint.pages.visit import Visit
from rskg.evidence import evidence
from rskg.syntax import SOLUTION_FORMATS

MOST_ROWS = 300


async def statements(visit: Visit, wanted: Chosen, things: Iterable[Value], title: str) -> Response:
    """The statements about things: a page that leads back to `title`, or rows in every format."""
    text = evidence({value.text for value in things})
    form = chosen(visit.request, (PAGE, *SOLUTION_FORMATS))
    if not is_page(form):
        return await visit.document(Ask(text, form.media_type), form)
    found = await visit.rows(text)
    shown = found.rows[:MOST_ROWS]
    iris = {value.text for row in shown for value in row.values() if value.is_iri}
    return visit.page(
        "overview-evidence.html",
        title=title,
        place=visit.request.url.path.removesuffix("/evidence"),
        wanted=wanted,
        found=found,
        rows=shown,
        labels=await visit.labels(iris),
    )
