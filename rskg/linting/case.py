"""A query without an answer: its patterns and conditions, and how to ask the data about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rskg.linting.groups import Condition, layout
from rskg.linting.lint import Finding
from rskg.linting.patterns import patterns
from rskg.linting.probes import MOST_NEAR, Asking, Probe, Step, nearest_text, step
from rskg.store.tokens import Token, tokens
from rskg.syntax import Literal, NamedNode, Term

MOST_STEPS = 40
MOST_LETTERS = 200
MOST_TOLD = 4
MOST_PAIRS = 24


class Case:
    """The parts of a query that must match, with a probe into the data."""

    def __init__(
        self, text: str, prefixes: Mapping[str, str], bindings: Mapping[str, Term]
    ) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.probe = Probe(text, self.tokens, prefixes)
        self.layout = layout(text, self.tokens)
        known = [p for p in patterns(self.tokens) if p.groups[0] in self.layout.groups]
        self.steps = [step(text, p, self.layout) for p in known][:MOST_STEPS]
        self.needed = [s for s in self.steps if self.layout.needed(s.group)]
        first = next((g for g in self.layout.groups.values() if g.role == "select"), None)
        self.root = first.brace if first else None
        self.bindings = bindings
        self.bound = self._bound()
        self.values = [*self.layout.values, *self.bound]

    def _bound(self) -> list[Condition]:
        """Parameters as VALUES; told where their variable stands first."""
        places = {token.text[1:]: token for token in reversed(self.tokens)}
        found = []
        for name, term in self.bindings.items():
            if name in places:
                text, place = f"VALUES ?{name} {{ {term} }}", places[name]
                iri = (replace(place, kind="iri", text=str(term)),)
                terms = iri if isinstance(term, NamedNode) else ()
                found.append(Condition(text, frozenset((name,)), place, None, terms))
        return found

    def whole(self, values: Sequence[Condition], cut: tuple[int, int] | None = None) -> str | None:
        """The query as a part of another, with values for parameters and without a cut.

        None where it can't be one. The values stand in its outermost group, where an engine
        narrows the search by them.
        """
        if self.root is None or self.probe.graphs:
            return None
        forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
        first = next((t for t in self.tokens if t.text.upper() in forms), None)
        if first is None or not first.says("SELECT"):
            return None
        begin, inside = first.start, self.tokens[self.root].end
        start, end = cut or (inside, inside)
        told = " ".join(one.text for one in values)
        whole = f"{self.text[inside:start]} {self.text[end:]}"
        return f"{{ {self.text[begin:inside]} {told} {whole}\n}}"

    def finding(self, token: Token, kind: str, sentence: str, meant: str | None = None) -> Finding:
        """What is told of a token, at its line and column."""
        line = self.text.count("\n", 0, token.start) + 1
        column = token.start - self.text.rfind("\n", 0, token.start)
        hint = f": did you mean {meant}?" if meant else ""
        return Finding(line, column, kind, sentence + hint, meant)

    def graphs(self, dead: Step) -> Asking[list[Term]]:
        """Named graphs in which a pattern matches that matches nothing where it stands."""
        pattern = f"{dead.subject} {dead.predicate} {dead.object}\n"
        return (yield from self.probe.values("?_g", f"GRAPH ?_g {{ {pattern} }}", 2))

    def unlike(self, name: str, body: str, wanted: str) -> Asking[tuple[str, str]]:
        """How the terms of a variable differ from the wanted one: the kind, and the words."""
        for change in ("STR({})", "LCASE(STR({}))"):
            same = f"{change.format(f'?{name}')} = {change.format(wanted)}"
            found = yield from self.probe.values(f"?{name}", f"{body} FILTER({same}\n)", 4)
            if found:
                there = ", ".join(self.probe.term(term) for term in found)
                kind = _difference(found, wanted) if change.startswith("STR") else "spelling"
                return kind, f"; there is {there}"
        found = yield from self.probe.values(f"?{name}", body, MOST_NEAR)
        near = nearest_text(wanted, found)
        if near:
            return "spelling", f"; there is {self.probe.term(near)}"
        there = ", ".join(self.probe.term(term) for term in found[:3])
        texts = all(isinstance(term, Literal) for term in found)
        alike = f"{body} FILTER(DATATYPE(?{name}) = DATATYPE({wanted}\n))"
        kind = "no-match"
        if found and texts and not (yield from self.probe.found([alike])):
            kind = "other-datatype"
        return kind, f"; there is for example {there}" if there else ""


def shown(condition: Condition) -> str:
    """A condition as people read it; a parameter stands at its variable."""
    words = " ".join(condition.text.split())
    if condition.token.kind == "variable":
        return "the parameter " + words.removeprefix("VALUES ?").replace(" {", " =").rstrip("} ")
    return words if len(words) <= MOST_LETTERS else words[:MOST_LETTERS] + "…"


def _difference(found: Sequence[Term], wanted: str) -> str:
    """In what terms of the same text differ from the wanted one."""
    languages = any(isinstance(t, Literal) and t.language for t in found)
    if languages or "@" in wanted:
        return "other-language"
    return "other-datatype" if all(isinstance(t, Literal) for t in found) else "no-match"
