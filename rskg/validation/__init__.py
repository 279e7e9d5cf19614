"""The one gate: `validate(data, shapes, context) → Report`.

`fast` (the shacl engine) decides wherever its wheel installs, `second_opinion` (pySHACL)
elsewhere; the tests hold the two equal on every example.
"""

from __future__ import annotations

from collections.abc import Sequence

from rskg.report import Report, Result
from rskg.syntax import Triple
from rskg.validation.coverage import focus_nodes, target_shapes

try:
    from rskg.validation.fast import run
except ImportError:  # no wheel for this platform
    from rskg.validation.second_opinion import run

__all__ = ["run", "validate"]


def validate(
    data: Sequence[Triple], shapes: Sequence[Triple], context: Sequence[Triple] = ()
) -> Report:
    """Check data against shapes.

    `context` is what the data refers to and isn't itself judged: the ontology with its class
    tree and code lists, or what a store already holds. Raises ShapesError for shapes that are
    no shapes (SHACL 3.4.3).
    """
    focus = focus_nodes(data, shapes, context)
    judged = {str(node) for node in focus}
    context_only = {str(t.subject) for t in context} - {str(t.subject) for t in data}
    found = [
        result
        for result in run([*data, *context], shapes)
        if result.focus in judged or result.focus not in context_only
    ]
    ordered = tuple(sorted(found, key=_order))
    return Report(ordered, target_shapes(shapes), len(focus))


def _order(result: Result) -> tuple[str, ...]:
    return (
        result.focus,
        result.path or "",
        result.component,
        result.value or "",
        result.shape,
    )
