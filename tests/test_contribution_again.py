"""A build takes contributions in again: from their documents, and those that came meanwhile."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rskg.build import build
from rskg.check import Limits
from rskg.contribution.acts import Offer, Outcome, offer, withdraw
from rskg.contribution.erasing import erase
from rskg.contribution.judging import Library
from rskg.contribution.partners import CC_BY
from rskg.contribution.record import known
from rskg.errors import ContradictionError, StoreError, UsageError
from rskg.namespaces import CONTEXT
from rskg.paths import Files
from rskg.store import Revisions
from rskg.syntax import sorted_lines
from tests.endpoint.contributing import ACME, site, sites_table

Contribute = Callable[..., Outcome]


@pytest.fixture(scope="module")
def library(few: Files) -> Library:
    return Library(few)


@pytest.fixture
def store(few_store: Path, tmp_path: Path) -> Revisions:
    shutil.copytree(few_store, tmp_path / "store")
    return Revisions(tmp_path / "store")


@pytest.fixture
def contribute(store: Revisions, library: Library) -> Contribute:
    def send(document: str, form: str = "ttl") -> Outcome:
        path = store.root / f".receiving-1-test.{form}"
        path.write_text(document)
        sent = Offer(
            *("acme-sites", "Sites", CC_BY, ACME, "Acme", path, form, ""),
            received="2026-11-22T12:00:00Z",
        )
        return offer(store, library, sent, Limits())

    return send


def _everything(store: Revisions) -> bytes:
    """Every quad of the newest revision."""
    return sorted_lines(store.open().quads())


def test_a_build_gives_what_the_commits_gave(
    store: Revisions, few: Files, library: Library, contribute: Contribute
) -> None:
    kept = contribute(site("one")).contribution
    gone = contribute(site("two")).contribution
    assert kept
    assert gone
    withdraw(store, library, gone.id, ACME, "2026-11-22T13:00:00Z")
    before = _everything(store)
    build(store.root, few)
    assert _everything(store) == before
    assert known(store.open().select)[gone.id].withdrawn == "2026-11-22T13:00:00Z"


def test_a_table_is_taken_in_again_as_it_was_understood(
    store: Revisions, few: Files, library: Library, contribute: Contribute, tmp_path: Path
) -> None:
    made = contribute(sites_table("one", "two"), "csv").contribution
    assert made
    assert made.triples == 14
    assert store.open().ask("ASK { <https://w3id.org/rskg/id/site/acme-sites-one> ?p ?o }")
    before = _everything(store)
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for folder in (few.ontology, few.queries, few.data, few.examples):
        (renamed / folder.name).symlink_to(folder)
    shutil.copytree(few.shapes, renamed / "shapes")
    shape = renamed / "shapes" / "site.ttl"
    shape.write_text(shape.read_text().replace('"located in"@en', '"country of the site"@en'))
    told: dict[str, str] = {}
    build(store.root, Files(renamed), progress=lambda step, said: told.update({step: said}))
    assert "located in: a Site has no such column" in told["contributions"]
    build(store.root, few)
    assert _everything(store) == before
    kept = [path for path in (store.root / "contributions").iterdir()]
    assert {path.suffix for path in kept} == {".csv", ".nt"}
    withdraw(store, library, made.id, ACME, "2026-11-22T13:00:00Z")
    erase(store, made.id)
    assert not list((store.root / "contributions").iterdir())


def test_json_ld_is_taken_in_again_as_its_context_was_then(
    store: Revisions, few: Files, contribute: Contribute, tmp_path: Path
) -> None:
    document = {
        "@context": CONTEXT,
        "@graph": [
            {"id": "site:one", "type": "Site", "label": {"en": "One"}, "locatedIn": "country:CL"},
            {
                **{"id": "statement:one", "type": "Statement", "states": "site:one"},
                **{"source": "A report", "rskg:confidence": "confidence:high"},
            },
        ],
    }
    outcome = contribute(json.dumps(document), "jsonld")
    assert outcome.state == "accepted", outcome.report
    before = _everything(store)
    other = tmp_path / "other"
    other.mkdir()
    for folder in (few.shapes, few.queries, few.data, few.examples):
        (other / folder.name).symlink_to(folder)
    shutil.copytree(few.ontology, other / "ontology")
    header = other / "ontology" / "rskg.ttl"
    header.write_text(header.read_text().replace(" prefix:site,", ""))
    build(store.root, Files(other))
    assert store.open().ask("ASK { <https://w3id.org/rskg/id/site/one> ?p ?o }")
    build(store.root, few)
    assert _everything(store) == before


def test_what_partners_do_while_it_runs_stays(
    store: Revisions, few: Files, library: Library, contribute: Contribute
) -> None:
    early = contribute(site("early")).contribution
    assert early

    def meanwhile(step: str, _: str) -> None:
        if step == "close":
            assert contribute(site("late")).state == "accepted"
            withdraw(store, library, early.id, ACME, "2026-11-22T13:00:00Z")

    build(store.root, few, progress=meanwhile)
    found = known(store.open().select)
    assert [name for name, one in found.items() if one.withdrawn] == [early.id]
    assert len(found) == 2
    assert store.open().ask("ASK { <https://w3id.org/rskg/id/site/late> ?p ?o }")
    assert not store.open().ask("ASK { <https://w3id.org/rskg/id/site/early> ?p ?o }")
    after = _everything(store)
    build(store.root, few)
    assert _everything(store) == after


def test_one_that_newer_shapes_refuse_stays_and_is_listed(
    store: Revisions, few: Files, contribute: Contribute, tmp_path: Path
) -> None:
    made = contribute(site("strict")).contribution
    assert made
    stricter = tmp_path / "stricter"
    stricter.mkdir()
    for folder in (few.ontology, few.queries, few.data):
        (stricter / folder.name).symlink_to(folder)
    shutil.copytree(few.shapes, stricter / "shapes")
    (stricter / "shapes" / "strict.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<https://w3id.org/rskg/shapes#Strict> a sh:NodeShape ;\n"
        "  sh:targetNode <https://w3id.org/rskg/id/site/strict> ;\n"
        '  sh:property [ sh:path rdfs:label ; sh:maxCount 0 ; sh:message "No name."@en ] .\n'
    )
    told: dict[str, str] = {}
    build(store.root, Files(stricter), progress=lambda step, said: told.update({step: said}))
    assert told["contributions"].startswith(f"1 taken in again; {made.id} stays")
    assert "No name." in told["contributions"]
    assert store.open().graph(made.graph)


def newer(few: Files, root: Path, *lines: str) -> Files:
    """The files with some lines more in the ontology."""
    root.mkdir()
    for folder in (few.shapes, few.queries, few.data, few.examples):
        (root / folder.name).symlink_to(folder)
    shutil.copytree(few.ontology, root / "ontology")
    with (root / "ontology" / "drivers.ttl").open("a") as drivers:
        drivers.write("\n".join(("", *lines, "")))
    return Files(root)


TORN = (
    "<https://w3id.org/rskg/id/site/torn> a <http://example.org/A> .",
    "<http://example.org/A> owl:disjointWith rskg:Site .",
)
#: What leads from Peru to a thing that no contribution names.
AFAR = (
    "<https://w3id.org/rskg/id/country/PE> <http://example.org/q> <http://example.org/z> .",
    "<http://example.org/r> owl:propertyChainAxiom ( rskg:locatedIn <http://example.org/q> ) ;",
    "  rdfs:range <http://example.org/B> .",
    "<http://example.org/z> a <http://example.org/A> .",
    "<http://example.org/A> owl:disjointWith <http://example.org/B> .",
)


def test_one_with_which_a_newer_ontology_contradicts_is_left_out_and_kept(
    store: Revisions, few: Files, library: Library, contribute: Contribute, tmp_path: Path
) -> None:
    made = contribute(site("torn")).contribution
    other = contribute(site("whole")).contribution
    assert made
    assert other
    before = _everything(store)
    told: dict[str, str] = {}
    progress = lambda step, said: told.update({step: said})  # noqa: E731
    newest = newer(few, tmp_path / "newer", *TORN)
    build(store.root, newest, progress=progress)
    assert f"warning: {made.id} of <{ACME}> is left out" in told["contributions"]
    assert "id/site/torn" in told["contributions"]
    assert other.id not in told["contributions"]
    reader = store.open()
    assert not reader.graph(made.graph)
    assert reader.graph(other.graph)
    record = known(reader.select)
    assert not record[other.id].left_out
    assert "id/site/torn" in (record[made.id].left_out or "")
    assert (record[made.id].withdrawn, record[made.id].is_in) == (None, False)
    build(store.root, few)  # as the ontology was
    assert _everything(store) == before
    build(store.root, newest)
    late = contribute(site("late")).contribution
    assert late
    withdraw(store, library, made.id, ACME, "2026-11-22T14:00:00Z")
    record = known(store.open().select)
    assert record[made.id].withdrawn == "2026-11-22T14:00:00Z"
    assert record[late.id].is_in


def test_one_that_comes_while_a_build_runs_and_contradicts_is_left_out_alone(
    store: Revisions, few: Files, contribute: Contribute, tmp_path: Path
) -> None:
    early = contribute(site("early")).contribution
    late: list[str] = []
    told: list[str] = []

    def meanwhile(step: str, said: str) -> None:
        told.append(said)
        if step == "close":
            for name in ("one", "torn", "two"):
                came = contribute(site(name)).contribution
                assert came
                late.append(came.id)

    newest = newer(few, tmp_path / "newer", *TORN)
    build(store.root, newest, progress=meanwhile)
    assert early
    record = known(store.open().select)
    assert [name for name in (early.id, *late) if not record[name].is_in] == [late[1]]
    assert "id/site/torn" in (record[late[1]].left_out or "")
    warned = [said for said in told if f"{late[1]} of <{ACME}> is left out" in said]
    assert len(warned) == 1
    after = _everything(store)
    build(store.root, newest)
    assert _everything(store) == after


def test_what_contradicts_by_way_of_others_is_found_too(
    store: Revisions, few: Files, contribute: Contribute, tmp_path: Path
) -> None:
    made = [
        contribute(site(name, country)).contribution
        for name, country in (("a", "CL"), ("b", "PE"), ("c", "CL"))
    ]
    ids = [one.id for one in made if one]
    build(store.root, newer(few, tmp_path / "newer", *AFAR))
    record = known(store.open().select)
    assert [name for name in ids if not record[name].is_in] == [ids[1]]
    assert "example.org/z" in (record[ids[1]].left_out or "")


def test_files_that_contradict_each_other_end_the_build(
    store: Revisions, few: Files, contribute: Contribute, tmp_path: Path
) -> None:
    contribute(site("torn"))
    newest = store.current()
    itself = (
        "<https://w3id.org/rskg/id/country/PE> a <http://example.org/A>, <http://example.org/B> ."
    )
    files = newer(few, tmp_path / "newer", itself, AFAR[-1])
    with pytest.raises(ContradictionError, match="country/PE"):
        build(store.root, files)
    assert store.current() == newest


def test_a_document_that_changed_or_is_missing_ends_the_build(
    store: Revisions, few: Files, contribute: Contribute
) -> None:
    made = contribute(site("changed")).contribution
    assert made
    document = store.root / "contributions" / f"{made.sha256}.ttl"
    document.write_text(site("forged"))
    newest = store.current()
    with pytest.raises(StoreError, match="isn't the document"):
        build(store.root, few)
    document.unlink()
    with pytest.raises(StoreError, match="can't be read"):
        build(store.root, few)
    assert store.current() == newest


def test_a_folder_can_t_take_the_name_of_a_partner_s_dataset(
    store: Revisions, few: Files, contribute: Contribute, tmp_path: Path
) -> None:
    contribute(site("named"))
    taken = tmp_path / "taken"
    taken.mkdir()
    for folder in (few.ontology, few.queries, few.shapes):
        (taken / folder.name).symlink_to(folder)
    (taken / "data").mkdir()
    described = (few.data / "countries" / "dataset.ttl").read_text()
    (taken / "data" / "acme-sites").mkdir()
    (taken / "data" / "acme-sites" / "dataset.ttl").write_text(
        described.replace("dataset/countries", "dataset/acme-sites")
    )
    shutil.copy(few.data / "countries" / "countries.csv", taken / "data" / "acme-sites")
    shutil.copy(few.data / "countries" / "map.rq", taken / "data" / "acme-sites")
    with pytest.raises(UsageError, match="rename it"):
        build(store.root, Files(taken))
