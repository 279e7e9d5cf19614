"""A Turtle document as a tree that keeps its author's order and comments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rskg.errors import InputError
from rskg.syntax.turtle.tokens import Token, tokens


@dataclass
class Item:
    """What a comment can belong to: those on lines before it, and those at its end.

    An empty text among `before` stands for an empty line.
    """

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass
class Leaf(Item):
    """An IRI, a literal or a labelled blank node, as written."""

    text: str = ""


@dataclass
class Pair(Item):
    """A predicate and its objects."""

    verb: str = ""
    objects: list[Node] = field(default_factory=list)


@dataclass
class Blank(Item):
    """`[ … ]`; `tail` are comments behind its last pair."""

    pairs: list[Pair] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


@dataclass
class Collection(Item):
    """`( … )`."""

    members: list[Node] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


Node = Leaf | Blank | Collection


@dataclass
class Directive(Item):
    """`@prefix name: <iri>`, or `@base <iri>` with an empty name."""

    name: str = ""
    iri: str = ""
    gap: bool = False


@dataclass
class Statement(Item):
    """A subject and its pairs; `gap` where an empty line stood before it."""

    subject: Node = field(default_factory=Leaf)
    pairs: list[Pair] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    gap: bool = False


@dataclass
class Document:
    """Directives and statements in order, and the comments behind the last of them."""

    parts: list[Directive | Statement]
    tail: list[str]


def read(text: str) -> Document:
    """The tree of a document that is known to parse; raises InputError for what it can't keep."""
    return _Reader(tokens(text)).document()


class _Reader:
    """Recursive descent over the tokens; comments wait until their item is known."""

    def __init__(self, source: Iterable[Token]) -> None:
        self.rest = list(source)
        self.rest.reverse()
        self.waiting: list[str] = []
        self.last: Item | None = None
        self.gap, self.dotted = False, True
        self._skip()

    def document(self) -> Document:
        parts: list[Directive | Statement] = []
        while self.rest:
            gap = self.gap
            before = self._before()
            starts = self.rest[-1].kind == "directive"
            part = self._directive() if starts else self._statement()
            part.before, part.gap = before, gap
            parts.append(part)
            self._end(part)
        return Document(parts, self._before())

    def _directive(self) -> Directive:
        word = self._take().text.lower()
        name = self._take().text if word.endswith("prefix") else ""
        found = Directive(name=name, iri=self._take().text)
        self.last = found
        self.dotted = word.startswith("@")
        return found

    def _statement(self) -> Statement:
        self.dotted = True
        subject = self._node()
        found = Statement(subject=subject)
        found.pairs = self._pairs(".")
        found.tail = self._before()
        self.last = found
        return found

    def _end(self, part: Directive | Statement) -> None:
        if self.dotted:
            self._sign(".", part)

    def _pairs(self, closer: str) -> list[Pair]:
        pairs: list[Pair] = []
        while self.rest and self.rest[-1].text != closer:
            if self.rest[-1].text == ";":
                self._sign(";", pairs[-1] if pairs else None)
                continue
            before = self._before()
            pair = Pair(before=before, verb=self._take(behind=None).text)
            pair.objects = self._objects()
            pairs.append(pair)
        return pairs

    def _objects(self) -> list[Node]:
        objects = [self._node()]
        while self.rest and self.rest[-1].text == ",":
            self._sign(",", objects[-1])
            objects.append(self._node())
        return objects

    def _node(self) -> Node:
        before = self._before()
        opener = self.rest[-1].text if self.rest else ""
        node: Node
        if opener == "[":
            self._take(behind=None)
            node = Blank(before=before, pairs=self._pairs("]"))
            node.tail = self._before()
            self._sign("]", node)
        elif opener == "(":
            self._take(behind=None)
            node = Collection(before=before)
            while self.rest and self.rest[-1].text != ")":
                node.members.append(self._node())
            node.tail = self._before()
            self._sign(")", node)
        else:
            node = Leaf(before=before)
            self.last = node
            node.text = self._take(kind="term").text
        return node

    def _before(self) -> list[str]:
        found, self.waiting = self.waiting, []
        return found

    def _sign(self, text: str, behind: Item | None) -> None:
        """Take a sign; a comment on its line belongs to the item that it ends."""
        self.last = behind
        if not self.rest or self.rest[-1].text != text:
            raise InputError("Turtle that can't be laid out yet")
        self.rest.pop()
        self._skip()

    def _take(self, kind: str | None = None, behind: Item | None = None) -> Token:
        if not self.rest or (kind and self.rest[-1].kind != kind):
            raise InputError("Turtle that can't be laid out yet")
        if kind is None:
            self.last = behind
        token = self.rest.pop()
        self._skip()
        return token

    def _skip(self) -> None:
        """Put comments where they belong: behind what they stand beside, else before the next."""
        while self.rest and self.rest[-1].kind == "comment":
            comment = self.rest.pop()
            if comment.alone or self.last is None:
                if comment.gap and self.waiting:
                    self.waiting.append("")
                self.waiting.append(comment.text)
            else:
                self.last.after.append(comment.text)
        self.gap = False
        if self.rest:
            self.gap = self.rest[-1].gap
            if self.gap and self.waiting:
                self.waiting.append("")
