"""What is on record at each stage of each commodity that has a value chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.endpoint.pages.solutions import Row, Table, number_of, text_of
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import name

Key = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One stage of a commodity; a number is 0 where nothing is on record."""

    iri: str
    label: str
    node: Row | None
    named: int
    laws: int
    general: int
    actors: int
    sites: int
    output: Row | None

    @property
    def gap(self) -> bool:
        """True where something stands and no instrument names the commodity."""
        return self.node is not None and not self.named

    @property
    def products(self) -> str:
        """What leaves the node, in words."""
        return "; ".join(sorted(text_of(self.node or {}, "products").split("; ")))


@dataclass(frozen=True)
class Chain:
    """A commodity with its steps, in the order of the stages."""

    iri: str
    label: str
    steps: Sequence[Step]

    @property
    def gaps(self) -> Sequence[Step]:
        """The steps that no instrument names."""
        return [step for step in self.steps if step.gap]

    @property
    def recorded(self) -> bool:
        """False for a commodity whose chain nobody has recorded yet."""
        return any(step.node for step in self.steps)


async def chains(visit: Visit, also: str = "") -> Mapping[str, Chain]:
    """Every value chain by the IRI of its commodity, sorted by name; of another commodity too."""
    stages, nodes, named, general, actors, sites, output = await visit.tables(
        "map-stage-list",
        "chain-nodes",
        "chain-named",
        "chain-general",
        "chain-actors",
        "chain-sites",
        "chain-output",
    )
    commodities = {row["commodity"].text for row in nodes if "commodity" in row}
    labels = await visit.labels(commodities | ({also} if also else set()))
    if also in labels:
        commodities.add(also)
    told = _Told(*(_by_key(each) for each in (nodes, named, actors, sites, output)))
    of_all = {row["stage"].text: number_of(row, "number") for row in general if "stage" in row}
    found = [
        Chain(
            iri,
            labels.get(iri) or name(iri),
            [told.step(iri, row, of_all.get(row["stage"].text, 0)) for row in stages],
        )
        for iri in commodities
    ]
    return {each.iri: each for each in sorted(found, key=lambda each: each.label.casefold())}


@dataclass(frozen=True)
class _Told:
    nodes: Mapping[Key, Row]
    named: Mapping[Key, Row]
    actors: Mapping[Key, Row]
    sites: Mapping[Key, Row]
    output: Mapping[Key, Row]

    def step(self, commodity: str, stage: Row, general: int) -> Step:
        key = commodity, stage["stage"].text
        return Step(
            key[1],
            text_of(stage, "label"),
            self.nodes.get(key),
            number_of(self.named.get(key, {}), "number"),
            number_of(self.named.get(key, {}), "laws"),
            general,
            number_of(self.actors.get(key, {}), "number"),
            number_of(self.sites.get(key, {}), "number"),
            self.output.get(key),
        )


def _by_key(table: Table) -> Mapping[Key, Row]:
    """The first row of each commodity and stage."""
    found: dict[Key, Row] = {}
    for row in table:
        if "commodity" in row and "stage" in row:
            found.setdefault((row["commodity"].text, row["stage"].text), row)
    return found
