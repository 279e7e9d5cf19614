"""Files to revision: what is in it, that it is always the same, and how bad input fails."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rskg.build import build
from rskg.errors import ContradictionError, DataInvalid, InputError, StoreError, UsageError
from rskg.namespaces import graph
from rskg.paths import Files
from rskg.store import Reader, Revisions
from rskg.syntax import sorted_lines
from tests.conftest import large
from tests.making import warmed

Change = Callable[[Path], None]


@pytest.fixture
def copy(files: Files, tmp_path: Path) -> Files:
    """The files, to be spoilt."""
    for folder in (files.ontology, files.shapes, files.data, files.queries):
        skip = shutil.ignore_patterns(*large(files)) if folder == files.data else None
        shutil.copytree(folder, tmp_path / "files" / folder.name, ignore=skip)
    return Files(tmp_path / "files")


def test_every_graph_is_there_and_the_default_graph_is_their_merge(reader: Reader) -> None:
    names = set(reader.graph_names())
    for name in ("ontology", "inferred", "provenance", "shapes", "queries", "statistics"):
        assert graph(name) in names
    merged = {q.triple for q in reader.quads("default")}
    facts = [name for name in names if "/graph/data/" in name]
    sources = [graph("ontology"), graph("inferred"), *facts]
    assert merged == {triple for name in sources for triple in reader.graph(name)}
    assert len(facts) >= 6


def test_there_are_ten_thousand_distinct_triples_and_no_blank_node(reader: Reader) -> None:
    assert reader.size() >= 10_000
    assert not [
        quad for quad in reader.quads() if "_:" in (str(quad.subject)[:2], str(quad.object)[:2])
    ]


def test_inferred_holds_only_what_nobody_states(reader: Reader) -> None:
    stated = {
        triple
        for name in reader.graph_names()
        if name == graph("ontology") or "/graph/data/" in name
        for triple in reader.graph(name)
    }
    assert not stated & set(reader.graph(graph("inferred")))


def test_the_same_files_give_the_same_bytes(reader: Reader, files: Files, tmp_path: Path) -> None:
    build(tmp_path / "again", files, without=large(files))
    again = Revisions(tmp_path / "again").open()
    assert sorted_lines(again.quads()) == sorted_lines(reader.quads())


def test_every_graph_of_facts_says_where_it_comes_from(reader: Reader) -> None:
    rows = reader.select(
        """
        PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?graph ?dataset ?agent ?licence ?hash WHERE {
          GRAPH ?graph { ?s a ?class } FILTER(CONTAINS(STR(?graph), "/graph/data/"))
          OPTIONAL { GRAPH <https://w3id.org/rskg/graph/provenance> {
            ?graph prov:wasDerivedFrom ?dataset ; prov:wasAttributedTo ?agent ;
                   dcterms:license ?licence ; dcterms:identifier ?hash } }
        } GROUP BY ?graph ?dataset ?agent ?licence ?hash
        """
    )
    assert rows
    assert not [row for row in rows if None in row.values()]


def test_void_counts_are_those_of_the_data(reader: Reader) -> None:
    told = reader.select(
        """
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?class ?told (COUNT(?s) AS ?counted) WHERE {
          GRAPH <https://w3id.org/rskg/graph/statistics> {
            <https://w3id.org/rskg/dataset/rskg> void:classPartition ?part .
            ?part void:class ?class ; void:entities ?told }
          ?s a ?class
        } GROUP BY ?class ?told
        """
    )
    assert len(told) > 20
    assert all(row["told"] == row["counted"] for row in told)


def test_a_dataset_can_be_left_out(files: Files, store: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dataset nowhere"):
        build(tmp_path, files, without=["nowhere"])
    root = warmed(tmp_path / "store", store)
    number = build(root, files, without=["open-leads", *large(files)])
    names = Revisions(tmp_path / "store").open(number).graph_names()
    assert graph("data/open-leads") not in names


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_malformed_turtle_fails_at_its_line_and_keeps_the_store(
    copy: Files, store: Path, tmp_path: Path
) -> None:
    build(warmed(tmp_path / "store", store), copy)
    broken = copy.ontology / "drivers.ttl"
    line = len(broken.read_text().splitlines()) + 1
    append(broken, "rskg:Broken a owl:Class ; rdfs:label 'never closed .\n")
    with pytest.raises(InputError) as error:
        build(tmp_path / "store", copy)
    assert (error.value.path, error.value.line) == (broken, line)
    assert Revisions(tmp_path / "store").numbers() == [1]


@pytest.mark.parametrize("way", ["file above", "file within", "read-only"])
def test_a_store_that_can_t_be_written_is_told_before_the_work(
    files: Files, tmp_path: Path, way: str
) -> None:
    store, steps = tmp_path / "store", list[str]()
    if way == "read-only":
        store.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(store)]
        if not shutil.which("mount") or subprocess.call(mount, stderr=subprocess.DEVNULL):
            pytest.skip("a read-only filesystem can't be mounted here: that takes root")
    elif way == "file above":
        store.write_text("")
    else:
        store.mkdir()
        (store / "revisions").write_text("")
    try:
        with pytest.raises(StoreError, match=r"can't write the store .*; choose another"):
            build(store, files, progress=lambda step, _: steps.append(step))
    finally:
        if way == "read-only":
            subprocess.run(["umount", "--lazy", str(store)], check=True)
    assert not steps


def test_a_wrong_lei_fails_at_its_row(copy: Files, store: Path, tmp_path: Path) -> None:
    table = copy.data / "actors" / "actors.csv"
    text = table.read_text(encoding="utf-8")
    good = "WZE1WSENV6JSZFK0JC28"
    row = next(n for n, line in enumerate(text.splitlines(), 1) if good in line)
    table.write_text(text.replace(good, "WZE1WSENV6JSZFK0JC29"), encoding="utf-8")
    with pytest.raises(DataInvalid) as error:
        build(warmed(tmp_path / "store", store), copy)
    (line,) = [line for line in error.value.lines if "actor/bhp" in line]
    assert line.startswith(f"{table}:{row}: violation: ")
    assert Revisions(tmp_path / "store").numbers() == []


def test_a_contradiction_names_what_and_why(copy: Files, store: Path, tmp_path: Path) -> None:
    actors = "https://w3id.org/rskg/id/actor/"
    append(copy.ontology / "drivers.ttl", f"<{actors}bhp> rskg:followedBy <{actors}vale> .\n")
    with pytest.raises(ContradictionError, match="actor/bhp"):
        build(warmed(tmp_path / "store", store), copy)


def test_a_query_file_without_header_is_told(copy: Files, tmp_path: Path) -> None:
    (copy.queries / "nameless.rq").write_text("SELECT * WHERE { ?s ?p ?o }")
    with pytest.raises(InputError, match=r"nameless\.rq: a query starts with"):
        build(tmp_path / "store", copy)
