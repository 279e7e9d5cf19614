"""The W3C's SHACL test suite (core and SPARQL) through the door that `rskg validate` uses.

And through pySHACL, the second opinion, by itself.

Runs where the suite lies beside the checkout; is skipped, by name, where it doesn't.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import BNode, Node, URIRef

from rskg.errors import RskgError
from rskg.report import Result
from rskg.syntax import NT, Source, Triple, lines, parse
from rskg.validation import check, second_opinion
from tests.conftest import ROOT

SUITE = ROOT.parent / "shared" / "conformance" / "w3c" / "shacl" / "tests"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
Found = Counter[tuple[str, ...]]
Engine = Callable[[Sequence[Triple], Sequence[Triple]], list[Result]]

#: What an engine is known to get wrong, and why; a test that passes must leave this list.
KNOWN = {
    "the gate": {
        "severity-002": "counts a severity of one's own as the gravest, so that no run is green",
        "qualifiedValueShape-001": "refuses sh:nodeShape, which the suite writes and SHACL lacks",
    },
    "second opinion": {
        "prefixes-001": "does not follow owl:imports from sh:prefixes",
        "uniqueLang-002": 'takes "1"^^xsd:boolean for false',
        "shapesGraph-001": "$shapesGraph is not supported",
    },
}


def gate(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """A document, as the command checks it, its relative IRIs made absolute."""
    written = lines(data)
    document = Source("data.nt", NT.engine, lambda: BytesIO(written))
    return list(check([document], shapes).report.results)


ENGINES: dict[str, Engine] = {"the gate": gate, "second opinion": second_opinion.run}


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    expected: Found | None


@pytest.fixture(autouse=True)
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib must not rewrite the literals that the suite expects, nor those it checks."""
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)


def cases() -> Iterator[Case]:
    for path in sorted(SUITE.rglob("*.ttl")):
        if "Manifest" not in path.read_text(encoding="utf-8"):
            continue
        graph = Graph().parse(path, publicID=path.as_uri())
        for entries in graph.objects(None, MF.entries):
            for entry in Collection(graph, entries):
                yield case(graph, entry)


def case(graph: Graph, entry: Node) -> Case:
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    files = [
        Path(str(graph.value(action, what)).removeprefix("file://"))
        for what in (SHT.dataGraph, SHT.shapesGraph)
    ]
    expected = None if result == SHT.Failure else Counter(results(graph, result))
    return Case(str(entry).rsplit("/", 1)[-1], *files, expected)


def results(graph: Graph, report: Node | None) -> Iterator[tuple[str, ...]]:
    for found in graph.objects(report, SH.result):
        path = graph.value(found, SH.resultPath)
        yield (
            shown(graph.value(found, SH.focusNode)),
            "" if path is None else path.n3() if isinstance(path, URIRef) else "complex",
            shown(graph.value(found, SH.value)),
            str(graph.value(found, SH.sourceConstraintComponent)).rsplit("#", 1)[-1],
            str(graph.value(found, SH.resultSeverity)).rsplit("#", 1)[-1],
        )


def shown(term: Node | None) -> str:
    return "" if term is None else "_:" if isinstance(term, BNode) else term.n3()


def told(found: Sequence[Result]) -> Found:
    return Counter(
        (
            "_:" if r.focus.startswith("_:") else r.focus,
            "" if r.path is None else r.path if simple(r.path) else "complex",
            "_:" if (r.value or "").startswith("_:") else r.value or "",
            r.component,
            r.severity,
        )
        for r in found
    )


def simple(path: str) -> bool:
    return path.startswith("<") and path.endswith(">") and path.count("<") == 1


def agrees(engine: Engine, one: Case) -> bool:
    data = parse(one.data, base=one.data.as_uri())
    shapes = parse(one.shapes, base=one.shapes.as_uri())
    try:
        found = told(engine(data, shapes))
    except RskgError:
        return one.expected is None
    return found == one.expected


def test_the_suite_is_here() -> None:
    if not SUITE.is_dir():
        pytest.skip("W3C SHACL suite: not beside this checkout (../shared/conformance)")
    assert len(list(cases())) == 121


@pytest.mark.parametrize("name", ENGINES)
def test_the_engine_fails_only_where_it_is_known_to(name: str) -> None:
    if not SUITE.is_dir():
        pytest.skip("W3C SHACL suite: not beside this checkout (../shared/conformance)")
    failed = {one.name for one in cases() if not agrees(ENGINES[name], one)}
    assert failed == KNOWN[name].keys()
