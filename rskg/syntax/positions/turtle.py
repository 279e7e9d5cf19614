"""Turtle and TriG with positions (RDF 1.1 Turtle 6, TriG 3).

For documents that the engine's parser has accepted: this one finds where things stand, it doesn't
judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rskg.namespaces import RDF
from rskg.syntax.positions import tokens
from rskg.syntax.positions.statements import Labels, Span, Statement, Wanted

_TYPE, _FIRST, _REST, _NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_Term = tuple[str | object, Span]
_Link = Callable[[_Term], None]
_Raw = tuple[str | object, str, str | object, Span, Span, Span]


def read(text: str, labels: Labels, wanted: Wanted = None) -> Iterator[Statement]:
    """Each triple, where everything is wanted; else those whose statement starts with a wanted
    subject.
    """
    reader = _Reader(text, skip=wanted)
    while reader.kind:
        reader.document_part()
        for subject, predicate, value, *spans in reader.found:
            yield Statement(
                subject if isinstance(subject, str) else labels.name(subject),
                predicate,
                value if isinstance(value, str) else labels.name(value),
                *spans,
            )
        reader.found.clear()


class _Blank:
    """One anonymous node."""


class _Reader:
    def __init__(self, text: str, skip: Wanted) -> None:
        self.text, self.wanted, self.place, self.end = text, skip, 0, 0
        self.kind, self.lexeme = "", ""
        self.base, self.prefixes = "", dict[str, str]()
        self.labels: dict[str, _Blank] = {}
        self.found: list[_Raw] = []
        self.next()

    def next(self) -> None:
        """Go to the next token; an empty kind is the end."""
        match = tokens.TOKEN.match(self.text, self.end)
        if match and match.lastgroup == "space":
            match = tokens.TOKEN.match(self.text, match.end())
        if match is None:
            self.kind, self.lexeme, self.place = "", "", len(self.text)
            return
        self.kind, self.lexeme = match.lastgroup or "", match[0]
        self.place, self.end = match.span()

    def take(self) -> tuple[str, Span]:
        """This token and its span; on to the next."""
        taken = self.lexeme, (self.place, self.end)
        self.next()
        return taken

    def accept(self, mark: str) -> bool:
        """Go on when this token is the mark."""
        if self.lexeme == mark and self.kind in ("mark", "word"):
            self.next()
            return True
        return False

    def document_part(self) -> None:
        """A directive, a graph's beginning or end, or a statement."""
        word = self.lexeme.lower().lstrip("@")
        if self.kind in ("at", "word") and word in ("prefix", "base", "version"):
            self._directive(word)
        elif self.kind == "word" and word == "graph":
            self.next()
            self.take()
            self.accept("{")
        elif not (self.accept("{") or self.accept("}") or self.accept(".")):
            self._statement()

    def _directive(self, word: str) -> None:
        self.next()
        if word == "prefix":
            prefix = self.take()[0].rstrip(":")
            self.prefixes[prefix] = tokens.iri(self.take()[0], self.base)[1:-1]
        elif word == "base":
            self.base = tokens.iri(self.take()[0], self.base)[1:-1]
        else:
            self.take()
        self.accept(".")

    def _statement(self) -> None:
        bare = self.lexeme == "["
        subject = self._term(lambda _: None)
        if self.accept("{"):  # TriG: it was a graph's name
            return
        if (
            self.wanted is not None
            and isinstance(subject[0], str)
            and subject[0] not in self.wanted
        ):
            rest = tokens.REST.match(self.text, self.place)
            self.end = rest.end() if rest else len(self.text)
            self.next()
            return
        if not (bare and self.lexeme in (".", "}", "")):
            self._predicates(subject)
        self.accept(".")

    def _predicates(self, subject: _Term) -> None:
        while self.kind and self.lexeme not in (".", "]", "}", "|}"):
            if self.accept(";"):
                continue
            predicate, at = self._predicate()
            while True:
                self._object(subject, predicate, at)
                if not self.accept(","):
                    break

    def _predicate(self) -> tuple[str, Span]:
        kind = self.kind
        lexeme, span = self.take()
        if kind == "word" and lexeme == "a":
            return _TYPE, span
        return self._named(kind, lexeme), span

    def _object(self, subject: _Term, predicate: str, at: Span) -> None:
        def link(value: _Term) -> None:
            self.found.append((subject[0], predicate, value[0], subject[1], at, value[1]))

        self._term(link)
        while self.kind == "mark" and self.lexeme in ("~", "{|"):
            self._annotation()

    def _annotation(self) -> None:
        """RDF 1.2's words about a triple: passed over, we have no shapes that look at them."""
        if self.accept("~"):
            if self.kind in ("iri", "pname", "blank"):
                self.take()
            return
        depth = 0
        while self.kind:
            depth += (self.lexeme == "{|") - (self.lexeme == "|}")
            self.next()
            if not depth:
                return

    def _term(self, link: _Link) -> _Term:
        """A term; `link` is called with it once it is known, before what a collection holds."""
        if self.kind == "mark" and self.lexeme == "(":
            return self._collection(link)
        term = self._properties() if self.lexeme == "[" else self._simple()
        link(term)
        return term

    def _properties(self) -> _Term:
        start = self.take()[1][0]
        node = _Blank()
        span = (start, start + 1)
        self._predicates((node, span))
        end = self.end
        self.accept("]")
        return node, (start, end)

    def _collection(self, link: _Link) -> _Term:
        start = self.take()[1]
        if self.accept(")"):
            link((_NIL, start))
            return _NIL, start
        root = node = _Blank()
        link((root, start))
        self._element(node, start)
        while self.kind and self.lexeme != ")":
            before, node = node, _Blank()
            self.found.append((before, _REST, node, start, start, (self.place, self.end)))
            self._element(node, start)
        self.found.append((node, _REST, _NIL, start, start, (self.place, self.end)))
        self.accept(")")
        return root, start

    def _element(self, node: _Blank, start: Span) -> None:
        def link(value: _Term) -> None:
            self.found.append((node, _FIRST, value[0], start, value[1], value[1]))

        self._term(link)

    def _simple(self) -> _Term:
        kind = self.kind
        token, span = self.take()
        if kind == "blank":
            return self.labels.setdefault(token, _Blank()), span
        if kind == "string":
            return self._literal(token, span)
        if kind == "number" or token in ("true", "false"):
            return tokens.plain(token), span
        if token in ("<<", "<<("):
            return self._quoted(span)
        return self._named(kind, token), span

    def _literal(self, token: str, span: Span) -> _Term:
        text = tokens.string(token)
        if self.kind == "at":
            language, end = self.take()
            return tokens.literal(text, language=language[1:]), (span[0], end[1])
        if self.kind == "hats":
            self.next()
            kind = self.kind
            datatype, end = self.take()
            return tokens.literal(text, self._named(kind, datatype)), (span[0], end[1])
        return tokens.literal(text), span

    def _quoted(self, span: Span) -> _Term:
        """RDF 1.2's triple terms and reifiers: their place only."""
        depth = 1
        while self.kind and depth:
            depth += (self.lexeme in ("<<", "<<(")) - (self.lexeme in (">>", ")>>"))
            span = (span[0], self.end)
            self.next()
        return _Blank(), span

    def _named(self, kind: str, token: str) -> str:
        if kind == "pname":
            return tokens.name(token, self.prefixes)
        return tokens.iri(token, self.base)
