"""What the things of one revision are called, arranged to be found by parts of a name.

Read from the CSV of `asks/reconciliation-*.rq` (SPARQL 1.1 Query Results CSV).
"""

from __future__ import annotations

import csv
import io
import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rskg.reconciliation.folding import core, folded, identifier

#: Languages in which a thing is named to a client, the first that it has.
SPOKEN = ("en", "")


@dataclass(slots=True)
class Thing:
    """A thing with its name, its classes from the rarest on, and where it is."""

    iri: str
    name: str = ""
    types: tuple[str, ...] = ()
    #: Per property, the identifiers as they are compared.
    identifiers: dict[str, list[str]] = field(default_factory=dict)
    #: Per property, the countries.
    places: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Index:
    """Things, their names and identifiers. Made by `read` and never changed after."""

    things: dict[str, Thing] = field(default_factory=dict)
    #: By class: its names with their languages, and how many things are of it.
    classes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    sizes: Counter[str] = field(default_factory=Counter)
    #: Of each name: the thing, the folded name, and its core.
    owners: list[Thing] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    cores: list[str] = field(default_factory=list)
    #: Places of names by their core, and by three letters in a row.
    by_core: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_letters: dict[str, array[int]] = field(default_factory=dict)
    by_identifier: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    #: Folded names in order, with the places they have above.
    sorted_names: list[tuple[str, int]] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)
    #: Places of the names of things by their class.
    by_class: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def places_of(self, types: Iterable[str], *, all_of: bool) -> set[int]:
        """The places of the names of things of one of these classes, or of all of them."""
        sets = [self.by_class.get(each, set()) for each in types]
        return set.intersection(*sets) if all_of else set.union(*sets)

    def weight(self, word: str) -> float:
        """Inverse document frequency: a word weighs more the rarer it is among the names."""
        return math.log((2 + len(self.names)) / (1 + self.words[word]))

    def rarity(self, thing: Thing) -> int:
        """How many things share the rarest class of a thing: of namesakes, the rarer come first."""
        return self.sizes[thing.types[0]] if thing.types else len(self.things)

    def class_name(self, iri: str) -> str:
        """The English name of a class, else any."""
        names = self.classes.get(iri, [])
        spoken = [name for name, language in names if language in SPOKEN]
        return (spoken or [name for name, _ in names] or [iri])[0]

    def begins(self, prefix: str) -> Iterator[Thing]:
        """The things with a name that begins so, by name."""
        at = bisect_left(self.sorted_names, (prefix, -1))
        while at < len(self.sorted_names) and self.sorted_names[at][0].startswith(prefix):
            yield self.owners[self.sorted_names[at][1]]
            at += 1


def letters(name: str) -> set[str]:
    """Each three letters in a row, with the edges of the name."""
    edged = f"  {name} "
    return {edged[at : at + 3] for at in range(len(edged) - 2)}


def read(names: bytes, types: bytes, classes: bytes, places: bytes) -> Index:
    """The index of these four tables."""
    index = Index()
    for iri, label, language in _rows(classes):
        index.classes.setdefault(iri, []).append((label, language))
    _types(index, types)
    for iri, relation, country in _rows(places):
        thing = index.things.get(iri)
        if thing is not None:
            thing.places.setdefault(relation, []).append(country)
    known = _names(index, names)
    _arrange(index, known)
    return index


def _rows(table: bytes) -> list[list[str]]:
    """The rows in an order of their own: which engine answered, and how, changes no match."""
    rows = csv.reader(io.StringIO(table.decode(), newline=""))
    next(rows, None)
    return sorted(rows)


def _types(index: Index, table: bytes) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    shared = {iri: iri for iri in index.classes}
    for iri, kind in _rows(table):
        if kind in shared:
            found[iri].append(shared[kind])
            index.sizes[shared[kind]] += 1
    kinds: dict[tuple[str, ...], tuple[str, ...]] = {}
    for iri, types in found.items():
        ordered = tuple(sorted(types, key=lambda each: (index.sizes[each], each)))
        index.things[iri] = Thing(iri, types=kinds.setdefault(ordered, ordered))


def _names(index: Index, table: bytes) -> dict[tuple[str, str], None]:
    """Each pair of a thing and a folded name, once; identifiers go where they belong."""
    known: dict[tuple[str, str], None] = {}
    spoken: dict[str, int] = {}
    for iri, role, relation, text, language in _rows(table):
        thing = index.things.get(iri)
        if thing is None or not text:
            continue
        if role in ("identifier", "same"):
            _identify(index, thing, relation, text, role)
            continue
        rank = SPOKEN.index(language) if language in SPOKEN else len(SPOKEN)
        rank += 10 if role == "other" else 0
        if rank < spoken.get(iri, 99):
            spoken[iri], thing.name = rank, text
        name = folded(text)
        if name:
            known[iri, name] = None
    return known


def _identify(index: Index, thing: Thing, relation: str, text: str, role: str) -> None:
    keys = [identifier(text)]
    if role == "same":  # the thing's IRI elsewhere, whose last part is often its identifier there
        keys.append(identifier(text.rstrip("/").rpartition("/")[2].rpartition("#")[2]))
    for key in keys:
        thing.identifiers.setdefault(relation, []).append(key)
        index.by_identifier[key].append((thing.iri, relation))


def _arrange(index: Index, known: dict[tuple[str, str], None]) -> None:
    postings: dict[str, list[int]] = defaultdict(list)
    for at, (iri, name) in enumerate(known):
        bare = core(name)
        index.owners.append(index.things[iri])
        index.names.append(name)
        index.cores.append(bare)
        index.by_core[bare].append(at)
        index.words.update(set(bare.split()))
        for kind in index.things[iri].types:
            index.by_class[kind].add(at)
        for three in letters(bare):
            postings[three].append(at)
    index.by_letters = {three: array("I", places) for three, places in postings.items()}
    index.sorted_names = sorted((name, at) for at, name in enumerate(index.names))
