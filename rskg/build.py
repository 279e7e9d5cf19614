"""Files → revision: parse, map, validate, load, merge, close, describe, publish.

Anything that fails before the last step leaves the store as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg import dataset, mapping, ontology, provenance, query, reasoning, shapes, statistics
from rskg.dataset import Dataset
from rskg.errors import ContradictionError, DataInvalid, UsageError
from rskg.namespaces import graph
from rskg.ontology import Ontology
from rskg.paths import Files
from rskg.query import Query
from rskg.reasoning import Rule
from rskg.report import Place, Result, sentences
from rskg.shapes import Shapes
from rskg.store import Revisions, Row, Workbench
from rskg.syntax import Triple, is_document, located
from rskg.validation import validate

#: Told after each step: its name, and what came of it.
Progress = Callable[[str, str], None]
STEPS = ("read", "map", "validate", "load", "close", "describe", "publish")


@dataclass(frozen=True)
class Source:
    """Everything that the files say, before it becomes a store."""

    ontology: Ontology
    shapes: Shapes
    meta: Shapes
    datasets: Sequence[Dataset]
    queries: Mapping[str, Query]
    rules: Sequence[Rule]
    checks: Sequence[Rule]


def build(
    root: Path, files: Files, *, without: Sequence[str] = (), progress: Progress = lambda *_: None
) -> int:
    """Make the next revision of the store under `root`; returns its number.

    Raises InputError (what can't be read, and where), DataInvalid (a sentence a result),
    ContradictionError or StoreError.
    """
    revisions = Revisions(root)
    revisions.require("built")
    revisions.require_writable()
    source = read(files, without)
    progress(
        "read", f"{len(source.ontology.documents)} ontology files, {len(source.datasets)} datasets"
    )
    facts = {each.slug: mapping.facts(each) for each in source.datasets}
    progress("map", f"{sum(map(len, facts.values())):,} triples")
    progress("validate", check(source, facts))
    bench = Workbench(source.ontology.prefixes)
    load(bench, source, facts)
    progress("load", f"{bench.size():,} distinct triples")
    progress("close", close(bench, source))
    bench.add(statistics.describe(bench.construct), graph("statistics"))
    progress("describe", "provenance, questions, VoID")
    revisions.begin("built")
    number = revisions.commit(bench, "build from files")
    progress("publish", f"revision {number}")
    return number


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
    )


def check(source: Source, facts: Mapping[str, Sequence[Triple]]) -> str:
    """Our own data and files through the one gate; returns what was covered, in words.

    Raises DataInvalid with a sentence for each violation, at its file and line.
    """
    terms = source.ontology.triples
    everything = [triple for told in facts.values() for triple in told]
    report = validate(everything, source.shapes.triples, terms)
    told = [triple for each in source.datasets for triple in each.description]
    ours = [*terms, *told, *_executables(source)]
    about_files = validate(ours, source.meta.triples)
    wrong = [*report.at_least("violation"), *about_files.at_least("violation")]
    if wrong:
        raise DataInvalid(sentences(_placed(wrong, source)))
    warnings = len(report.at_least("warning")) + len(about_files.at_least("warning"))
    return (
        f"{report.shapes} shapes x {report.focus_nodes:,} focus nodes: "
        f"0 violations, {warnings} warnings"
    )


def load(bench: Workbench, source: Source, facts: Mapping[str, Sequence[Triple]]) -> None:
    """Put every graph on the workbench, and the merge of what is asserted into the default one."""
    bench.add(source.ontology.triples, graph("ontology"))
    bench.add(source.ontology.triples)
    for each in source.datasets:
        bench.add(facts[each.slug], each.graph)
        bench.add(facts[each.slug])
    bench.add(source.shapes.published, graph("shapes"))
    bench.add(_executables(source), graph("queries"))
    origin = provenance.describe(
        source.datasets, source.ontology.documents, source.shapes.documents
    )
    bench.add(origin, graph("provenance"))


def close(bench: Workbench, source: Source) -> str:
    """Add what follows from what is on the workbench; returns what came of it, in words.

    Raises ContradictionError that names each thing about which two facts can't both be true.
    """
    rounds = reasoning.close(bench.update, bench.count, source.rules)
    found = reasoning.contradictions(lambda text: _as_text(bench.select(text)), source.checks)
    if found:
        raise ContradictionError("\n".join(map(str, found)))
    reasoning.forget_unnamed_classes(bench.update)
    inferred = len(bench.graph(graph("inferred")))
    return f"{inferred:,} entailed by {len(source.rules)} rules in {rounds} rounds"


def _as_text(rows: Iterable[Row]) -> list[dict[str, str]]:
    return [{name: str(getattr(term, "value", term)) for name, term in row.items()} for row in rows]


def _executables(source: Source) -> list[Triple]:
    return [triple for each in source.queries.values() for triple in query.executable(each)]


def _placed(results: Sequence[Result], source: Source) -> list[Result]:
    """The results with the file and line of the node that each is about."""
    wanted = {result.focus for result in results}
    places: dict[str, Place] = {}
    for path in _documents(source):
        for triple, line in located(path):
            subject = str(triple.subject)
            if subject in wanted and subject not in places:
                places[subject] = Place(str(path), line)
    for each in source.datasets:
        if each.table and wanted - places.keys():
            places.update(mapping.rows_that_say(each.table, sorted(wanted - places.keys())))
    return [result.at(places.get(result.focus)) for result in results]


def _documents(source: Source) -> list[Path]:
    described = [path for each in source.datasets for path in each.files() if is_document(path)]
    modules_first = sorted(source.ontology.documents, key=lambda path: (len(path.parts), path))
    return [*modules_first, *described]
