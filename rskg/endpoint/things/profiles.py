"""What a thing's page tells: facts by who says them, what follows, what points here."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rskg.endpoint.languages import ENGLISH, language_of
from rskg.endpoint.pages.naming import names
from rskg.endpoint.pages.solutions import Row, Table, Value, number_of, text_of
from rskg.endpoint.pages.visit import Visit
from rskg.endpoint.pages.words import name, tail
from rskg.endpoint.things.observations import Kind, observations
from rskg.namespaces import BASE, DCTERMS, GRAPH, RDF, RDFS, SKOS, TERM, THING
from rskg.syntax import NamedNode

INFERRED = GRAPH + "inferred"
LABELS = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title")
TEXTS = (SKOS + "definition", DCTERMS + "description")
HIDDEN = (*LABELS, *TEXTS, RDF + "type", RDFS + "isDefinedBy")
MATCHES = (
    "exactMatch",
    "closeMatch",
    "broadMatch",
    "relatedMatch",
    "sameAs",
    "homepage",
    "seeAlso",
)
BEHIND = (TERM + "states",)
MOST_PARTS = 4
SHORT = 32
#: What points here by one property is listed up to so many (see `asks/incoming.rq`).
MOST_OBSERVED = 300


@dataclass(frozen=True)
class Linked:
    """A value or a thing on the page, with a label where one is known."""

    value: Value
    label: str


@dataclass
class Fact:
    """A property, by its IRI, with its values."""

    iri: str
    label: str
    values: list[Linked] = field(default_factory=list)

    @property
    def short(self) -> bool:
        """True for several short values, which a page sets side by side."""
        return len(self.values) > MOST_PARTS and all(
            len(one.label or one.value.text) <= SHORT for one in self.values
        )


@dataclass
class Backing:
    """A statement behind facts: how sure, from which sources, with which notes."""

    iri: str
    confidence: str = ""
    sources: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


@dataclass
class Source:
    """What one graph says of the thing, and the statements it rests on."""

    graph: str
    title: str
    licence: str
    #: Its dataset, agent, time, checksum, and of a contribution the shapes and the activity.
    origin: Mapping[str, str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    statements: dict[str, Backing] = field(default_factory=dict)

    @property
    def dataset(self) -> str:
        """The dataset's IRI, for a graph that holds one, or a part of one."""
        return self.origin.get("dataset", "")

    def tells(self, text: str) -> bool:
        """True when one of the facts says just this."""
        return any(one.value.text == text for fact in self.facts.values() for one in fact.values)


@dataclass(frozen=True)
class Incoming:
    """What points at the thing by the property `iri`; `number` counts those not listed too."""

    iri: str
    label: str
    number: int
    subjects: Sequence[Linked]

    @property
    def listed(self) -> frozenset[str]:
        """The things listed."""
        return frozenset(one.value.text for one in self.subjects)


@dataclass(frozen=True)
class Profile:
    """All that a thing's page tells."""

    iri: str
    title: str
    labels: Mapping[str, str]
    texts: Sequence[str]
    types: Sequence[Linked]
    inferred_types: Sequence[Linked]
    sources: Sequence[Source]
    inferred: Source
    outside: Sequence[tuple[str, Value]]
    incoming: Sequence[Incoming]
    repeated: Sequence[Incoming]
    observed: Sequence[Kind]


async def profile(visit: Visit, iri: NamedNode) -> Profile:
    """Gather a thing's page: four queries, more where neighbours need names or were observed."""
    facts, statements, incoming, origins = await asyncio.gather(
        visit.table("facts", thing=iri),
        visit.table("statements", thing=iri),
        visit.table("incoming", thing=iri),
        visit.table("origins", thing=iri),
    )
    titles, observed = await asyncio.gather(
        names(visit, iri.value, _bare(iri.value, facts, incoming)),
        _observed(visit, iri, incoming),
    )
    sources = _sources(facts, statements, origins, titles)
    inferred = sources.pop(INFERRED, Source(INFERRED, "", ""))
    asserted = {row["value"].text for row in _of_type(facts) if row["graph"].text != INFERRED}
    labels = _labels(facts)
    shown = [fact for one in (*sources.values(), inferred) for fact in one.facts.values()]
    pointing, repeated = _once(_incoming(incoming, titles), shown)
    return Profile(
        iri=iri.value,
        title=labels.get("en") or labels.get("") or titles.get(iri.value) or name(iri.value),
        labels=labels,
        texts=_texts(facts, language_of(visit.request)),
        types=_types(facts, asserted, wanted=True),
        inferred_types=_types(facts, asserted, wanted=False),
        sources=[s for s in sources.values() if s.facts or s.statements],
        inferred=inferred,
        outside=_outside(facts),
        incoming=[
            one for one in pointing if one.subjects or one.number > MOST_OBSERVED or not observed
        ],
        repeated=repeated,
        observed=observed,
    )


async def _observed(visit: Visit, iri: NamedNode, incoming: Table) -> list[Kind]:
    """What was observed of the thing, unless there is nothing or too much for a page."""
    unlisted = [row for row in incoming if "property" in row and "subject" not in row]
    numbers = [number_of(row, "number") for row in unlisted]
    if not numbers or min(numbers) > MOST_OBSERVED:
        return []
    return await observations(visit, iri)


def _of_type(facts: Table) -> list[Row]:
    return [row for row in facts if row["property"].text == RDF + "type"]


def _labels(facts: Table) -> dict[str, str]:
    told = (row["value"] for row in facts if row["property"].text in LABELS)
    return dict(sorted((text.language, text.text) for text in told if not text.is_iri))


def _texts(facts: Table, language: str) -> list[str]:
    """What defines or describes it, in a language; in English where there is nothing in it."""
    told = [row["value"] for row in facts if row["property"].text in TEXTS]
    spoken = [text for text in told if text.language == language]
    plain = (text for text in told if text.language in ("", ENGLISH))
    return list(dict.fromkeys(text.text for text in spoken or plain))


def _types(facts: Table, asserted: set[str], *, wanted: bool) -> list[Linked]:
    found = {
        row["value"].text: Linked(row["value"], text_of(row, "valueLabel"))
        for row in _of_type(facts)
        if (row["value"].text in asserted) is wanted and tail(row["value"].text) != "Thing"
    }
    return list(found.values())


def _sources(
    facts: Table, statements: Table, origins: Table, titles: Mapping[str, str]
) -> dict[str, Source]:
    about = {row["graph"].text: row for row in origins}
    sources: dict[str, Source] = {}

    def source(graph: str) -> Source:
        if graph not in sources:
            told = about.get(graph, {})
            title = text_of(told, "title", graph.removeprefix(GRAPH).replace("/", ": "))
            origin = {name: value.text for name, value in told.items()}
            sources[graph] = Source(graph, title, text_of(told, "licence"), origin)
        return sources[graph]

    known: set[tuple[str, Value]] = set()
    for row in sorted(facts, key=lambda row: row["graph"].text == INFERRED):
        key = row["property"].text, row["value"]
        if row["property"].text in HIDDEN or _is_outside(row):
            continue
        if row["graph"].text == INFERRED and key in known:
            continue
        known.add(key)
        _add(source(row["graph"].text), row, titles)
    for row in statements:
        _back(source(row["graph"].text).statements, row)
    return sources


def _back(statements: dict[str, Backing], row: Row) -> None:
    iri = row["statement"].text
    backing = statements.setdefault(iri, Backing(iri, text_of(row, "confidence")))
    if "source" in row:
        backing.sources[row["source"].text] = None
    if "note" in row:
        backing.notes[row["note"].text] = None


def _add(source: Source, row: Row, titles: Mapping[str, str]) -> None:
    prop = row["property"].text
    label = text_of(row, "propertyLabel") or name(prop)
    fact = source.facts.setdefault(prop, Fact(prop, label))
    told = text_of(row, "valueLabel") or titles.get(row["value"].text, "")
    if not any(linked.value == row["value"] for linked in fact.values):
        fact.values.append(Linked(row["value"], told))


def _outside(facts: Table) -> list[tuple[str, Value]]:
    links = {
        (row["value"].text): (
            text_of(row, "propertyLabel") or name(row["property"].text),
            row["value"],
        )
        for row in facts
        if _is_outside(row)
    }
    return list(links.values())


def _is_outside(row: Row) -> bool:
    value = row["value"]
    ours = value.text.startswith(BASE)
    return value.is_iri and not ours and tail(row["property"].text) in MATCHES


def _incoming(found: Table, titles: Mapping[str, str]) -> list[Incoming]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        if "property" in row and row["property"].text not in BEHIND:
            rows[row["property"].text].append(row)
    return [
        Incoming(
            prop,
            text_of(group[0], "propertyLabel") or name(prop),
            number_of(group[0], "number"),
            _subjects(group, titles),
        )
        for prop, group in rows.items()
    ]


def _once(
    incoming: Sequence[Incoming], facts: Iterable[Fact]
) -> tuple[list[Incoming], list[Incoming]]:
    """What points here, apart from what only repeats facts or other links, by super-property."""
    seen = {frozenset(one.value.text for one in fact.values) for fact in facts}
    kept: list[Incoming] = []
    repeated: list[Incoming] = []
    for one in sorted(incoming, key=lambda one: not one.iri.startswith(TERM)):
        if one.listed and any(one.listed <= known for known in seen):
            repeated.append(one)
        else:
            kept.append(one)
            seen.add(one.listed)
    return kept, repeated


def _subjects(rows: Iterable[Row], titles: Mapping[str, str]) -> list[Linked]:
    found = {
        row["subject"].text: Linked(
            row["subject"], text_of(row, "subjectLabel") or titles.get(row["subject"].text, "")
        )
        for row in rows
        if "subject" in row
    }
    return sorted(found.values(), key=lambda linked: (linked.label or linked.value.text).lower())


def _bare(iri: str, facts: Table, incoming: Table) -> set[str]:
    """Our things on the page that no graph gives a label."""
    bare = {
        row["subject"].text for row in incoming if "subject" in row and "subjectLabel" not in row
    }
    bare |= {row["value"].text for row in facts if row["value"].is_iri and "valueLabel" not in row}
    if not any(row["property"].text in LABELS for row in facts):
        bare.add(iri)
    return {one for one in bare if one.startswith(THING)}
