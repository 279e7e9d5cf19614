"""What is asked of the data to learn why a query has no answer: small queries with LIMITs."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from rskg.errors import RskgError
from rskg.linting.groups import Condition, Layout
from rskg.linting.patterns import Pattern
from rskg.namespaces import GRAPH, TERM, VOID, XSD
from rskg.store.tokens import Token
from rskg.syntax import Literal, NamedNode, Term, rows_of

T = TypeVar("T")
#: Yields SPARQL queries, takes their rows as TSV (None where there are none to be had).
Asking = Generator[str, "bytes | None", T]

#: How many terms are looked at for one that is spelled nearly so.
MOST_NEAR = 5000
_BARE = [XSD + name for name in ("integer", "decimal", "boolean")]
#: What every query has.
QUERY = re.compile("SELECT|ASK|CONSTRUCT|DESCRIBE", re.IGNORECASE)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True)
class Step:
    """A triple pattern as it can be asked again: its three places, its group, where it stands."""

    subject: str
    predicate: str
    object: str
    literal: bool
    token: Token
    target: Token | None
    start: Token | None
    group: int
    graph: str | None

    @property
    def body(self) -> str:
        """The pattern, in its GRAPH when it stands in one."""
        return self.within(f"{self.subject} {self.predicate} {self.object}\n")

    def within(self, pattern: str) -> str:
        """A pattern in the graph of this one."""
        return f"GRAPH {self.graph} {{ {pattern} }}" if self.graph else pattern

    @property
    def shown(self) -> str:
        """The pattern as people read it."""
        object_ = self.object.strip().partition("\n")[0]
        return f"{self.subject} {self.predicate} {object_}".replace("[]", "…")

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(
            place[1:] for place in (self.subject, self.predicate, self.object) if place[0] in "?$"
        )

    @property
    def types(self) -> bool:
        """True for `a` and rdf:type."""
        written = ("rdf:type", "22-rdf-syntax-ns#type>")
        return self.predicate == "a" or self.predicate.endswith(written)

    @property
    def open(self) -> bool:
        """True when it names nothing: no IRI, no literal."""
        places = (self.subject, self.predicate, self.object)
        return all(place[0] in "?$[" for place in places)


def step(text: str, pattern: Pattern, read: Layout) -> Step:
    """The pattern as it can be asked again; labels of blank nodes become variables."""
    group = pattern.groups[0]
    graph = read.graph(group)
    target = text[slice(*pattern.gap)] if pattern.literal else _place(pattern.object)
    return Step(
        _place(pattern.subject),
        pattern.predicate.text,
        target if target.strip() else "[]",
        pattern.literal,
        pattern.predicate,
        pattern.object,
        pattern.subject,
        group,
        graph.text if graph else None,
    )


def _place(token: Token | None) -> str:
    if token is None:
        return "[]"
    return "?_" + re.sub(r"\W", "_", token.text) if token.text.startswith("_:") else token.text


def heads(text: str, tokens: Sequence[Token]) -> tuple[str, str]:
    """What stands before a query's form (BASE, PREFIX), and its FROM clauses."""
    forms = (t.start for t in tokens if t.kind == "word" and t.text.upper() in _FORMS)
    first = next(forms, 0)
    clauses = []
    for at, token in enumerate(tokens[:-2]):
        if token.says("FROM"):
            named = tokens[at + 1].says("NAMED")
            clauses.append(text[token.start : tokens[at + 1 + named].end])
    return text[:first] + "\n", " ".join(clauses)


class Probe:
    """Asks under a query's own prologue and FROM."""

    def __init__(self, text: str, tokens: Sequence[Token], prefixes: Mapping[str, str]) -> None:
        self._head, self.graphs = heads(text, tokens)
        declared = {
            name.text.removesuffix(":"): iri.text[1:-1]
            for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if word.says("PREFIX") and iri.kind == "iri"
        }
        self.spaces = {**prefixes, **declared}

    def found(self, bodies: Sequence[str], *, in_doubt: bool = True) -> Asking[set[int]]:
        """The numbers of those that match; where it can't be known all of them, or none."""
        if not bodies:
            return set()
        rows = yield from self.rows(
            "?_number",
            " UNION ".join(
                f"{{ SELECT ({n} AS ?_number) {{ {body} }} LIMIT 1 }}"
                for n, body in enumerate(bodies)
            ),
        )
        if rows is None:
            return set(range(len(bodies))) if in_doubt else set()
        return {int(term.value) for term in rows if isinstance(term, Literal)}

    def values(self, variable: str, body: str, limit: int = 5) -> Asking[list[Term]]:
        """Some of the terms that a variable or expression has in a pattern."""
        rows = yield from self.rows(f"DISTINCT {variable}", body, limit)
        return rows or []

    def rows(self, what: str, body: str, limit: int | None = None) -> Asking[list[Term] | None]:
        """The first column; None where the query can't be answered."""
        end = f" LIMIT {limit}" if limit else ""
        body_ = yield f"{self._head}SELECT {what} {self.graphs} WHERE {{ {body} }}{end}"
        if body_ is None:
            return None
        try:
            return [row[0] for row in rows_of(body_)[1] if row[0] is not None]
        except RskgError:
            return None

    def iri(self, token: Token) -> str | None:
        """The IRI that a token names; None for a prefix that nobody declared."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        space = self.spaces.get(prefix)
        return None if space is None else space + local.replace("\\", "")

    def space(self, token: Token) -> str:
        """The namespace of a token's IRI; empty where it has none."""
        iri = self.iri(token) or ""
        return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]

    def nearest(self, token: Token, *, property_: bool = False) -> Asking[str | None]:
        """A term that the data has, of the same namespace and spelled nearly so."""
        space = self.space(token)
        if "://" not in space:
            return None
        kinds = f"GRAPH <{GRAPH}statistics> {{ ?part <{VOID}property> ?v }}"
        if not property_:
            kinds = f"{{ ?v a ?kind }} UNION {{ {kinds} }}"
        near = f'{kinds} FILTER(STRSTARTS(STR(?v), "{space}"))'
        rows = yield from self.values("?v", near, MOST_NEAR)
        return self.like(token, rows) or (yield from self._namesake(token, property_))

    def _namesake(self, token: Token, property_: bool) -> Asking[str | None]:
        """A property or class of another namespace that has the same name there."""
        iri = self.iri(token) or ""
        name = iri[len(self.space(token)) :]
        if not re.fullmatch(r"\w[\w-]*", name):
            return None
        sort = "property" if property_ else "class"
        kinds = f"GRAPH <{GRAPH}statistics> {{ ?part <{VOID}{sort}> ?v }}"
        same = f'{kinds} FILTER(REGEX(STR(?v), "[/#]{name}$", "i") && STR(?v) != "{iri}")'
        rows = yield from self.values("?v", same)
        names = sorted(term.value for term in rows if isinstance(term, NamedNode))
        ours = [one for one in names if one.startswith(TERM)] or names
        return self.short(ours[0]) if ours else None

    def like(self, token: Token, terms: Iterable[Term]) -> str | None:
        """That of the terms which is spelled most like a token, written as the token is."""
        iri, space = self.iri(token) or "", self.space(token)
        names = {
            term.value[len(space) :].lower(): term.value
            for term in terms
            if isinstance(term, NamedNode) and term.value.startswith(space) and term.value != iri
        }
        close = get_close_matches(iri[len(space) :].lower(), names, 1, 0.6)
        return self.short(names[close[0]]) if close else None

    def short(self, iri: str) -> str:
        """An IRI by its longest prefix, or between angle brackets."""
        fits = [name for name, space in self.spaces.items() if space and iri.startswith(space)]
        for name in sorted(fits, key=lambda name: -len(self.spaces[name])):
            local = iri[len(self.spaces[name]) :]
            if re.fullmatch(r"[\w-]+", local):
                return f"{name}:{local}"
        return f"<{iri}>"

    def term(self, term: Term) -> str:
        """A term as a query writes it."""
        if isinstance(term, NamedNode):
            return self.short(term.value)
        if not isinstance(term, Literal) or term.language:
            return str(term)
        if term.datatype.value in _BARE:
            return term.value
        if term.datatype.value == XSD + "string":
            return str(term)
        return f'"{term.value}"^^{self.short(term.datatype.value)}'


def nearest_text(wanted: str, terms: Sequence[Term]) -> Literal | None:
    """The literal whose text is spelled most like that of the wanted one, as written."""
    text = wanted.strip().rpartition("@")[0] or wanted.strip()
    if not text.startswith(('"', "'")):
        return None
    texts = {term.value: term for term in terms if isinstance(term, Literal)}
    close = get_close_matches(text.strip("\"'"), texts, 1, 0.8)
    return texts[close[0]] if close else None


def compared(condition: Condition) -> tuple[str, str] | None:
    """The variable and the one term that a condition sets equal: `FILTER(?x = 5)`, `VALUES`."""
    for form in (
        r"FILTER\s*\(\s*[?$](\w+)\s*=\s*([^?$|&=]+)\)",
        r"VALUES\s+[?$](\w+)\s*\{\s*(\"[^\"]*\"\S*|'[^']*'\S*|<[^>]*>|[^\s\"'<]+)\s*\}",
    ):
        if match := re.fullmatch(form, condition.text, re.IGNORECASE | re.DOTALL):
            return match[1], match[2]
    return None
