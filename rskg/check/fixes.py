"""A fix where one is certain: the same words with the datatype that the shape asks for, an address
as the IRI that is meant, a value of a list in its own spelling. Only in Turtle and its kin, and
only where the text is what it seems.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from rskg.namespaces import SH, XSD
from rskg.report import Fix, Place, Result
from rskg.syntax import NamedNode, Source, Triple, whole_lines

_LITERAL = re.compile(r'"(?P<text>[^"\\\n]*)"(?:\^\^<[^>]*>)?')
#: The literal as a document writes it, on one line, with its datatype if it has one.
_WRITTEN = re.compile(r"""(?:"(?P<a>[^"\\]*)"|'(?P<b>[^'\\]*)')(?:\^\^[^\s,;.)\]]+)?|[\w.+-]+""")
_NAME = re.compile(r"[\w.-]*:(?P<local>[\w-]+)")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_FORMS = {
    "integer": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)"),
    "boolean": re.compile(r"true|false|1|0"),
    "gYear": re.compile(r"-?\d{4}"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
}
_PARAMETERS = (SH + "datatype", SH + "nodeKind")
_FORMATS = ("Turtle", "TriG", "N-Triples", "N-Quads")
#: Documents larger than this are read for places alone.
_LARGEST = 50_000_000


def fixed(
    results: Iterable[Result],
    sources: Sequence[Source],
    shapes: Sequence[Triple],
    certain: Mapping[Result, str],
) -> list[Result]:
    """The results, each with its fix where there is one; `certain` are terms found elsewhere."""
    found = list(results)
    if not found:
        return found
    asked = _Asked(shapes)
    suggested = {
        one: text
        for one in found
        if one.place and not one.place.cell and (text := certain.get(one) or _text(one, asked))
    }
    if not suggested:
        return found
    wanted = defaultdict[str, set[int]](set)
    for one in suggested:
        if one.place:
            wanted[one.place.path].add(one.place.line)
    lines = {
        one.name: _lines(one, wanted[one.name])
        for one in sources
        if one.name in wanted and one.form.name in _FORMATS
    }
    return [_with_fix(one, suggested[one], lines) if one in suggested else one for one in found]


def _text(result: Result, asked: _Asked) -> str | None:
    """What should stand in the value's place."""
    literal = _LITERAL.fullmatch(result.value or "")
    if literal is None:
        return None
    words = literal["text"].strip()
    if result.component == "DatatypeConstraintComponent":
        wanted = asked.value(result, "datatype")
        name = wanted.removeprefix(XSD) if wanted else ""
        words = words.lower() if name == "boolean" else words
        if name in _FORMS and _FORMS[name].fullmatch(words) and _is_date(name, words):
            return f'"{words}"^^<{wanted}>'
    of_kind = result.component == "NodeKindConstraintComponent" and _ADDRESS.fullmatch(words)
    if of_kind and asked.value(result, "nodeKind") in (SH + "IRI", SH + "BlankNodeOrIRI"):
        return f"<{words}>"
    return None


def _is_date(name: str, words: str) -> bool:
    try:
        return name != "date" or bool(date.fromisoformat(words))
    except ValueError:
        return False


class _Asked:
    """The one value that a shape gives a parameter, or that all shapes of its path give it."""

    def __init__(self, shapes: Sequence[Triple]) -> None:
        paths: dict[object, list[str]] = defaultdict(list)
        for t in shapes:
            if t.predicate.value == SH + "path":
                paths[t.subject].append(str(t.object))
        self._values: dict[tuple[str, str], set[str]] = defaultdict(set)
        for t in shapes:
            if t.predicate.value in _PARAMETERS and isinstance(t.object, NamedNode):
                for name in (str(t.subject), *paths[t.subject]):
                    self._values[name, t.predicate.value].add(t.object.value)

    def value(self, result: Result, parameter: str) -> str | None:
        for name in (f"<{result.shape}>", result.path or ""):
            values = self._values.get((name, SH + parameter))
            if values:
                return next(iter(values)) if len(values) == 1 else None
        return None


def _lines(source: Source, wanted: Set[int]) -> dict[int, bytes]:
    """The lines with these numbers, from 1."""
    if source.path and source.path.stat().st_size > _LARGEST:
        return {}
    found: dict[int, bytes] = {}
    before = size = 0
    for stretch in whole_lines(source):
        size += len(stretch)
        if size > _LARGEST:
            return {}
        lines = stretch.split(b"\n")
        here = range(before + 1, before + len(lines) + 1)
        found |= {number: lines[number - before - 1] for number in wanted if number in here}
        before += len(lines) - 1
    return found


def _with_fix(result: Result, text: str, lines: Mapping[str, Mapping[int, bytes]]) -> Result:
    place = result.place
    if place is None or not (place.column and place.end_column):
        return result
    written = _at(place, lines.get(place.path, {}))
    if not _is_written(result.value or "", written):
        return result
    return result.but(fix=Fix(f"write {text} instead of {written}", place, text))


def _is_written(term: str, written: str) -> bool:
    """Whether the document's text is the term: an IRI, whole or by a prefix, or a literal."""
    if term.startswith("<"):
        name = _NAME.fullmatch(written)
        return written == term or (name is not None and term.endswith(f"{name['local']}>"))
    value, found = _LITERAL.fullmatch(term), _WRITTEN.fullmatch(written)
    if value is None or found is None:
        return False
    return (found["a"] or found["b"] or written) == value["text"]


def _at(place: Place, lines: Mapping[int, bytes]) -> str:
    if place.end_line not in (None, place.line):
        return ""
    line = lines.get(place.line, b"").decode(errors="replace")
    return line[(place.column or 1) - 1 : (place.end_column or 1) - 1]
