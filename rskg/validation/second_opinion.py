"""pySHACL on rdflib graphs: slower, independent, the reference where the two engines differ.

Both graphs are parsed by rdflib from one text: pySHACL gives wrong answers on graphs that hold
terms of two libraries.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pyshacl
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node

from rskg.errors import ShapesError
from rskg.report import Result
from rskg.syntax import Triple

# rdflib logs a traceback for every ill-formed literal; the report says it better.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def run(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Every SHACL result over the data graph; raises ShapesError for ill-formed shapes."""
    shapes_graph = _graph(shapes)
    try:
        _, report, _ = pyshacl.validate(_graph(data), shacl_graph=shapes_graph, inplace=True)
    # rdflib raises a bare Exception for a prefix that a constraint's SPARQL doesn't declare
    except Exception as error:
        raise ShapesError(f"the shapes can't be used: {error}") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes can't be used: {report}")
    known = ShapesGraph(shapes_graph)
    # only what the report lists: the results inside sh:detail explain others
    return [_result(report, known, node) for node in report.objects(None, SH.result)]


def _graph(triples: Sequence[Triple]) -> Graph:
    graph = Graph()
    graph.parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    return graph


def _result(report: Graph, shapes: ShapesGraph, node: Node) -> Result:
    path, value = report.value(node, SH.resultPath), report.value(node, SH.value)
    component = report.value(node, SH.sourceConstraintComponent)
    severity = report.value(node, SH.resultSeverity)
    return Result(
        focus=_n3(report.value(node, SH.focusNode)) or "",
        path=None if path is None else _path(shapes, path),
        value=_n3(value),
        component=str(component).rsplit("#", 1)[-1],
        severity=str(severity).rsplit("#", 1)[-1],
        shape=str(report.value(node, SH.sourceShape)),
        messages=tuple(sorted(str(text) for text in report.objects(node, SH.resultMessage))),
    )


def _n3(term: Node | None) -> str | None:
    return None if term is None else term.n3()


def _path(shapes: ShapesGraph, path: Node) -> str:
    return str(shacl_path_to_sparql_path(shapes, path))
