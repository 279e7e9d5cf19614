"""Each dataset, taken out: what is left is what a build without it makes, quad for quad."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import pytest

from rskg import provenance
from rskg.cache import Cache
from rskg.maintenance import maintain
from rskg.namespaces import dataset, graph
from rskg.paths import Files
from rskg.source import read, tell
from rskg.store import Draft
from rskg.syntax import NT, Triple, parse_bytes
from tests.conftest import ROOT
from tests.soak import FULL
from tests.test_maintenance import RULES, closed_and_described, quads

#: So many rows of each table are enough: a map sees one at a time.
ROWS = 8
SLUGS = sorted(path.parent.name for path in (ROOT / "data").glob("*/dataset.ttl"))
#: In full one by one; else some are taken out together, one after the other.
TOGETHER = 1 if FULL else 7
GROUPS = [SLUGS[n :: -(-len(SLUGS) // TOGETHER)] for n in range(-(-len(SLUGS) // TOGETHER))]
PROVENANCE = graph("provenance")
Graphs = Mapping[str, Sequence[Triple]]


@dataclass(frozen=True)
class Excerpt:
    """The files with the first rows of each table, and a store of all of them."""

    files: Files
    kept: Cache
    store: Path

    @cached_property
    def all(self) -> Graphs:
        """What the graphs say when no dataset is left out."""
        return self.told()

    def told(self, *without: str) -> Graphs:
        """What the graphs say that `rskg build --without` makes before it closes them."""
        source = read(self.files, without)
        told = tell(source, self.kept)
        origin = provenance.describe(
            source.datasets,
            source.ontology.documents,
            source.shapes.documents,
            source.catalogue,
        )
        return {
            graph("ontology"): source.ontology.triples,
            PROVENANCE: origin,
            **{graph(f"data/{slug}"): triples for slug, triples in told.entailed.items()},
            **{graph(f"data/{slug}"): parse_bytes(told.others[slug], NT) for slug in told.others},
        }


@pytest.fixture(scope="module")
def excerpt(tmp_path_factory: pytest.TempPathFactory) -> Excerpt:
    root = tmp_path_factory.mktemp("excerpt")
    for name in ("ontology", "shapes", "queries"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("*.csv"))
    for table in (ROOT / "data").glob("*/*.csv"):
        with (
            table.open(encoding="utf-8", newline="") as source,
            (root / table.relative_to(ROOT)).open("w", encoding="utf-8", newline="") as target,
        ):
            csv.writer(target).writerows(islice(csv.reader(source), ROWS + 1))
    made = Excerpt(Files(root), Cache(root / "cache"), root / "db")
    closed_and_described(made.all).write(made.store)
    return made


@pytest.mark.soak
@pytest.mark.parametrize("slugs", GROUPS, ids="+".join)
def test_what_is_left_is_what_is_built_without_it(
    slugs: list[str], excerpt: Excerpt, tmp_path: Path
) -> None:
    shutil.copytree(excerpt.store, tmp_path / "db")
    draft = Draft(tmp_path / "db", 1, None)
    without = excerpt.told(*slugs)
    for slug in slugs:
        name = graph(f"data/{slug}")
        held = draft.graph(name)
        assert name not in without
        assert held or slug == "ipis", "the user brings that file"
        maintain(draft, RULES, removed={name: held})
    gone = set(excerpt.all[PROVENANCE]) - set(without[PROVENANCE])
    maintain(draft, RULES, removed={PROVENANCE: gone})
    left = quads(draft)
    assert left == quads(closed_and_described(without))
    for slug in slugs:
        assert not any(f"{dataset(slug)}>" in quad for quad in left if PROVENANCE in quad)
