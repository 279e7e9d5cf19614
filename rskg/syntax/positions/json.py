"""JSON-LD with positions: the tree with its stretches, its meaning asked of the engine's processor.

What a member of a node says depends on contexts that only a JSON-LD processor knows. So each node
object gets a mark with its offset, the processor tells which subject that is; and each member is
handed to it alone, under the contexts above it. Type-scoped contexts are not followed: what they
rename has its node's place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from rskg.syntax.positions.statements import Labels, Span, Statement, Wanted

MARK = "urn:rskg:at"
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
_PLAIN = re.compile(r"[^\s,\]}]+")
#: A context of so many keys is taken in part where one member is looked at.
_LARGE = 50
_NO_NODE = {"@value", "@list", "@set", "@context"}
_MAPS = {"@language", "@index", "@id", "@type", "@graph"}


@dataclass
class _Value:
    """A JSON value: members of an object, items of an array, or plain."""

    at: Span
    members: list[tuple[str, Span, _Value]] | None = None
    items: list[_Value] | None = None
    plain: Any = None


def read(text: str, labels: Labels, wanted: Wanted = None) -> Iterator[Statement]:
    """Each triple about a wanted subject, or all."""
    tree, _ = _value(text, _skip(text, 0))
    marked = _Marked(text, tree)
    for node, context in marked.nodes:
        subject = marked.subjects.get(node.at[0])
        if subject is None:
            continue
        label = labels.name(subject) if subject.startswith("_:") else subject
        if wanted is not None and label not in wanted and not label.startswith("_:"):
            continue
        head = (node.at[0], node.at[0] + 1)
        for key, key_at, value in node.members or ():
            for item in value.items if value.items is not None else [value]:
                for triple in marked.said(context, subject, key, item):
                    ends = [_term(end, labels) for end in (triple.subject, triple.object)]
                    yield Statement(ends[0], str(triple.predicate), ends[1], head, key_at, item.at)


def _term(end: object, labels: Labels) -> str:
    return labels.name(str(end)) if isinstance(end, BlankNode) else str(end)


class _Marked:
    """A document's node objects, each with the contexts above it, and their subjects."""

    def __init__(self, text: str, tree: _Value) -> None:
        self.nodes: list[tuple[_Value, list[Any]]] = []
        self._maps: set[str] = set()
        self._contexts(tree)
        self._walk(tree, [])
        self.subjects = self._subjects(text, [node.at[0] for node, _ in self.nodes])
        if not self.subjects:  # the marks broke something: those with an @id may do
            own = [node.at[0] for node, _ in self.nodes if _has(node, "@id")]
            self.subjects = self._subjects(text, own)

    def _contexts(self, value: _Value) -> None:
        """Terms whose values are maps by language, index, id or type: keys there are no members."""
        for key, _, one in value.members or ():
            if key == "@context":
                for context in _as_list(_plain(one)):
                    for term, said in context.items() if isinstance(context, dict) else ():
                        kinds = _as_list(said.get("@container")) if isinstance(said, dict) else []
                        if _MAPS & set(filter(None, kinds)) or (
                            isinstance(said, dict) and said.get("@type") == "@json"
                        ):
                            self._maps.add(term)
            self._contexts(one)
        for one in value.items or ():
            self._contexts(one)

    def _walk(self, value: _Value, above: list[Any]) -> None:
        for one in value.items or ():
            self._walk(one, above)
        if value.members is None:
            return
        own = [_plain(one) for key, _, one in value.members if key == "@context"]
        context = above + [one for each in own for one in _as_list(each)]
        if not any(key in _NO_NODE - {"@context"} for key, _, _ in value.members):
            self.nodes.append((value, context))
        for key, _, one in value.members:
            if key == "@context":
                continue
            if key in self._maps or key in ("@reverse", "@nest"):
                for _, _, inside in one.members or ():
                    self._walk(inside, context)
            else:
                self._walk(one, context)

    def _subjects(self, text: str, offsets: list[int]) -> dict[int, str]:
        pieces, last = [], 0
        for offset in sorted(offsets):
            comma = "" if text[_skip(text, offset + 1)] == "}" else ","
            pieces += [text[last : offset + 1], f'"{MARK}":"{offset}"{comma}']
            last = offset + 1
        try:
            triples = _triples("".join([*pieces, text[last:]]))
        except SyntaxError:
            return {}
        return {
            int(triple.object.value): str(triple.subject)
            for triple in triples
            if triple.predicate.value == MARK and isinstance(triple.object, Literal)
        }

    def said(self, context: list[Any], subject: str, key: str, item: _Value) -> list[Triple]:
        """What one member with one of its values says."""
        if key in ("@context", "@id"):
            return []
        told = {"@id": subject.strip("<>"), key: self._shallow(item)}
        document = {"@context": [_in_part(one, json.dumps(told)) for one in context], **told}
        try:
            return _triples(json.dumps(document))
        except SyntaxError:
            return []

    def _shallow(self, value: _Value) -> Any:
        """The value; of a node inside it only its identifier."""
        subject = self.subjects.get(value.at[0])
        if value.members is not None and subject:
            return {"@id": subject.strip("<>")}
        if value.members is not None:
            return {key: self._shallow(one) for key, _, one in value.members}
        if value.items is not None:
            return [self._shallow(one) for one in value.items]
        return value.plain


def _in_part(context: Any, text: str) -> Any:
    """Of a large context what the text needs: its words, and what their definitions lean on."""
    if not isinstance(context, dict) or len(context) < _LARGE:
        return context
    part = {key: one for key, one in context.items() if key.startswith("@")}
    words = _words(text)
    while new := {key: context[key] for key in words if key in context and key not in part}:
        part |= new
        words = _words(json.dumps(new))
    return part


def _words(text: str) -> set[str]:
    """The strings in JSON, and what may be a prefix of theirs."""
    said = [json.loads(one) for one in _STRING.findall(text)]
    return {*said, *(one.partition(":")[0] for one in said)}


def _triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text, format=RdfFormat.JSON_LD)]


def _has(node: _Value, name: str) -> bool:
    return any(key == name for key, _, _ in node.members or ())


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(value: _Value) -> Any:
    if value.members is not None:
        return {key: _plain(one) for key, _, one in value.members}
    return [_plain(one) for one in value.items] if value.items is not None else value.plain


def _value(text: str, start: int) -> tuple[_Value, int]:
    """The JSON value at a place, and the place behind it and the space that follows."""
    mark = text[start]
    if mark == '"':
        said, end = _string(text, start)
        return _Value((start, end), plain=said), _skip(text, end)
    if mark == "{":
        return _object(text, start)
    if mark == "[":
        items: list[_Value] = []
        place = _skip(text, start + 1)
        while text[place] != "]":
            item, place = _value(text, place)
            items.append(item)
            place = _skip(text, place + 1) if text[place] == "," else place
        return _Value((start, place + 1), items=items), _skip(text, place + 1)
    plain = _PLAIN.match(text, start)
    end = plain.end() if plain else len(text)
    return _Value((start, end), plain=json.loads(text[start:end])), _skip(text, end)


def _object(text: str, start: int) -> tuple[_Value, int]:
    members: list[tuple[str, Span, _Value]] = []
    place = _skip(text, start + 1)
    while text[place] != "}":
        key, end = _string(text, place)
        value, after = _value(text, _skip(text, _skip(text, end) + 1))
        members.append((key, (place, end), value))
        place = _skip(text, after + 1) if text[after] == "," else after
    return _Value((start, place + 1), members=members), _skip(text, place + 1)


def _string(text: str, start: int) -> tuple[str, int]:
    match = _STRING.match(text, start)
    return (json.loads(match[0]), match.end()) if match else ("", len(text))


def _skip(text: str, place: int) -> int:
    space = _SPACE.match(text, place)
    return space.end() if space else place
