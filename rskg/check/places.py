"""Results at the triple at fault, or at the subject's block where something is missing.

Documents are read for places only when there is a result to place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rskg.report import Place, Result
from rskg.syntax import Blocks, Source
from rskg.syntax.positions import Located, Stretch, blank_labels, locate

_BLANK = re.compile(r"_:b(\d+)")
_IRI = re.compile(r"<[^<>]*>")
#: Components whose results are about what isn't there.
MISSING = frozenset(
    f"{name}ConstraintComponent" for name in ("MinCount", "QualifiedMinCount", "HasValue")
)
_HAS_VALUE = "HasValueConstraintComponent"
_Key = tuple[str | None, str | None, str | None]
#: What documents say, by node and property.
Values = Mapping[tuple[str, str], Sequence[str]]


def placed(results: Sequence[Result], sources: Sequence[Source]) -> list[Result]:
    """The results, each with its place where one of the documents has it."""
    return placed_with_values(results, sources)[0]


def placed_with_values(
    results: Sequence[Result],
    sources: Sequence[Source],
    blocks: Mapping[str, Blocks] | None = None,
) -> tuple[list[Result], Values]:
    """The same, and what stands where sh:hasValue asks for something else; `blocks` are indexes of
    documents by name.
    """
    if not results:
        return [], {}
    index = _Index(results, blocks or {})
    try:
        return _found(index, results, sources), index.values
    except RecursionError:  # a document nested thousands deep: its results have no place
        return list(results), {}


def _found(index: _Index, results: Sequence[Result], sources: Sequence[Source]) -> list[Result]:
    blank = any(_BLANK.match(term) for result in results for term in _terms(result))
    if blank:
        index.read_all(sources)
    else:
        index.read(sources, index.nodes)
    found = [result.at(index.place(result)) for result in results]
    lost = frozenset(result.focus for result in found if result.place is None)
    if lost and not blank:
        index.read([one for one in sources if _mentions(one, lost)], lost, as_object=True)
        found = [result.at(result.place or index.place(result)) for result in found]
    return found


def _mentions(source: Source, nodes: frozenset[str]) -> bool:
    """Whether the document may hold one of the IRIs, written out or as a prefixed name."""
    if any(node.startswith('"') for node in nodes):
        return True
    tails = [re.split(r"[/#:]", node.strip("<>"))[-1].encode() for node in nodes]
    before = b""
    for chunk in source.chunks():
        seam = before + chunk[:1000]
        if any(tail in chunk or tail in seam for tail in tails):
            return True
        before = chunk[-1000:]
    return False


def _terms(result: Result) -> tuple[str, ...]:
    return (result.focus, result.value) if result.value else (result.focus,)


def _nodes(results: Iterable[Result]) -> frozenset[str]:
    """The nodes about which statements may be at fault: values only where a path leads back."""
    back = (result.value for result in results if "^" in (result.path or ""))
    return frozenset(
        {result.focus for result in results}
        | {value for value in back if value and not value.startswith('"')}
    )


class _Index:
    """Where the statements that may be at fault stand, the first and the last of each kind."""

    def __init__(self, results: Sequence[Result], blocks: Mapping[str, Blocks]) -> None:
        self._blocks = blocks
        self.nodes = _nodes(results)
        self._wanted = {key for result in results for key in _keys(result)}
        # a node that is nowhere a subject is looked for once that is known
        pairs = (tuple(filter(None, key)) for key in self._wanted)
        self._asked = {(r.focus, r.path or "") for r in results if r.component == _HAS_VALUE}
        self._sought = {pair for pair in pairs if len(pair) == 2} | self._asked
        self.values = defaultdict[tuple[str, str], list[str]](list)
        self._first, self._last = dict[_Key, Place](), dict[_Key, Place]()

    def read(
        self, sources: Sequence[Source], wanted: frozenset[str], *, as_object: bool = False
    ) -> None:
        """Take in what documents say about the wanted subjects, or with them as values."""
        for source in sources:
            blocks = self._blocks.get(source.name)
            for one in locate(
                source, wanted, as_object=as_object, sought=self._sought, blocks=blocks
            ):
                if one.subject in self.nodes or one.object in self.nodes:
                    self._note(source.name, one, one.subject, one.object)

    def read_all(self, sources: Sequence[Source]) -> None:
        """The same for blank nodes, whose numbers go on from one document to the next."""
        before = 0
        for source in sources:
            found = list(locate(source))
            labels, blank = blank_labels(source, found)
            names = {label: f"_:b{before + number}" for number, label in labels.items()}
            before += blank
            for one in found:
                subject, value = names.get(one.subject), names.get(one.object)
                self._note(source.name, one, subject or one.subject, value or one.object)

    def _note(self, path: str, one: Located, subject: str, value: str) -> None:
        if (subject, one.predicate) in self._asked:
            self.values[subject, one.predicate].append(value)
        block = (subject, None, None)
        if block in self._wanted and block not in self._first:
            self._first[block] = _place(path, one.subject_at)
        keys = (
            (subject, one.predicate, value),
            (subject, one.predicate, None),
            (subject, None, value),
            (None, one.predicate, value),
            (None, None, value),
        )
        for key in keys:
            if key in self._wanted:
                triple = _place(path, one.object_at)
                self._first.setdefault(key, triple)
                self._last[key] = triple

    def place(self, result: Result) -> Place | None:
        """Where the triple at fault stands, else the block of its subject."""
        steps = _IRI.findall(result.path or "")
        table = self._first if result.value is not None or not steps else self._last
        return next(
            (found for key in _keys(result) if (found := table.get(key) or self._first.get(key))),
            None,
        )


def _keys(result: Result) -> list[_Key]:
    """What would be the triple at fault, best first: subject, predicate, object."""
    focus, value = result.focus, result.value
    steps = _IRI.findall(result.path or "")
    keys: list[_Key] = []
    if result.component not in MISSING:
        if value is not None:
            keys += [(focus, step, value) for step in steps]
            keys += [(value, step, focus) for step in steps if "^" in (result.path or "")]
            keys += [(focus, None, value)] if value != focus else []
            keys += [(None, step, value) for step in steps[-1:]]
        keys += [(focus, step, None) for step in steps]
    return [*keys, (focus, None, None), (None, None, focus)]


def _place(path: str, at: Stretch) -> Place:
    return Place(path, at.line, at.column, at.end_line, at.end_column)
