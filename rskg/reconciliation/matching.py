"""The likeliest things for a name, scored from 0 to 100, with what the score is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nlargest, nsmallest

from rapidfuzz import fuzz

from rskg.namespaces import THING
from rskg.reconciliation.folding import core, folded, identifier
from rskg.reconciliation.index import Index, Thing, letters

#: A name or an identifier that is the very one.
SURE = 100.0
#: A name that differs in the legal form only; the most that another one gets.
SAME_CORE, LIKE = 98.0, 97.0
#: So many names of the likest spelling are compared word by word.
LIKELY = 40
#: So many places of names are looked at, those of the rarest letters first.
MOST_PLACES = 6_000
#: Two words are one from this likeness on (0 to 100), as where a letter is missing.
ONE_WORD = 80.0
#: What is worth to be told; what is taken for a match, and by how much before the next one.
LEAST, MATCH, AHEAD = 40.0, 88.0, 4.0
#: How much of a score properties decide that are asked for.
OF_PROPERTIES = 0.3


@dataclass(frozen=True)
class Wanted:
    """A query: a name or an identifier, the classes that do, and values of properties.

    `properties` holds, for each property by its IRI, the texts that it may have.
    """

    text: str = ""
    types: frozenset[str] = frozenset()
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limit: int = 10
    #: True where a thing has to be of all classes.
    all_types: bool = False

    def takes(self, thing: Thing) -> bool:
        """True when a thing is of the classes that were asked for."""
        if not self.types:
            return True
        both = self.types.intersection(thing.types)
        return both == self.types if self.all_types else bool(both)


@dataclass
class Candidate:
    """A thing that may be meant."""

    thing: Thing
    score: float
    features: dict[str, float | bool] = field(default_factory=dict)
    match: bool = False


def match(index: Index, wanted: Wanted) -> list[Candidate]:
    """The likeliest things, best first; the first one may be marked as the match."""
    found: dict[str, Candidate] = {}
    for iri in _identified(index, wanted):
        thing = index.things[iri]
        if wanted.takes(thing):
            found[iri] = Candidate(thing, SURE, {"identifier": True})
    for thing, score in _named(index, wanted) if wanted.text else ():
        known = found.setdefault(thing.iri, Candidate(thing, 0.0))
        known.features["name"] = max(round(score, 1), float(known.features.get("name", 0.0)))
        known.score = max(known.score, score)
    for candidate in found.values():
        _weigh(index, candidate, wanted)

    def rank(each: Candidate) -> tuple[float, int, bool, str]:
        return (
            -each.score,
            index.rarity(each.thing),
            not each.thing.iri.startswith(THING),
            each.thing.iri,
        )

    best = nsmallest(wanted.limit + 1, found.values(), key=rank)
    if best and best[0].score >= MATCH:
        best[0].match = len(best) == 1 or best[0].score - best[1].score >= AHEAD
    return [each for each in best[: wanted.limit] if each.score >= LEAST]


def suggestions(index: Index, prefix: str) -> list[Thing]:
    """The things whose name begins so, the rarest of each name first; else those alike."""
    wanted = Wanted(prefix, limit=50)
    found = {thing.iri: thing for thing in _few(index.begins(folded(prefix)))} if prefix else {}
    exact = [each.thing for each in match(index, wanted) if each.score >= MATCH or not found]
    return list({thing.iri: thing for thing in (*exact, *found.values())}.values())


def _few(things: Iterable[Thing]) -> list[Thing]:
    return [thing for _, thing in zip(range(1000), things, strict=False)]


def _identified(index: Index, wanted: Wanted) -> set[str]:
    """The things that an identifier names: the query itself, or a property's value."""
    text = wanted.text.strip()
    found = {iri for iri, _ in index.by_identifier.get(identifier(text), ())} if text else set()
    if text in index.things:
        found.add(text)
    for relation, values in wanted.properties:
        for value in values:
            told = index.by_identifier.get(identifier(value), ())
            found.update(iri for iri, by in told if by == relation)
    return found


def _named(index: Index, wanted: Wanted) -> Iterable[tuple[Thing, float]]:
    name = folded(wanted.text)
    bare = core(name)
    if not name:
        return
    for at in _likely(index, bare, wanted):
        yield index.owners[at], _alike(index, name, bare, at)


def _likely(index: Index, bare: str, wanted: Wanted) -> set[int]:
    """The places of names worth comparing: of the same core, or with many letters shared."""
    fitting = index.places_of(wanted.types, all_of=wanted.all_types) if wanted.types else None
    same = set(index.by_core.get(bare, ()))
    mine = letters(bare)
    lists = [each for three in sorted(mine) if (each := index.by_letters.get(three))]
    lists.sort(key=len)
    shared: Counter[int] = Counter()
    looked = 0
    for places in lists:
        if looked and looked + len(places) > MOST_PLACES:
            break
        looked += len(places)
        shared.update(places)
    if fitting is not None:
        same &= fitting
        shared = Counter({at: shared[at] for at in shared.keys() & fitting})
    often = nlargest(5 * LIKELY, shared.items(), key=lambda item: (item[1], -item[0]))

    def likeness(item: tuple[int, int]) -> tuple[float, int]:
        at, both = item
        return both / (len(mine) + len(index.cores[at])), -at

    return same | {at for at, _ in nlargest(LIKELY, often, key=likeness)}


def _alike(index: Index, name: str, bare: str, at: int) -> float:
    """How alike a name and the one at a place are: by letters, in any order, and by words."""
    other, other_core = index.names[at], index.cores[at]
    if name == other:
        return SURE
    if bare == other_core:
        return SAME_CORE
    by_letters = max(fuzz.ratio(bare, other_core), 0.99 * fuzz.token_sort_ratio(bare, other_core))
    together = fuzz.ratio(bare.replace(" ", ""), other_core.replace(" ", ""))
    by_words = 95 * _shared_weight(index, bare.split(), other_core.split())
    return min(LIKE, max(by_letters, 0.99 * together, by_words))


def _shared_weight(index: Index, here: list[str], there: list[str]) -> float:
    """How much of the weight of both names is in words that they share, from 0 to 1."""
    left = list(there)
    mine = theirs = 0.0
    for word in here:
        likeness, best = max(((fuzz.ratio(word, each), each) for each in left), default=(0.0, ""))
        if likeness >= ONE_WORD:
            left.remove(best)
            mine += index.weight(best) * likeness / 100
            theirs += index.weight(best)
    lost = sum(map(index.weight, left))
    missed = sum(map(index.weight, here))
    covered = min(mine / missed, 1.0) if missed else 0.0
    return 0.7 * covered + 0.3 * (theirs / (theirs + lost) if theirs else 0.0)


def _weigh(index: Index, candidate: Candidate, wanted: Wanted) -> None:
    """Let what is asked of properties count, as far as the thing has such a property."""
    told = []
    for relation, values in wanted.properties:
        thing = candidate.thing
        if relation in thing.identifiers:
            agrees = any(identifier(value) in thing.identifiers[relation] for value in values)
            if agrees:
                candidate.features[f"property:{relation}"] = True
                candidate.score = SURE
                return
        elif relation in thing.places:
            agrees = _in_place(index, thing.places[relation], values)
        else:
            continue
        candidate.features[f"property:{relation}"] = agrees
        told.append(agrees)
    if told:
        share = 100 * sum(told) / len(told)
        candidate.score = (1 - OF_PROPERTIES) * candidate.score + OF_PROPERTIES * share


def _in_place(index: Index, places: list[str], values: Iterable[str]) -> bool:
    for value in values:
        known = {iri for iri, _ in index.by_identifier.get(identifier(value), ())}
        name = folded(value)
        known |= {index.owners[at].iri for at in index.by_core.get(core(name), ())}
        if value in places or known.intersection(places):
            return True
    return False
