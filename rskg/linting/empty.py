"""Why a query has no answer: which part of it the data never matches, and what is nearly there.

Only parts that must match are looked at, each by itself, then in pairs, then with the conditions
on them, then all together. So whatever is told is true of the data, and a query that has an
answer gets no reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from rskg.linting.groups import Condition, layout
from rskg.linting.lint import Finding
from rskg.linting.patterns import patterns
from rskg.linting.probes import MOST_NEAR, QUERY, Asking, Probe, Step, compared, nearest_text, step
from rskg.namespaces import TERM
from rskg.store.tokens import Token, tokens
from rskg.syntax import Literal, NamedNode, Term

#: Queries that people write are shorter; what is longer was made by a program.
MOST_TEXT = 20_000
MOST_STEPS = 40
MOST_LETTERS = 200
MOST_TOLD = 4
MOST_PAIRS = 24
MOST_TOGETHER = 12


def reasons(
    text: str,
    prefixes: Mapping[str, str] | None = None,
    bindings: Mapping[str, Term] | None = None,
) -> Asking[list[Finding]]:
    """Yields small queries for whoever has the data, takes their rows in TSV, returns findings.

    For a query that parses, at the graphs that it was asked of. `prefixes` need no declaration,
    `bindings` are values of parameters. None stands for rows that couldn't be had: what depends
    on them isn't told. `told` drives it where queries are answered at once. Nothing is told of a
    text of more than MOST_TEXT letters.
    """
    if not QUERY.search(text) or len(text) > MOST_TEXT:
        return []
    return (yield from _Search(text, prefixes or {}, bindings or {}).findings())


class _Search:
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
        self.values = [*self.layout.values, *self._bound(bindings)]

    def _bound(self, bindings: Mapping[str, Term]) -> list[Condition]:
        """Parameters as VALUES; told where their variable stands first."""
        places = {token.text[1:]: token for token in reversed(self.tokens)}
        found = []
        for name, term in bindings.items():
            if name in places:
                text, place = f"VALUES ?{name} {{ {term} }}", places[name]
                iri = (replace(place, kind="iri", text=str(term)),)
                terms = iri if isinstance(term, NamedNode) else ()
                found.append(Condition(text, frozenset((name,)), place, None, terms))
        return found

    def _finding(self, token: Token, kind: str, sentence: str, meant: str | None = None) -> Finding:
        line = self.text.count("\n", 0, token.start) + 1
        column = token.start - self.text.rfind("\n", 0, token.start)
        hint = f": did you mean {meant}?" if meant else ""
        return Finding(line, column, kind, sentence + hint, meant)

    def findings(self) -> Asking[list[Finding]]:
        """The first of the searches that finds something has said enough."""
        for search in (self._dead, self._apart, self._conditions, self._together):
            told = yield from search()
            if told:
                return sorted(set(told))
        return []

    def _dead(self) -> Asking[list[Finding]]:
        """Patterns that nothing matches, alone."""
        found = yield from self.probe.found([s.body for s in self.steps])
        dead = [s for n, s in enumerate(self.steps) if n not in found]
        told = [s for s in dead if self.layout.needed(s.group)] or self._dead_unions(dead)
        made: list[Finding] = []
        for one in told[:MOST_TOLD]:
            made.append((yield from self._why_dead(one)))
        return made

    def _dead_unions(self, dead: Sequence[Step]) -> list[Step]:
        """Of UNIONs whose branches all hold a dead pattern, one pattern a branch."""
        lost: dict[int | None, dict[int, Step]] = {}
        for one in dead:
            branch = self.layout.branch(one.group)
            if branch:
                lost.setdefault(branch.union, {}).setdefault(branch.brace, one)
        told: list[Step] = []
        for union, branches in lost.items():
            all_ = [g for g in self.layout.groups.values() if g.role == "branch"]
            if {g.brace for g in all_ if g.union == union} <= set(branches):
                told.extend(branches.values())
        return told

    def _why_dead(self, dead: Step) -> Asking[Finding]:
        """The term that occurs nowhere, else the graph, spelling or direction that does match."""
        known = yield from self._places(dead)
        for place, there in known.items():
            if not there and place is not None:
                return (yield from self._no_term(dead, place))
        elsewhere = [] if dead.graph else (yield from self._graphs(dead))
        if elsewhere:
            names = " and ".join(self.probe.term(name) for name in elsewhere)
            sentence = f"`{dead.shown}` is not in the default graph, but in GRAPH {names}"
            return self._finding(dead.token, "other-graph", sentence)
        if dead.literal:
            return (yield from self._no_literal(dead))
        turned = dead.within(f"{dead.object} {dead.predicate} {dead.subject}")
        if not dead.types and (yield from self.probe.found([turned])):
            sentence = f"nothing matches `{dead.shown}`, the other way round something does"
            return self._finding(dead.token, "direction", sentence)
        return self._finding(dead.token, "no-match", f"nothing matches `{dead.shown}`")

    def _places(self, dead: Step) -> Asking[dict[Token | None, bool]]:
        """For the terms of a dead pattern, whether they occur where they stand."""
        asked: list[tuple[Token | None, str]] = []
        if dead.graph and dead.graph[0] not in "?$":
            graph = self.layout.graph(dead.group)
            asked.append((graph, dead.within("?_s ?_p ?_o")))
        if not dead.types and dead.predicate[0] not in "?$":
            asked.append((dead.token, dead.within(f"?_s {dead.predicate} ?_o")))
        if dead.start and dead.subject[0] not in "?$":
            asked.append((dead.start, dead.within(f"{dead.subject} ?_p ?_o")))
        if dead.target and dead.object[0] not in "?$":
            verb = "a" if dead.types else "?_p"
            asked.append((dead.target, dead.within(f"?_s {verb} {dead.object}")))
        found = yield from self.probe.found([body for _, body in asked])
        return {token: n in found for n, (token, _) in enumerate(asked)}

    def _no_term(self, dead: Step, token: Token) -> Asking[Finding]:
        graph = self.layout.graph(dead.group)
        if token is graph:
            rows = yield from self.probe.values("?v", "GRAPH ?v { }", MOST_NEAR)
            near = self.probe.like(token, rows)
            return self._finding(token, "absent-graph", f"there is no graph {token.text}", near)
        here = "in this graph" if dead.graph else "here"
        if token is dead.token:
            near = yield from self.probe.nearest(token, property_=True)
            sentence = f"nothing has the property {token.text} {here}"
        elif dead.types:
            near = yield from self.probe.nearest(token)
            sentence = f"nothing is a {token.text} {here}"
        else:
            near = yield from self.probe.nearest(token)
            role = "is said of" if token is dead.start else "leads to"
            sentence = f"nothing {role} {token.text} {here}"
        known = yield from self.probe.found([f"{token.text} ?_p ?_o"])
        elsewhere = [] if dead.graph else (yield from self._graphs(dead))
        if elsewhere:
            sentence += f", but in GRAPH {self.probe.term(elsewhere[0])}"
        kind = "other-graph" if elsewhere else "unused-term" if known else "absent-term"
        return self._finding(token, kind, sentence, None if known or elsewhere else near)

    def _graphs(self, dead: Step) -> Asking[list[Term]]:
        return (yield from self.probe.values("?_g", f"GRAPH ?_g {{ {dead.body} }}", 2))

    def _no_literal(self, dead: Step) -> Asking[Finding]:
        body = dead.within(f"{dead.subject} {dead.predicate} ?_o")
        kind, why = yield from self._unlike("_o", body, dead.object)
        return self._finding(dead.token, kind, f"nothing matches `{dead.shown}`{why}")

    def _unlike(self, name: str, body: str, wanted: str) -> Asking[tuple[str, str]]:
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
        return "no-match", f"; there is for example {there}" if there else ""

    def _apart(self) -> Asking[list[Finding]]:
        """Pairs of patterns that match apart and never on the same thing."""
        scope = self.layout.scope
        pairs = [
            (one, other)
            for one, other in combinations(self.needed, 2)
            if one.variables & other.variables
            and scope(one.group) == scope(other.group)
            and not (one.open or other.open)
        ]
        pairs.sort(key=lambda pair: not (pair[0].types or pair[1].types))
        del pairs[MOST_PAIRS:]
        found = yield from self.probe.found([f"{a.body} . {b.body}" for a, b in pairs])
        told = [pair for n, pair in enumerate(pairs) if n not in found]
        made: list[Finding] = []
        for one, other in told[:MOST_TOLD]:
            made.append((yield from self._never_meet(one, other)))
        return made

    def _never_meet(self, one: Step, other: Step) -> Asking[Finding]:
        shared = " and ".join(f"?{name}" for name in sorted(one.variables & other.variables))
        sentence = f"`{one.shown}` and `{other.shown}` never meet in {shared}"
        kind, property_ = (one, other) if one.types else (other, one)
        if kind.types and not property_.types and kind.subject[0] in "?$":
            sample = f"{{ SELECT {kind.subject} {{ {property_.body} }} LIMIT 200 }}"
            rows = yield from self.probe.values("?_c", f"{sample} {kind.subject} a ?_c", 20)
            names = sorted(t.value for t in rows if isinstance(t, NamedNode))
            ours = [name for name in names if name.startswith(TERM)] or names
            if ours:
                classes = ", ".join(self.probe.short(name) for name in ours[:4])
                sentence += f"; with `{property_.shown}` {kind.subject} is {classes}"
        return self._finding(other.token, "never-meet", sentence)

    def _conditions(self) -> Asking[list[Finding]]:
        """FILTERs and VALUES that leave nothing of a pattern."""
        asked = [
            (condition, one)
            for condition in (*self.layout.filters, *self.values)
            for one in self.needed
            if len(condition.variables) == 1
            and condition.variables <= one.variables
            and self._concerns(condition, one)
        ][:MOST_PAIRS]
        found = yield from self.probe.found([f"{s.body} {c.text}" for c, s in asked])
        made: dict[Token, Finding] = {}
        for n, (condition, one) in enumerate(asked):
            if n not in found and condition.token not in made and len(made) < MOST_TOLD:
                made[condition.token] = yield from self._excluded(condition, one)
        return list(made.values())

    def _concerns(self, condition: Condition, one: Step) -> bool:
        """True when whatever matches the pattern must pass the condition."""
        if condition.group is None:
            return self.layout.scope(one.group) == self.root
        return condition.group in (one.group, self._outside(one))

    def _outside(self, one: Step) -> int | None:
        """The group around a GRAPH { … }."""
        group = self.layout.groups[one.group]
        return group.around if group.graph else one.group

    def _excluded(self, condition: Condition, one: Step) -> Asking[Finding]:
        (name,) = condition.variables
        sentence = f"{_shown(condition)} leaves nothing of `{one.shown}`"
        if "LANG" in condition.text.upper():
            tags = yield from self.probe.values("?_l", f"{one.body} BIND(LANG(?{name}) AS ?_l)", 20)
            there = sorted(t.value or "none" for t in tags if isinstance(t, Literal))
            words = f"{sentence}; languages there: {', '.join(there)}"
            return self._finding(condition.token, "other-language", words)
        equal = compared(condition)
        if equal is None:
            return self._finding(condition.token, "condition", sentence)
        if len(condition.terms) == 1 or equal[1].startswith("<"):
            near = yield from self._alike(condition, name, one)
            if near:
                return self._finding(condition.token, "condition", sentence, near)
        kind, why = yield from self._unlike(name, one.body, equal[1])
        return self._finding(condition.token, kind, sentence + why)

    def _alike(self, condition: Condition, name: str, one: Step) -> Asking[str | None]:
        """The term of a pattern that is spelled most like the one that is wanted."""
        if not condition.terms:
            return None
        space = self.probe.space(condition.terms[0])
        near = f'{one.body} FILTER(STRSTARTS(STR(?{name}), "{space}"))'
        rows = yield from self.probe.values(f"?{name}", near, MOST_NEAR)
        return self.probe.like(condition.terms[0], rows)

    def _together(self) -> Asking[list[Finding]]:
        """Patterns that match in pairs and not all at once; then the FILTER that leaves nothing."""
        steps = self._chain()
        if len(steps) < 2:
            return []
        bodies = [" . ".join(s.body for s in steps[: n + 1]) for n in range(1, len(steps))]
        found = yield from self.probe.found(bodies)
        lost = next((n for n in range(len(bodies)) if n not in found), None)
        if lost is not None:
            sentence = f"up to here the patterns match, with `{steps[lost + 1].shown}` no more"
            return [self._finding(steps[lost + 1].token, "together", sentence)]
        groups = {s.group for s in steps}
        names = frozenset().union(*(s.variables for s in steps if s.group == steps[0].group))
        asked = [c for c in self.values if c.group is None or c.group in groups]
        asked += [c for c in self.layout.filters if c.group == steps[0].group]
        asked = [c for c in asked if c.variables and c.variables <= names]
        found = yield from self.probe.found([f"{bodies[-1]} {c.text}" for c in asked])
        return [
            self._finding(c.token, "condition", f"{_shown(c)} leaves nothing of what matches")
            for n, c in enumerate(asked)
            if n not in found
        ]

    def _chain(self) -> list[Step]:
        """The needed patterns of the outermost SELECT, each connected with one before it."""
        rest = [s for s in self.needed if self.layout.scope(s.group) == self.root and not s.open][
            :MOST_TOGETHER
        ]
        chain = rest[:1]
        del rest[:1]
        while rest:
            known = frozenset().union(*(s.variables for s in chain))
            step_ = next((s for s in rest if s.variables & known), None)
            if step_ is None:
                break
            rest.remove(step_)
            chain.append(step_)
        return chain


def _shown(condition: Condition) -> str:
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
