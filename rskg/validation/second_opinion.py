"""pySHACL on rdflib graphs: slower, independent, the reference where the two engines differ.

Both graphs are parsed by rdflib from one text: pySHACL gives wrong answers on graphs that hold
terms of two libraries.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence

import pyshacl
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import BNode, Node

from rskg.errors import ShapesError
from rskg.report import Result
from rskg.syntax import Source, Triple
from rskg.validation.feed import numbered

# rdflib logs a traceback for every ill-formed literal; the report says it better.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


class Engine:
    """Shapes for pySHACL, which compiles nothing ahead."""

    def __init__(self, shapes: Sequence[Triple]) -> None:
        self._shapes = shapes

    def run(self, data: Iterable[Triple]) -> list[Result]:
        """Every SHACL result; raises ShapesError for ill-formed shapes."""
        return self._judged(numbered(data))

    def run_lines(self, text: str) -> list[Result]:
        """The same over a graph that is written as N-Triples."""
        return self._judged([text])

    def _judged(self, data: Iterable[str]) -> list[Result]:
        names: dict[str, BNode] = {}
        graph, shapes = _graph(data, names), _graph(numbered(self._shapes), {})
        try:
            _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
        # rdflib raises a bare Exception for a prefix that a constraint's SPARQL doesn't declare
        except Exception as error:
            raise ShapesError(f"the shapes can't be used: {error}") from error
        if not isinstance(report, Graph):
            raise ShapesError(f"the shapes can't be used: {report}")
        known = ShapesGraph(shapes)
        labels = {node.n3(): f"_:{label}" for label, node in names.items()}
        # only what the report lists: the results inside sh:detail explain others
        return [_result(report, known, labels, node) for node in report.objects(None, SH.result)]

    def check(self, sources: Sequence[Source], context: bytes) -> list[Result]:
        """The same over documents, with a context as N-Triples that has no blank nodes."""
        told = (quad.triple for source in sources for quad in source.quads())
        return self._judged([*numbered(told), context.decode()])


def run(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Every SHACL result over the data graph; raises ShapesError for ill-formed shapes."""
    return Engine(shapes).run(data)


def _graph(lines: Iterable[str], names: dict[str, BNode]) -> Graph:
    graph = Graph()
    graph.parse(data="".join(lines), format="nt", bnode_context=names)
    return graph


def _result(report: Graph, shapes: ShapesGraph, labels: Mapping[str, str], node: Node) -> Result:
    path, value = report.value(node, SH.resultPath), report.value(node, SH.value)
    component = report.value(node, SH.sourceConstraintComponent)
    severity = report.value(node, SH.resultSeverity)
    return Result(
        focus=_n3(report.value(node, SH.focusNode), labels) or "",
        path=None if path is None else _path(shapes, path),
        value=_n3(value, labels),
        component=str(component).rsplit("#", 1)[-1],
        severity=str(severity).rsplit("#", 1)[-1],
        shape=str(report.value(node, SH.sourceShape)),
        messages=tuple(sorted(str(text) for text in report.objects(node, SH.resultMessage))),
    )


def _n3(term: Node | None, labels: Mapping[str, str]) -> str | None:
    return None if term is None else labels.get(term.n3(), term.n3())


def _path(shapes: ShapesGraph, path: Node) -> str:
    return str(shacl_path_to_sparql_path(shapes, path))
