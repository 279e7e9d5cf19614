"""The one gate for our own files: cells, facts by the shapes, files by the rules of the house."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from rskg import mapping
from rskg.cache import Cache, key, key_of
from rskg.cells import check_links
from rskg.dataset import Dataset
from rskg.errors import DataInvalid
from rskg.report import Place, Result, sentences
from rskg.source import Source, Told
from rskg.store import ENGINE
from rskg.sums import Earlier, check_sums
from rskg.syntax import NamedNode, Triple, is_document, located
from rskg.validation import validate, validate_many

#: So many sentences tell what is wrong with a table; what is wrong in each row is told once more.
_ENOUGH = 200


def check(source: Source, told: Told, kept: Cache, earlier: Earlier) -> str:
    """Let everything through the gate, or nothing; returns what was covered, in words.

    `earlier` gives the newest revision, to say where a table differs that isn't as described.

    Raises InputError for a cell that leads nowhere and for a table that isn't the one described,
    and DataInvalid with a sentence for each violation, at its file and line.
    """
    terms, facts = source.ontology.triples, told.triples
    known = _subjects([*terms, *facts])
    for each in source.datasets:
        if each.entailed:
            _check_links(each, known)
    report = validate(facts, source.shapes.triples, terms)
    about_files = validate(_files(source), source.meta.triples)
    _refuse([*report.at_least("violation"), *about_files.at_least("violation")], source)
    context = [*terms, *facts]
    ground = key(ENGINE, *(key_of(map(str, t)) for t in (source.shapes.published, context)))
    warnings = len(report.at_least("warning")) + len(about_files.at_least("warning"))
    nodes = report.focus_nodes
    for each in source.datasets:
        if not each.entailed:
            lines = told.others[each.slug]
            again = partial(_covered, each, lines, source, context, known)
            covered = json.loads(kept.get(key("checked", ground, mapping.identity(each)), again))
            warnings, nodes = warnings + covered["warnings"], nodes + covered["nodes"]
    check_sums(source.datasets, earlier)  # last: what else is wrong with a table says more
    return f"{report.shapes} shapes x {nodes:,} focus nodes: 0 violations, {warnings} warnings"


def _covered(
    dataset: Dataset, lines: bytes, source: Source, context: Sequence[Triple], known: set[str]
) -> bytes:
    """Check one dataset of observations; what was covered, to be kept."""
    own = {line.split(b" ", 1)[0][1:-1].decode() for line in lines.splitlines()}
    _check_links(dataset, known | own)
    report = validate_many(lines, source.shapes.triples, context)
    _refuse(report.at_least("violation"), source)
    counted = {"warnings": len(report.at_least("warning")), "nodes": report.focus_nodes}
    return json.dumps(counted).encode()


def _check_links(dataset: Dataset, known: set[str]) -> None:
    for table in dataset.tables:
        check_links(table, known)


def _subjects(triples: Iterable[Triple]) -> set[str]:
    return {t.subject.value for t in triples if isinstance(t.subject, NamedNode)}


def _files(source: Source) -> list[Triple]:
    descriptions = [triple for each in source.datasets for triple in each.description]
    return [*source.ontology.triples, *descriptions, *source.executables]


def _refuse(wrong: Sequence[Result], source: Source) -> None:
    if not wrong:
        return
    told = sentences(_placed(wrong[:_ENOUGH], source))
    if len(wrong) > _ENOUGH:
        told.append(f"-: violation: and {len(wrong) - _ENOUGH:,} more")
    raise DataInvalid(told)


def _placed(results: Sequence[Result], source: Source) -> list[Result]:
    """The results with the file and line of the node that each is about."""
    wanted = {result.focus for result in results}
    places: dict[str, Place] = {}
    for path in _documents(source):
        for triple, line in located(path):
            subject = str(triple.subject)
            if subject in wanted and subject not in places:
                places[subject] = Place(str(path), line)
    for table in (table for each in source.datasets for table in each.tables):
        if wanted - places.keys():
            places.update(mapping.rows_that_say(table, sorted(wanted - places.keys())))
    return [result.at(places.get(result.focus)) for result in results]


def _documents(source: Source) -> list[Path]:
    described = [path for each in source.datasets for path in each.files() if is_document(path)]
    modules_first = sorted(source.ontology.documents, key=lambda path: (len(path.parts), path))
    return [*modules_first, *described]
