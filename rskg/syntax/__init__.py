"""Letters: documents to graphs and back, media types, blank nodes named from their content.

The only door to pyoxigraph's terms and parsers beside `rskg.store`.
"""

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable

from rskg.syntax.blank_nodes import blank_names, skolemise, with_blank_nodes
from rskg.syntax.blocks import Blocks, odd
from rskg.syntax.documents import (
    decoded,
    is_document,
    located,
    parse,
    parse_bytes,
    read_text,
    sentence_of,
    serialize,
    sorted_lines,
)
from rskg.syntax.lines import (
    canonical,
    lines,
    stretches,
    told_apart,
    whole_lines,
    with_predicates,
)
from rskg.syntax.media_types import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    NT,
    SOLUTION_FORMATS,
    TEXT_FORMATS,
    TSV,
    TURTLE,
    WANTING_FORMATS,
    Format,
    GraphFormat,
    TableFormat,
    format_named,
    negotiate,
)
from rskg.syntax.results import rows_as, rows_of
from rskg.syntax.sources import Source, source, source_of, unpacked
from rskg.syntax.walking import by_subject, members, reached

Term = NamedNode | BlankNode | Literal | Triple

__all__ = [
    "BOOLEAN_FORMATS",
    "GRAPH_FORMATS",
    "NT",
    "SOLUTION_FORMATS",
    "TEXT_FORMATS",
    "TSV",
    "TURTLE",
    "WANTING_FORMATS",
    "BlankNode",
    "Blocks",
    "DefaultGraph",
    "Format",
    "GraphFormat",
    "Literal",
    "NamedNode",
    "Quad",
    "Source",
    "TableFormat",
    "Term",
    "Triple",
    "Variable",
    "blank_names",
    "by_subject",
    "canonical",
    "decoded",
    "format_named",
    "is_document",
    "lines",
    "located",
    "members",
    "negotiate",
    "odd",
    "parse",
    "parse_bytes",
    "reached",
    "read_text",
    "rows_as",
    "rows_of",
    "sentence_of",
    "serialize",
    "skolemise",
    "sorted_lines",
    "source",
    "source_of",
    "stretches",
    "told_apart",
    "unpacked",
    "whole_lines",
    "with_blank_nodes",
    "with_predicates",
]
