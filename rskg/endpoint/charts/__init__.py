"""Pictures of a table that need no script: what each shows is worked out here, drawn by a template.

A question's header says which one fits, and which columns it takes (`rskg.query.Chart`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rskg.endpoint.charts.bars import Bars, bars
from rskg.endpoint.charts.columns import iri_of, label_of, measures, shown
from rskg.endpoint.charts.lines import Lines, lines
from rskg.endpoint.charts.maps import Ground, Map, pointed
from rskg.endpoint.charts.matrices import Matrix, matrix
from rskg.endpoint.charts.networks import Network, network
from rskg.endpoint.charts.sankeys import Sankey, sankey
from rskg.endpoint.pages.solutions import Table
from rskg.query import Chart

Picture = Bars | Lines | Map | Matrix | Network | Sankey

#: What draws each kind; a map needs places besides.
DRAWN: Mapping[str, Callable[[Table, dict[str, str], Chart], Picture | None]] = {
    "bar": bars,
    "line": lines,
    "matrix": matrix,
    "network": network,
    "sankey": sankey,
}

__all__ = ["Ground", "Picture", "bars", "draw", "label_of", "matrix", "measures", "on_map", "shown"]


def on_map(chart: Chart, table: Table) -> set[str]:
    """The things that a map of the table needs the places of; none for another picture."""
    if chart.kind != "map":
        return set()
    return {iri for row in table if (iri := iri_of(row, chart.columns["place"]))}


def draw(
    chart: Chart,
    table: Table,
    labels: dict[str, str],
    ground: Ground,
) -> Picture | None:
    """The picture that the header asks for; None where the table holds nothing to draw."""
    if chart.kind == "map":
        return pointed(table, labels, chart, ground)
    drawn = DRAWN.get(chart.kind)
    return drawn(table, labels, chart) if drawn else None
