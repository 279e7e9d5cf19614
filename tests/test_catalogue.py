"""The catalogue against DCAT-AP, as `dcat-ap.ttl` beside this says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rskg import provenance
from rskg.namespaces import DCAT, DCTERMS, RDF
from rskg.paths import Files
from rskg.provenance import Sum
from rskg.source import read
from rskg.syntax import Triple, parse
from rskg.validation import validate
from tests.conftest import ROOT

SHAPES = parse(Path(__file__).with_name("dcat-ap.ttl"))


@pytest.fixture(scope="module")
def record() -> list[Triple]:
    """What the graph of provenance says by the files, with a dump of each dataset."""
    source = read(Files(ROOT))
    told = provenance.describe(source.datasets, [], [], source.catalogue)
    dumps = (provenance.dump(each, Sum.of(b"")) for each in source.datasets)
    return [*told, *(triple for dump in dumps for triple in dump)]


def test_the_record_is_valid(record: list[Triple]) -> None:
    report = validate(record, SHAPES)
    assert report.focus_nodes > 100
    assert not [(one.severity, one.focus, one.path) for one in report.results]


@pytest.mark.parametrize(
    "missing",
    [
        (DCAT + "Catalog", DCTERMS + "title"),
        (DCAT + "Dataset", DCTERMS + "description"),
        (DCAT + "Distribution", DCAT + "accessURL"),
        (DCAT + "Dataset", DCAT + "keyword"),
    ],
    ids=lambda pair: pair[1],
)
def test_what_lacks_is_told(record: list[Triple], missing: tuple[str, str]) -> None:
    kind, name = missing
    of_kind = {
        t.subject for t in record if t.predicate.value == RDF + "type" and kind in str(t.object)
    }
    left = [t for t in record if t.predicate.value != name or t.subject not in of_kind]
    assert {one.focus for one in validate(left, SHAPES).results} >= set(map(str, of_kind))
