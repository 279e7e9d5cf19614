"""The shacl engine behind our own result type."""

from __future__ import annotations

from collections.abc import Sequence

import shacl

from rskg.errors import ShapesError
from rskg.report import Result
from rskg.syntax import Triple


def run(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Every SHACL result over the data graph; raises ShapesError for ill-formed shapes."""
    try:
        compiled = shacl.Shapes.from_text(_text(shapes), format="ntriples")
        report = compiled.validate_text(_text(data), format="ntriples")
    except ValueError as error:
        raise ShapesError(f"the shapes can't be used: {error}") from error
    return [_result(found) for found in report.results]


def _text(triples: Sequence[Triple]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


def _result(found: shacl.Result) -> Result:
    return Result(
        focus=found.focus_node,
        path=found.path,
        value=found.value,
        component=found.component,
        severity=found.severity,
        shape=(found.source_shape or found.root_shape or "").strip("<>"),
        messages=tuple(found.messages),
    )
