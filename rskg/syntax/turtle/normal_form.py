"""The normal form of a Turtle document: one layout, every comment kept.

Statements, predicates and objects stay in their author's order but for `a`, which comes first.
Prefixes at the head are sorted; an IRI that a prefix covers is written with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pyoxigraph import RdfFormat, Triple, parse

from rskg.errors import InputError
from rskg.namespaces import RDF
from rskg.syntax.blank_nodes import skolemise
from rskg.syntax.documents import sentence_of
from rskg.syntax.turtle.tokens import tokens
from rskg.syntax.turtle.tree import Blank, Collection, Directive, Leaf, Node, Pair, Statement, read

WIDTH = 120
_INDENT = "    "
_BASE = "https://document.invalid/"
_PLAIN = re.compile(r"[A-Za-z_](?:[\w-]*\w)?")
_IRI = re.compile(r"<([^<>]*)>\Z")


def normal_form(text: str) -> str:
    """The document laid out; the same text gives itself.

    Raises InputError with line and column for what doesn't parse, and for what can't be laid
    out without changing what it says or losing a comment.
    """
    before = _graph(text)
    try:
        document = read(text)
        parts = _sorted_head(document.parts)
        laid = _Writer().document(parts, document.tail)
    except RecursionError:
        raise InputError("nested too deep to be laid out; it was left as it is") from None
    if _graph(laid) != before or _comments(laid) != _comments(text):
        raise InputError("can't be laid out without changing what it says; it was left as it is")
    return laid


def _graph(text: str) -> Counter[Triple]:
    """What the text says, blank nodes named from their content: equal for equal graphs."""
    try:
        found = parse(text, format=RdfFormat.TURTLE, base_iri=_BASE)
        return Counter(skolemise(quad.triple for quad in found))
    except SyntaxError as error:
        raise InputError(sentence_of(error), line=error.lineno, column=error.offset) from error


def _comments(text: str) -> list[str]:
    return sorted(token.text for token in tokens(text) if token.kind == "comment")


def _sorted_head(parts: list[Directive | Statement]) -> list[Directive | Statement]:
    """The prefixes before the first statement in order, where their order says nothing."""
    first = next((n for n, part in enumerate(parts) if isinstance(part, Statement)), len(parts))
    head = [part for part in parts[:first] if isinstance(part, Directive)]
    names = [part.name for part in head]
    if "" in names or len(set(names)) < len(names):
        return parts
    if not head:
        return parts
    opening, head[0].before = head[0].before, []
    ordered = sorted(head, key=lambda part: part.name)
    ordered[0].before = [*opening, *ordered[0].before]
    return [*ordered, *parts[first:]]


class _Writer:
    """Lays a tree out, knowing the prefixes declared so far."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self.based = False

    def document(self, parts: Sequence[Directive | Statement], tail: list[str]) -> str:
        lines: list[str] = []
        loose = True
        for position, part in enumerate(parts):
            told = self._directive(part) if isinstance(part, Directive) else self._statement(part)
            one = isinstance(part, Directive) or (len(told) == 1 and not part.gap)
            changes = position > 0 and type(parts[position - 1]) is not type(part)
            if lines and (loose or not one or changes or part.before):
                lines.append("")
            lines += [*part.before, *told]
            loose = len(told) > 1
        if tail:
            lines += ["", *tail] if lines else tail
        return "\n".join(lines).strip("\n") + "\n"

    def _directive(self, part: Directive) -> list[str]:
        if part.name:
            iri = _IRI.match(part.iri)
            if iri and ":" in iri[1] and "\\" not in iri[1]:
                self.prefixes[part.name] = iri[1]
            else:
                self.prefixes.pop(part.name, None)
        words = ("@prefix", part.name, part.iri) if part.name else ("@base", part.iri)
        return [_closed(" ".join(words) + " .", part.after)]

    def _statement(self, part: Statement) -> list[str]:
        subject = self._node(part.subject, 0)
        subject[-1] = _closed(subject[-1], part.subject.after)
        pairs = self._ordered(part.pairs)
        if not pairs and not part.tail:
            subject[-1] += " ."
            return [*subject[:-1], _closed(subject[-1], part.after)]
        lines = self._pairs(pairs, 1)
        short = f"{subject[-1]} {lines[0].strip()} ." if len(lines) == 1 else ""
        plain = not (part.tail or part.subject.after or _noted(pairs))
        if plain and len(subject) == 1 and short and len(short) <= WIDTH:
            return [_closed(short, part.after)]
        lines = [*subject, *lines]
        lines += [_INDENT + comment for comment in part.tail if comment]
        behind = [*pairs[-1].objects[-1].after, *pairs[-1].after] if pairs else []
        if part.tail or len(behind) > 1 or (behind and part.after):
            return [*lines, _closed(f"{_INDENT}.", part.after)]
        if behind:
            lines[-1] = lines[-1].removesuffix(f" {behind[0]}")
        return _ended(lines, ".", [*behind, *part.after])

    def _pairs(self, pairs: Sequence[Pair], depth: int) -> list[str]:
        lines: list[str] = []
        pad = _INDENT * depth
        for position, pair in enumerate(pairs):
            lines += [pad + comment for comment in pair.before if comment]
            told = self._pair(pair, depth)
            last = position == len(pairs) - 1
            lines += _ended(told, "" if last else ";", [*self._last_after(pair), *pair.after])
        return lines

    @staticmethod
    def _last_after(pair: Pair) -> list[str]:
        return pair.objects[-1].after

    def _pair(self, pair: Pair, depth: int) -> list[str]:
        pad = _INDENT * depth
        verb = self._verb(pair.verb)
        silent = not any(node.before for node in pair.objects) and not any(
            node.after for node in pair.objects[:-1]
        )
        if silent:
            flat = [self._flat(node) for node in pair.objects]
            line = f"{pad}{verb} {', '.join(text or '' for text in flat)}"
            long = len(pair.objects) == 1 and "\n" in (flat[0] or "")
            if all(text is not None for text in flat) and (long or len(line) + 2 <= WIDTH):
                return [line]
            if all(isinstance(node, Blank) for node in pair.objects):
                return self._hugging(verb, pair.objects, depth)
        return [f"{pad}{verb}", *self._listed(pair.objects, depth + 1)]

    def _hugging(self, verb: str, objects: Sequence[Node], depth: int) -> list[str]:
        """`verb [` … `], [` … `]`."""
        pad = _INDENT * depth
        lines = [f"{pad}{verb} "]
        for position, node in enumerate(objects):
            told = self._node(node, depth)
            lines[-1] += ("" if position == 0 else ", ") + told[0].lstrip()
            lines += told[1:]
        return lines

    def _listed(self, objects: Sequence[Node], depth: int) -> list[str]:
        """Plain names filled up to the width, anything else a line each."""
        pad = _INDENT * depth
        lines: list[str] = []
        fills = False
        for position, node in enumerate(objects):
            sign = "," if position < len(objects) - 1 else ""
            told = self._node(node, depth)
            plain = isinstance(node, Leaf) and not node.text.startswith(('"', "'"))
            if (
                fills
                and plain
                and not node.before
                and len(lines[-1] + told[0].lstrip()) + 3 <= WIDTH
            ):
                lines[-1] += " " + told[0].lstrip()
            else:
                lines += [pad + comment for comment in node.before if comment]
                lines += told
            fills = plain and not node.after
            if sign:
                lines[-1] += sign
                lines += _ended([lines.pop()], "", node.after)
        return lines

    def _node(self, node: Node, depth: int) -> list[str]:
        """The node's lines, the first one indented."""
        pad = _INDENT * depth
        flat = self._flat(node)
        if flat is not None and (isinstance(node, Leaf) or len(pad + flat) + 2 <= WIDTH):
            return [pad + flat]
        if isinstance(node, Leaf):
            return [pad + node.text]
        inner = pad + _INDENT
        opener, closer = "[]" if isinstance(node, Blank) else "()"
        if isinstance(node, Blank):
            lines = self._pairs(self._ordered(node.pairs), depth + 1)
        else:
            lines = self._members(node, depth + 1)
        tail = [inner + comment for comment in node.tail if comment]
        return [pad + opener, *lines, *tail, pad + closer]

    def _members(self, node: Collection, depth: int) -> list[str]:
        lines: list[str] = []
        for member in node.members:
            lines += [_INDENT * depth + comment for comment in member.before if comment]
            told = self._node(member, depth)
            lines += [*told[:-1], _closed(told[-1], member.after)]
        return lines

    def _flat(self, node: Node) -> str | None:
        """The node on one line; None where a comment or a line break forbids it."""
        if isinstance(node, Leaf):
            return self._term(node.text)
        return self._flat_inside(node)

    def _flat_inside(self, node: Blank | Collection) -> str | None:
        if node.tail:
            return None
        if isinstance(node, Collection):
            members = [None if m.before or m.after else self._flat(m) for m in node.members]
            whole = " ".join(m for m in members if m is not None)
            return None if None in members else f"( {whole} )" if members else "()"
        if _noted(node.pairs):
            return None
        told = []
        for pair in self._ordered(node.pairs):
            objects = [self._flat(each) for each in pair.objects]
            if None in objects or any(o and "\n" in o for o in objects):
                return None
            told.append(f"{self._verb(pair.verb)} {', '.join(o for o in objects if o)}")
        return f"[ {' ; '.join(told)} ]" if told else "[]"

    def _ordered(self, pairs: Sequence[Pair]) -> list[Pair]:
        return sorted(pairs, key=lambda pair: self._verb(pair.verb) != "a")

    def _verb(self, text: str) -> str:
        told = self._term(text)
        if told == f"<{RDF}type>":
            return "a"
        prefix, _, local = told.partition(":")
        return "a" if local == "type" and self.prefixes.get(prefix + ":") == RDF else told

    def _term(self, text: str) -> str:
        """An IRI with the longest prefix that covers it, anything else as it was written."""
        iri = _IRI.match(text)
        if iri is None or "\\" in text:
            return text
        covering = sorted(
            (name for name, space in self.prefixes.items() if iri[1].startswith(space)),
            key=lambda name: (-len(self.prefixes[name]), name),
        )
        for name in covering:
            if _PLAIN.fullmatch(iri[1][len(self.prefixes[name]) :]):
                return name + iri[1][len(self.prefixes[name]) :]
        return text


def _noted(pairs: Sequence[Pair]) -> bool:
    """True when a comment stands anywhere within the pairs, but behind their nested nodes."""
    return any(
        pair.before or pair.after or any(node.before or node.after for node in pair.objects)
        for pair in pairs
    )


def _closed(line: str, comments: Sequence[str]) -> str:
    return " ".join([line, *comments]) if comments else line


def _ended(lines: list[str], sign: str, comments: Sequence[str]) -> list[str]:
    """The lines with their sign, and comments behind it; a second one gets a line of its own."""
    pad = re.match(r" *", lines[0])
    indent = pad[0] if pad else ""
    last = f"{lines[-1]} {sign}" if sign else lines[-1]
    return [*lines[:-1], _closed(last, comments[:1]), *(indent + more for more in comments[1:])]
