"""All that the files say, before it becomes a store: ontology, shapes, datasets, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rskg import dataset, mapping, ontology, query, reasoning, shapes
from rskg.cache import Cache
from rskg.dataset import Dataset
from rskg.errors import UsageError
from rskg.ontology import Ontology
from rskg.paths import Files
from rskg.query import Query
from rskg.reasoning import Rule
from rskg.shapes import Shapes
from rskg.syntax import NT, Triple, parse, parse_bytes

#: What is said of the catalogue of all datasets, beside their folders.
CATALOGUE = "catalogue.ttl"


@dataclass(frozen=True)
class Source:
    """The files, parsed."""

    ontology: Ontology
    shapes: Shapes
    meta: Shapes
    datasets: Sequence[Dataset]
    queries: Mapping[str, Query]
    rules: Sequence[Rule]
    checks: Sequence[Rule]
    catalogue: Sequence[Triple] = ()

    @property
    def executables(self) -> list[Triple]:
        """The questions as RDF."""
        return [triple for each in self.queries.values() for triple in query.executable(each)]


@dataclass(frozen=True)
class Told:
    """What the datasets state, each by its name.

    `entailed` is what the rules reason with; `others` are graphs of observations, which are many
    and from which nothing is inferred, as sorted N-Triples.
    """

    entailed: Mapping[str, Sequence[Triple]]
    others: Mapping[str, bytes]

    @property
    def triples(self) -> list[Triple]:
        """What is entailed, of all datasets."""
        return [triple for facts in self.entailed.values() for triple in facts]

    def size(self) -> int:
        """How many triples that is."""
        many = sum(lines.count(b"\n") for lines in self.others.values())
        return many + sum(map(len, self.entailed.values()))


def read(files: Files, without: Sequence[str] = ()) -> Source:
    """Parse every file; raises InputError with the place of what can't be read."""
    for slug in without:
        if not (files.data / slug).is_dir():
            raise UsageError(f"there is no dataset {slug} under {files.data}")
    return Source(
        ontology=ontology.load(files.ontology),
        shapes=shapes.load([files.shapes]),
        meta=shapes.load([files.shapes / "meta"]),
        datasets=dataset.load_all(files.data, without),
        queries=query.load_all(files.queries),
        rules=reasoning.load_rules(files.ontology / "rules"),
        checks=reasoning.load_checks(files.ontology / "rules"),
        catalogue=parse(about) if (about := files.data / CATALOGUE).is_file() else (),
    )


def tell(source: Source, kept: Cache) -> Told:
    """What the datasets state; one whose files are as they were isn't mapped again."""
    entailed: dict[str, Sequence[Triple]] = {}
    others: dict[str, bytes] = {}
    for each in source.datasets:
        lines = kept.get(mapping.identity(each), partial(mapping.lines, each))
        if each.entailed:
            entailed[each.slug] = parse_bytes(lines, NT)
        else:
            others[each.slug] = lines
    return Told(entailed, others)
