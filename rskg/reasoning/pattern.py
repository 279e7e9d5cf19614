"""What a rule says, read from its SPARQL: which statements, under which tests, give which one.

Only the part of SPARQL is read that rules are written in: triples with `;` and `,`, paths, FILTER
with EXISTS, UNION, and two counts that are compared (every one of a list). A rule that says more
raises Unreadable: then its closure can only be computed whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from rskg.namespaces import RDF, XSD
from rskg.syntax import Literal, NamedNode, Term, Variable

_TOKENS = re.compile(
    r"""\s+|\#[^\n]*|(?P<iri><[^<>\s]*>)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<variable>\?\w+)"""
    r"""|(?P<name>[A-Za-z][\w-]*:[\w-]*)|(?P<number>\d+)|(?P<word>[A-Za-z]\w*)"""
    r"""|(?P<sign>&&|\|\||!=|.)""",
    re.DOTALL,
)


class Unreadable(Exception):
    """A rule that isn't of the part of SPARQL that can be evaluated from a difference."""


@dataclass(frozen=True)
class Path:
    """A property path, as SPARQL text."""

    text: str


Slot = Term | Variable
#: A triple with variables; where there is a path only the schema can be asked.
Atom = tuple[Slot, Slot | Path, Slot]


@dataclass(frozen=True)
class Test:
    """An expression: an operator or function in small letters, and what it is applied to."""

    operator: str
    of: tuple[Test | Slot, ...] = ()
    exists: tuple[Atom, ...] = ()

    def negated(self) -> Test:
        """True where this one is false."""
        return Test("not", (self,))


@dataclass(frozen=True)
class Count:
    """A sub-select: how many `counted` there are for each of `keys`, called `name`."""

    keys: tuple[Variable, ...]
    counted: Variable
    name: Variable
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Branch:
    """One way in which a rule's WHERE can be met: all of this at once.

    Nothing of `absent` may be stated.
    """

    atoms: tuple[Atom, ...] = ()
    tests: tuple[Test, ...] = ()
    absent: tuple[tuple[Atom, ...], ...] = ()
    counts: tuple[Count, ...] = ()

    def __and__(self, other: Branch) -> Branch:
        return Branch(
            self.atoms + other.atoms,
            self.tests + other.tests,
            self.absent + other.absent,
            self.counts + other.counts,
        )


@dataclass(frozen=True)
class Pattern:
    """A rule: the triples that it concludes (none: a contradiction), and when."""

    heads: tuple[Atom, ...]
    branches: tuple[Branch, ...]


def read_pattern(text: str) -> Pattern:
    """What a rule or a check says; raises Unreadable."""
    return _Reader(text).pattern()


@dataclass
class _Reader:
    text: str
    at: int = 0
    prefixes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tokens = [(m.lastgroup, m[0]) for m in _TOKENS.finditer(self.text) if m.lastgroup]

    def pattern(self) -> Pattern:
        while self._took("PREFIX"):
            name, iri = self._next()[1], self._next()[1]
            self.prefixes[name.removesuffix(":")] = iri[1:-1]
        heads: list[Atom] = []
        if self._took("INSERT"):
            self._take("{")
            self._take("GRAPH")
            self._next()
            self._take("{")
            heads += self._triples()
            self._take("}")
            self._take("}")
        else:
            self._take("SELECT")
            self._took("DISTINCT")
            while self._peek()[0] == "variable":
                self._next()
        self._take("WHERE")
        read = Pattern(tuple(heads), tuple(self._group()))
        if self.at < len(self._tokens):
            self._fail()
        return read

    def _group(self) -> list[Branch]:
        self._take("{")
        found = [Branch()]
        while not self._took("}"):
            options = self._element()
            found = [one & other for one in found for other in options]
        return found

    def _element(self) -> list[Branch]:
        if self._took("FILTER"):
            return _normal(self._primary(), True)
        if self._took("BIND"):
            self._take("(")
            self._expression()
            self._take("AS")
            self._next()
            self._take(")")
            return [Branch()]
        if self._took("SELECT"):
            return [Branch(counts=(self._count(),))]
        if self._peek()[1] == "{":
            options = self._group()
            while self._took("UNION"):
                options += self._group()
            return options
        return [Branch(tuple(self._triples()))]

    def _count(self) -> Count:
        keys: list[Variable] = []
        while self._peek()[0] == "variable":
            keys.append(self._variable())
        for word in ("(", "COUNT", "(", "DISTINCT"):
            self._take(word)
        counted = self._variable()
        self._take(")")
        self._take("AS")
        name = self._variable()
        self._take(")")
        self._take("WHERE")
        branches = tuple(self._group())
        self._take("GROUP")
        self._take("BY")
        grouped = []
        while self._peek()[0] == "variable":
            grouped.append(self._variable())
        if set(grouped) != set(keys):
            self._fail()
        return Count(tuple(keys), counted, name, branches)

    def _triples(self) -> Iterator[Atom]:
        while self._peek()[1] not in ("}", "{", "FILTER", "BIND"):
            subject = self._term()
            while True:
                verb = self._verb()
                yield subject, verb, self._term()
                while self._took(","):
                    yield subject, verb, self._term()
                if not self._took(";"):
                    break
            if not self._took("."):
                break

    def _verb(self) -> Slot | Path:
        steps: list[str] = []
        only = self._term()
        steps.append(str(only))
        while self._peek()[1] in ("/", "*", "+", "|"):
            sign = self._next()[1]
            steps.append(sign)
            if sign in ("/", "|"):
                steps.append(str(self._term()))
        return Path("".join(steps)) if len(steps) > 1 else only

    def _expression(self) -> Test | Slot:
        return self._chain("||", "or", lambda: self._chain("&&", "and", self._relation))

    def _chain(self, sign: str, name: str, part: Callable[[], Test | Slot]) -> Test | Slot:
        parts = [part()]
        while self._took(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Test(name, tuple(parts))

    def _relation(self) -> Test | Slot:
        left = self._primary()
        for sign in ("=", "!=", "<"):
            if self._took(sign):
                return Test(sign, (left, self._primary()))
        return left

    def _primary(self) -> Test | Slot:
        if self._took("!"):
            return Test("not", (self._primary(),))
        if self._took("NOT"):
            return Test("not", (self._primary(),))
        if self._took("EXISTS"):
            (branch,) = self._group() or [Branch()]
            if branch != Branch(branch.atoms):
                self._fail()
            return Test("exists", exists=branch.atoms)
        if self._took("("):
            inner = self._expression()
            self._take(")")
            return inner
        kind, word = self._peek()
        if kind != "word" or word == "a":
            return self._term()
        self._next()
        self._take("(")
        of = [self._expression()]
        while self._took(","):
            of.append(self._expression())
        self._take(")")
        return Test(word.lower(), tuple(of))

    def _variable(self) -> Variable:
        term = self._term()
        return term if isinstance(term, Variable) else self._fail()

    def _term(self) -> Slot:
        kind, text = self._next()
        match kind:
            case "variable":
                found: Slot = Variable(text[1:])
            case "iri":
                found = NamedNode(text[1:-1])
            case "name":
                prefix, _, local = text.partition(":")
                found = NamedNode(self.prefixes[prefix] + local)
            case "number":
                found = Literal(text, datatype=NamedNode(XSD + "integer"))
            case "string":
                found = Literal(text[1:-1])
            case _ if text == "a":
                found = NamedNode(RDF + "type")
            case _:
                self.at -= 1
                self._fail()
        return found

    def _peek(self) -> tuple[str | None, str]:
        return self._tokens[self.at] if self.at < len(self._tokens) else (None, "")

    def _next(self) -> tuple[str | None, str]:
        token = self._peek()
        self.at += 1
        return token

    def _took(self, text: str) -> bool:
        kind, found = self._peek()
        same = found == text or (kind == "word" and found.upper() == text)
        self.at += same
        return same

    def _take(self, text: str) -> None:
        if not self._took(text):
            self._fail()

    def _fail(self) -> NoReturn:
        raise Unreadable(f"{self._peek()[1]!r} is not read in a rule")


def _normal(test: Test | Slot, sign: bool) -> list[Branch]:
    """A test as branches of which one has to be met: what exists becomes a statement of it."""
    if not isinstance(test, Test):
        raise Unreadable("a term alone is no test")
    if test.operator == "not" and isinstance(test.of[0], Test):
        return _normal(test.of[0], not sign)
    if test.operator in ("and", "or"):
        parts = [_normal(part, sign) for part in test.of]
        if (test.operator == "and") != sign:
            return [branch for part in parts for branch in part]
        found = [Branch()]
        for part in parts:
            found = [one & other for one in found for other in part]
        return found
    if test.operator == "exists":
        return [Branch(test.exists) if sign else Branch(absent=(test.exists,))]
    return [Branch(tests=(test if sign else test.negated(),))]
