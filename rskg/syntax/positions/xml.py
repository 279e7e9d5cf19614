"""RDF/XML with positions (RDF 1.1 XML Syntax 7): nodes and properties by turns.

For documents that the engine's parser has accepted. Not told: reified statements (`rdf:ID` on a
property) and XML literals' text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.parsers import expat

from rskg.namespaces import RDF
from rskg.syntax.positions.statements import Labels, Span, Statement
from rskg.syntax.positions.tokens import literal

_XML = "http://www.w3.org/XML/1998/namespace"
_TYPE, _FIRST, _REST, _NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
#: Attributes of RDF's syntax that are no property.
_SYNTAX = {RDF + name for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")}


@dataclass
class _Frame:
    """An open element: a node, or one of its properties with what it has gathered."""

    kind: str
    subject: str
    at: Span
    base: str
    language: str
    predicate: str = ""
    value: str = ""
    datatype: str = ""
    text: list[str] = field(default_factory=list)
    members: list[tuple[str, Span]] = field(default_factory=list)
    counted: int = 0


def read(content: bytes, labels: Labels) -> Iterator[Statement]:
    """Each triple; stretches count bytes, an object's reaches from its property's tag."""
    reader = _Reader(content, labels)
    reader.expat.Parse(content, True)
    return iter(reader.found)


class _Reader:
    def __init__(self, content: bytes, labels: Labels) -> None:
        self.content, self.labels = content, labels
        self.found: list[Statement] = []
        self.stack: list[_Frame] = []
        self.expat = expat.ParserCreate(namespace_separator="\t")
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self.start
        self.expat.EndElementHandler = self.end
        self.expat.CharacterDataHandler = self.characters

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens: by turns it is a node or a property."""
        above = self.stack[-1] if self.stack else None
        start = self.expat.CurrentByteIndex
        at = (start, self.content.find(b">", start) + 1)
        said = {key.replace("\t", ""): value for key, value in attributes.items()}
        base = said.pop(_XML + "base", above.base if above else "")
        language = said.pop(_XML + "lang", above.language if above else "")
        iri = name.replace("\t", "")
        if above is not None and above.kind in ("literal", "inside"):
            self.stack.append(_Frame("inside", "", at, base, language))
        elif above is None and iri == RDF + "RDF":
            self.stack.append(_Frame("root", "", at, base, language))
        elif above is None or above.kind in ("root", "property", "collection"):
            self._node(iri, said, _Frame("node", "", at, base, language))
        else:
            self._property(iri, said, above, _Frame("property", above.subject, at, base, language))

    def end(self, _: str) -> None:
        """An element closes: a property tells its triple."""
        frame = self.stack.pop()
        above = self.stack[-1] if self.stack else None
        stop = self.content.find(b">", self.expat.CurrentByteIndex) + 1
        if frame.kind == "node" and above is not None and above.kind == "collection":
            above.members.append((frame.subject, frame.at))
        elif frame.kind == "node" and above is not None and above.kind == "property":
            above.value = frame.subject
        elif frame.kind == "collection":
            self._list(frame)
        elif frame.kind == "property":
            value = frame.value or literal(
                "".join(frame.text), frame.datatype, "" if frame.datatype else frame.language
            )
            self._tell(frame, value, frame.at if frame.value else (frame.at[0], stop))

    def characters(self, text: str) -> None:
        """Text belongs to the open property."""
        if self.stack and self.stack[-1].kind == "property":
            self.stack[-1].text.append(text)

    def _node(self, iri: str, said: dict[str, str], frame: _Frame) -> None:
        frame.subject = self._identity(said, frame, "about")
        if iri != RDF + "Description":
            self._add(frame, _TYPE, f"<{iri}>")
        self._attributes(said, frame, frame.subject)
        self.stack.append(frame)

    def _property(self, iri: str, said: dict[str, str], above: _Frame, frame: _Frame) -> None:
        if iri == RDF + "li":
            above.counted += 1
            iri = f"{RDF}_{above.counted}"
        frame.predicate = f"<{iri}>"
        kind = said.get(RDF + "parseType", "")
        if kind == "Resource":
            node = self.labels.name(object())
            self._add(frame, frame.predicate, node)
            frame.kind, frame.subject = "implied", node
        elif kind == "Collection":
            frame.kind = "collection"
        elif kind:
            frame.kind = "literal"
        frame.datatype = f"<{said[RDF + 'datatype']}>" if RDF + "datatype" in said else ""
        bare = set(said) - _SYNTAX
        if not kind and (bare or RDF + "resource" in said or RDF + "nodeID" in said):
            frame.value = self._identity(said, frame, "resource")
            self._attributes(said, frame, frame.value)
        self.stack.append(frame)

    def _identity(self, said: dict[str, str], frame: _Frame, name: str) -> str:
        if RDF + name in said:
            return f"<{urljoin(frame.base, said[RDF + name])}>"
        if name == "about" and RDF + "ID" in said:
            return f"<{urljoin(frame.base, '#' + said[RDF + 'ID'])}>"
        if RDF + "nodeID" in said:
            return self.labels.name(said[RDF + "nodeID"])
        return self.labels.name(object())

    def _attributes(self, said: dict[str, str], frame: _Frame, subject: str) -> None:
        for iri, text in said.items():
            if iri == RDF + "type":
                self._add(frame, _TYPE, f"<{urljoin(frame.base, text)}>", subject)
            elif iri not in _SYNTAX:
                self._add(frame, f"<{iri}>", literal(text, language=frame.language), subject)

    def _add(self, frame: _Frame, predicate: str, value: str, subject: str = "") -> None:
        self.found.append(
            Statement(subject or frame.subject, predicate, value, frame.at, frame.at, frame.at)
        )

    def _tell(self, frame: _Frame, value: str, at: Span) -> None:
        self.found.append(
            Statement(frame.subject, frame.predicate, value, self._owner(frame), frame.at, at)
        )

    def _owner(self, frame: _Frame) -> Span:
        above = self.stack[-1] if self.stack else frame
        return above.at

    def _list(self, frame: _Frame) -> None:
        nodes = [self.labels.name(object()) for _ in frame.members]
        self._tell(frame, nodes[0] if nodes else _NIL, frame.at)
        for node, after, (member, at) in zip(nodes, [*nodes[1:], _NIL], frame.members, strict=True):
            self.found.append(Statement(node, _FIRST, member, at, at, at))
            self.found.append(Statement(node, _REST, after, at, at, at))
