"""Unknown terms, pairs that can't be, prefixes without use: each with line and column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rskg.linting.patterns import Pattern, patterns
from rskg.linting.vocabulary import Vocabulary
from rskg.namespaces import RDF, TERM
from rskg.store.reach import refuse_unparsable
from rskg.store.tokens import Token, tokens

_HOST = "://w3id.org/rskg/ontology"


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong, where (from 1, columns in characters), and what was probably meant."""

    line: int
    column: int
    kind: str
    sentence: str
    suggestion: str | None = None

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.kind}: {self.sentence}"


def lint(
    text: str, vocabulary: Vocabulary, prefixes: Mapping[str, str] | None = None
) -> list[Finding]:
    """What is wrong with a query, in the order of its text.

    `prefixes` are those that need no declaration. Raises QuerySyntaxError with line and column
    for a text that is no query.
    """
    refuse_unparsable(text, prefixes)
    return sorted(_Lint(text, vocabulary, prefixes or {}).findings())


class _Lint:
    def __init__(self, text: str, vocabulary: Vocabulary, prefixes: Mapping[str, str]) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.tokens = list(tokens(text))
        self.declared = {
            name.text.removesuffix(":"): (name, iri.text[1:-1])
            for word, name, iri in zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False)
            if word.says("PREFIX") and iri.kind == "iri"
        }
        self.spaces = {**prefixes, **{name: iri for name, (_, iri) in self.declared.items()}}

    def findings(self) -> list[Finding]:
        """All of them, in no order."""
        return [*self._unused(), *self._unknown(), *self._impossible()]

    def _finding(self, token: Token, kind: str, sentence: str, meant: str | None = None) -> Finding:
        line = self.text.count("\n", 0, token.start) + 1
        column = token.start - self.text.rfind("\n", 0, token.start)
        hint = f": did you mean {meant}?" if meant else ""
        return Finding(line, column, kind, sentence + hint, meant)

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        return self.spaces.get(prefix, f"{prefix}:") + local.replace("\\", "")

    def _unused(self) -> list[Finding]:
        used = {
            token.text.partition(":")[0]
            for before, token in zip([None, *self.tokens], self.tokens, strict=False)
            if token.kind == "name" and not (before and before.says("PREFIX"))
        }
        return [
            self._finding(token, "unused-prefix", f"prefix {token.text} is declared and never used")
            for name, (token, _) in self.declared.items()
            if name not in used
        ]

    def _unknown(self) -> list[Finding]:
        found = []
        for token in self.tokens:
            iri = self._iri(token) if token.kind in ("iri", "name") else ""
            if iri.startswith(TERM):
                if iri != TERM and iri not in self.vocabulary.terms:
                    found.append(self._no_term(token, iri))
            elif _HOST in iri and iri != TERM.removesuffix("#") and token.kind == "iri":
                found.append(
                    self._finding(token, "namespace", f"<{iri}> is nearly ours", f"<{TERM}>")
                )
        return found

    def _no_term(self, token: Token, iri: str) -> Finding:
        near = self.vocabulary.nearest(iri)
        prefix = token.text.partition(":")[0] + ":" if token.kind == "name" else TERM
        meant = prefix + near if near else None
        return self._finding(token, "unknown-term", f"the ontology has no {token.text}", meant)

    def _impossible(self) -> list[Finding]:
        """Patterns on one variable, in one group or those around it, that exclude each other."""
        facts: dict[str, list[_Fact]] = defaultdict(list)
        found = []
        for pattern in patterns(self.tokens):
            said = self._facts(pattern)
            for name, fact in said:
                clash = next((old for old in facts[name] if self._clash(old, fact)), None)
                if clash:
                    sentence = f"{name} can't be both: {clash.sentence}, and {fact.sentence}"
                    found.append(self._finding(fact.token, "impossible", sentence))
                else:
                    facts[name].append(fact)
            if pattern.literal and self._only_things(pattern):
                sentence = f"{pattern.predicate.text} leads to a thing, never to a literal"
                found.append(self._finding(pattern.predicate, "impossible", sentence))
        return found

    def _only_things(self, pattern: Pattern) -> bool:
        iri = self._iri(pattern.predicate)
        return iri in self.vocabulary.ranges and self._literal(iri) is False

    def _literal(self, predicate: str) -> bool | None:
        """Whether a property of ours leads to literals; None for what isn't ours."""
        if not predicate.startswith(TERM) or predicate not in self.vocabulary.terms:
            return None
        return predicate in self.vocabulary.literal

    def _facts(self, pattern: Pattern) -> list[tuple[str, _Fact]]:
        predicate, verb = pattern.predicate, self._iri(pattern.predicate)
        facts: list[tuple[str, _Fact]] = []
        subject, target = _variable(pattern.subject), _variable(pattern.object)
        if predicate.says("A") or verb == RDF + "type":
            if subject and pattern.object and not target:
                kinds = frozenset((self._iri(pattern.object),))
                facts.append(
                    (subject, _Fact(predicate, f"a {pattern.object.text}", kinds, pattern.groups))
                )
            return facts
        if subject:
            said = f"subject of {predicate.text}"
            for kinds in self.vocabulary.domains.get(verb, [frozenset()]):
                facts.append((subject, _Fact(predicate, said, kinds, pattern.groups)))
        if target and self._literal(verb) is not None:
            said = f"object of {predicate.text}"
            if self._literal(verb):
                facts.append((target, _Fact(predicate, said, frozenset(), pattern.groups, True)))
            else:
                for kinds in self.vocabulary.ranges.get(verb, []):
                    facts.append((target, _Fact(predicate, said, kinds, pattern.groups)))
        return facts

    def _clash(self, one: _Fact, other: _Fact) -> bool:
        if one.groups[0] not in other.groups and other.groups[0] not in one.groups:
            return False
        if one.literal or other.literal:
            return one.literal != other.literal
        return bool(one.kinds and other.kinds) and self.vocabulary.apart(one.kinds, other.kinds)


@dataclass(frozen=True)
class _Fact:
    token: Token
    sentence: str
    kinds: frozenset[str]
    groups: Sequence[int]
    literal: bool = False


def _variable(token: Token | None) -> str | None:
    return token.text if token and token.kind == "variable" else None
