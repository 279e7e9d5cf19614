"""A fix where one is certain: the same words with the datatype that the shape asks for, an address
as the IRI that is meant. Only in Turtle and its kin, and only where the text is what it seems.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rskg.namespaces import SH, XSD
from rskg.report import Fix, Place, Result
from rskg.syntax import NamedNode, Source, Triple

_LITERAL = re.compile(r'"(?P<text>[^"\\\n]*)"(?:\^\^<[^>]*>)?')
#: The literal as a document writes it, on one line, with its datatype if it has one.
_WRITTEN = re.compile(r"""(?:"(?P<a>[^"\\]*)"|'(?P<b>[^'\\]*)')(?:\^\^[^\s,;.)\]]+)?|[\w.+-]+""")
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
    results: Iterable[Result], sources: Sequence[Source], shapes: Sequence[Triple]
) -> list[Result]:
    """The results, each with its fix where there is one."""
    found = list(results)
    if not found:
        return found
    asked = _Asked(shapes)
    suggested = {one: text for one in found if (text := _text(one, asked)) and one.place}
    if not suggested:
        return found
    wanted = {one.place.path for one in suggested if one.place}
    lines = {
        one.name: _lines(one) for one in sources if one.name in wanted and one.form.name in _FORMATS
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


def _lines(source: Source) -> list[str]:
    content = bytearray()
    for chunk in source.chunks():
        content += chunk
        if len(content) > _LARGEST:
            return []
    return content.decode(errors="replace").split("\n")


def _with_fix(result: Result, text: str, lines: Mapping[str, Sequence[str]]) -> Result:
    place, value = result.place, _LITERAL.fullmatch(result.value or "")
    if place is None or value is None or not (place.column and place.end_column):
        return result
    written = _at(place, lines.get(place.path, ()))
    found = _WRITTEN.fullmatch(written)
    if found is None or (found["a"] or found["b"] or written) != value["text"]:
        return result
    return replace(result, fix=Fix(f"write {text} instead of {written}", place, text))


def _at(place: Place, lines: Sequence[str]) -> str:
    if place.end_line not in (None, place.line) or place.line > len(lines):
        return ""
    return lines[place.line - 1][(place.column or 1) - 1 : (place.end_column or 1) - 1]
