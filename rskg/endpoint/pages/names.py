"""An index of every name in the graph, for a search as one types that forgives a slip.

SQLite's trigrams, in memory, one index a revision. It is made when names are first asked for,
beside the event loop: the start of the server costs nothing more.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import unicodedata
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from threading import Lock

#: How many names that share a trigram with what is looked for are compared with it.
CANDIDATES = 400
#: The share of trigrams from which a name is taken for what was meant.
ALIKE = 0.4
#: From how many things on a kind is a register, and how much less each of it counts.
MANY, MASS = 2_000, 0.2
#: How many revisions' names are kept.
KEPT = 2
SHORTEST, LONGEST = 2, 200
ENGLISH = "en"

_TABLE = """
CREATE TABLE thing (number INTEGER PRIMARY KEY, iri TEXT UNIQUE, less REAL);
CREATE TABLE label (thing INTEGER, language TEXT, text TEXT, PRIMARY KEY (thing, language));
CREATE TABLE name (number INTEGER PRIMARY KEY, thing INTEGER, text TEXT, folded TEXT);
CREATE VIRTUAL TABLE part USING fts5(folded, content='', tokenize='trigram case_sensitive 1');
"""


@dataclass(frozen=True, order=True)
class Name:
    """A name of a thing, whether it is its label, and its language."""

    thing: str
    text: str
    language: str
    main: bool


@dataclass(frozen=True)
class Found:
    """A thing with its label in the reader's language, and the name that was alike."""

    thing: str
    label: str
    match: str
    grade: float


class Names:
    """The names of one revision."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._alone = Lock()
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        self._store.executescript(_TABLE)
        numbers: dict[str, int] = {}
        rows = [(numbers.setdefault(n.thing, len(numbers)), n) for n in names]
        folded = [(place, at, n.text, fold(n.text)) for place, (at, n) in enumerate(rows)]
        labels = ((at, n.language, n.text) for at, n in rows if n.main)
        with self._store as store:
            store.executemany("INSERT INTO thing VALUES (?, ?, ?)", _things(numbers))
            store.executemany("INSERT OR IGNORE INTO label VALUES (?, ?, ?)", labels)
            store.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", folded)
            store.execute(
                "INSERT INTO part(rowid, folded) SELECT number, ' ' || folded || ' ' FROM name"
            )
            store.execute("CREATE INDEX beginning ON name (folded)")

    def find(self, needle: str, language: str = ENGLISH, most: int = 12) -> list[Found]:
        """The things with a name like this one, the likest first; none for a single letter."""
        wanted = fold(needle[:LONGEST])
        if len(wanted) < SHORTEST:
            return []
        best: dict[int, tuple[float, str]] = {}
        with self._alone:
            for thing, text, folded, less in self._candidates(wanted):
                grade = likeness(wanted, folded) - less
                if grade >= ALIKE and grade > best.get(thing, (0.0, ""))[0]:
                    best[thing] = (grade, text)
            ranked = sorted(best.items(), key=lambda each: (-each[1][0], len(each[1][1]), each[0]))
            return [self._found(thing, *told, language) for thing, told in ranked[:most]]

    def _candidates(self, wanted: str) -> list[tuple[int, str, str, float]]:
        beginning = (
            "SELECT name.thing, text, folded, less "
            "FROM name JOIN thing ON thing.number = name.thing WHERE folded >= ? AND folded < ? "
            "ORDER BY less, length(folded) LIMIT ?"
        )
        found = self._store.execute(
            beginning, (wanted, wanted + "\U0010ffff", CANDIDATES)
        ).fetchall()
        quoted = (part.replace('"', '""') for part in sorted(trigrams(wanted)))
        parts = " OR ".join(f'"{part}"' for part in quoted)
        if parts:
            alike = (
                "SELECT name.thing, text, name.folded, less "
                "FROM part JOIN name ON name.number = part.rowid "
                "JOIN thing ON thing.number = name.thing "
                "WHERE part MATCH ? ORDER BY bm25(part) LIMIT ?"
            )
            found += self._store.execute(alike, (parts, CANDIDATES)).fetchall()
        return found

    def _found(self, thing: int, grade: float, match: str, language: str) -> Found:
        ask = "SELECT language, text FROM label WHERE thing = ? AND language IN (?, ?, '')"
        labels = dict(self._store.execute(ask, (thing, language, ENGLISH)).fetchall())
        (iri,) = self._store.execute("SELECT iri FROM thing WHERE number = ?", (thing,)).fetchone()
        label = labels.get(language) or labels.get(ENGLISH) or labels.get("") or match
        return Found(iri, label, match, grade)


def _things(numbers: dict[str, int]) -> Iterable[tuple[int, str, float]]:
    """Each thing with how much less it counts for being one of thousands of a kind."""
    kinds = Counter(iri.rpartition("/")[0] for iri in numbers)
    for iri, number in numbers.items():
        yield number, iri, MASS if kinds[iri.rpartition("/")[0]] >= MANY else 0.0


def fold(text: str) -> str:
    """A text without accents, case and doubled spaces: what people type for it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in plain if not unicodedata.combining(c) and (c.isprintable() or c.isspace()))
    return " ".join("".join(kept).split())


def trigrams(text: str) -> set[str]:
    """The runs of three letters of a folded text, where it begins and ends too."""
    padded = f" {text} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def likeness(wanted: str, name: str) -> float:
    """How well a folded name answers what is looked for: from 0, not at all, to 4, the same."""
    if name == wanted:
        return 4.0
    if name.startswith(wanted):
        return 3.0
    if f" {wanted}" in name or f"({wanted}" in name:
        return 2.5
    if wanted in name:
        return 2.0
    ours = trigrams(wanted)
    shared = len(ours & trigrams(name))
    return min(shared / len(ours), 1.0) - 0.001 * min(abs(len(name) - len(wanted)), 100)


class Catalogue:
    """The names of the revisions that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, asyncio.Task[Names]] = OrderedDict()

    async def of(self, revision: int, told: Callable[[], Awaitable[bytes]]) -> Names:
        """The names of a revision; `told` gives them as SPARQL results in JSON, once."""
        task = self._kept.get(revision)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._kept[revision] = asyncio.create_task(_made(told))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(revision)
        return await asyncio.shield(task)


async def _made(told: Callable[[], Awaitable[bytes]]) -> Names:
    return await asyncio.to_thread(_read, await told())


def _read(body: bytes) -> Names:
    bindings = json.loads(body)["results"]["bindings"]
    names = (
        Name(
            row["thing"]["value"],
            row["name"]["value"],
            row["name"].get("xml:lang", ""),
            row["role"]["value"] == "label",
        )
        for row in bindings
    )
    return Names(sorted(names))  # engines list rows as they like: of equals the same comes first
