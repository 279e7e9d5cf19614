"""Where in a document its statements stand: one reader a syntax.

For documents that the engine's parser has accepted. These readers find, they don't judge; the
tests hold their triples equal to the parser's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

from pyoxigraph import BlankNode, RdfFormat, parse

from rskg.syntax.blank_nodes import names_by_content
from rskg.syntax.blocks import Blocks
from rskg.syntax.contexts import Placed
from rskg.syntax.documents import decoded
from rskg.syntax.lines import whole_lines
from rskg.syntax.positions.statements import ByteLines, Labels, Lines, Pairs, Wanted
from rskg.syntax.sources import Source

__all__ = ["Located", "Stretch", "blank_labels", "locate"]

At = Callable[[int], tuple[int, int]]
_LINED = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
#: The module of each format, loaded where a place is asked for: a check is to start fast.
_ROOMS = {
    **dict.fromkeys(_LINED, "lines"),
    RdfFormat.RDF_XML: "xml",
    RdfFormat.JSON_LD: "json",
}


class Stretch(NamedTuple):
    """First line and column, and the line and column behind the last character, from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Located(NamedTuple):
    """A statement, terms in N-Triples syntax, with the stretch of each term."""

    subject: str
    predicate: str
    object: str
    subject_at: Stretch
    predicate_at: Stretch
    object_at: Stretch


def locate(
    source: Source,
    wanted: Wanted = None,
    *,
    as_object: bool = False,
    sought: Pairs | None = None,
    blocks: Blocks | None = None,
) -> Iterator[Located]:
    """The statements about the wanted subjects, or all; with `as_object` at least those that
    have them as their object; with `sought` at least the first about each subject and those with
    one of these pairs. `blocks` is an index of the same document, where there is one.
    """
    read = import_module(f"rskg.syntax.positions.{_ROOMS.get(source.form, 'turtle')}").read
    if source.form in _LINED:
        pairs = sought if source.form == RdfFormat.N_TRIPLES else None
        if blocks and wanted and not as_object and blocks.usable():
            lines = blocks.numbered(node.encode() for node in wanted)
        else:
            lines = _numbered(source)
        for number, one in read(lines, Labels(), wanted, as_object=as_object, sought=pairs):
            spans = (Stretch(number, start + 1, number, end + 1) for start, end in one[3:])
            yield Located(*one[:3], *spans)
        return
    content = b"".join(source.chunks())
    text = decoded(content, source.name)
    subjects = None if as_object else wanted
    at: At
    if source.form == RdfFormat.RDF_XML:
        at, found = ByteLines(content).at, read(content, Labels())
    else:
        at = Lines(text).at
        if whole := source.placed():
            text, at = whole.text, _back(whole, at)
        found = read(text, Labels(), subjects)
    for one in found:
        spans = (Stretch(*at(start), *at(end)) for start, end in one[3:])
        yield Located(*one[:3], *spans)


def _back(whole: Placed, at: At) -> At:
    return lambda offset: at(whole.back(offset))


def _numbered(source: Source) -> Iterator[tuple[int, bytes]]:
    """The document's stretches, each with the number of lines before it."""
    number = 0
    for stretch in whole_lines(source):
        yield number, stretch
        number += stretch.count(b"\n")


def blank_labels(source: Source, found: Iterable[Located]) -> tuple[dict[int, str], int]:
    """For each blank node by its number, in the order in which the parser mentions them, the
    label that `locate` gives it; and how many there are.

    Nodes that say the same at the same place are paired in their order.
    """
    theirs: dict[BlankNode, int] = {}
    triples = [quad.triple for quad in source.quads()]
    for triple in triples:
        for end in (triple.subject, triple.object):
            if isinstance(end, BlankNode):
                theirs.setdefault(end, len(theirs))
    text = "".join(f"{one.subject} {one.predicate} {one.object} .\n" for one in found)
    ours = [quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)]
    waiting: dict[str, list[str]] = defaultdict(list)
    for node, name in names_by_content(ours)[1].items():
        waiting[name.value].append(str(node))
    pairs: dict[int, str] = {}
    names = names_by_content(triples)[1]
    for node, number in theirs.items():
        labels = waiting.get(names[node].value) if node in names else None
        if labels:
            pairs[number] = labels.pop(0) if len(labels) > 1 else labels[0]
    return pairs, len(theirs)
