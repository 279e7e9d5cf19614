"""Reading an update before it runs: does it parse, would it reach out, which graphs does it see.

What is looked for is found by its letters, and decided by the engine's own parser: an update in
which a word was misspelt on purpose still parses where the word was part of a name or a text,
and no longer where it was a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from pyoxigraph import Store

from rskg.errors import QuerySyntaxError, RefusedFeature, UsageError
from rskg.store.reach import BASE_IRI, syntax_error
from rskg.store.tokens import tokens

_GAP = r"(?:\s|#[^\n\r]*[\n\r])*"
_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_SILENT = re.compile(rf"LOAD({_GAP}SILENT{_GAP})(?:{_IRI}|[^\s<>{{}}();#]*:[^\s<>{{}}();#]*)", re.I)
#: A place that nothing can be loaded from: the engine knows no such scheme.
_NOWHERE = "<refused:>"
_NEUTRAL = re.compile(rf"LOAD(?!{_GAP}SILENT{_GAP}{re.escape(_NOWHERE)})", re.I)
#: So many silent loads in one update are looked at one by one.
_MOST_SILENT = 100


class UpdateParser:
    """The engine's parser by itself: a store that can't be written parses and does nothing."""

    def __init__(self) -> None:
        with TemporaryDirectory() as place:
            Store(place).flush()
            self._store = Store.read_only(place)

    def check(self, text: str) -> None:
        """Raise QuerySyntaxError when an update doesn't parse."""
        try:
            self._store.update(text, base_iri=BASE_IRI)
        except SyntaxError as error:
            raise syntax_error(text, str(error), "update") from error
        except RuntimeError:
            return  # it parses: the store refused to begin

    def parses(self, text: str) -> bool:
        """True when an update parses."""
        try:
            self.check(text)
        except QuerySyntaxError:
            return False
        return True

    def harmless(self, text: str) -> str:
        """The update, if it reaches no other place: LOAD SILENT fails, which is a success.

        Raises QuerySyntaxError, and RefusedFeature for SERVICE and LOAD.
        """
        if not any(_letters(word).search(text) for word in ("SERVICE", "LOAD")):
            return text
        self.check(text)
        if not self.parses(_letters("SERVICE").sub("sxrvice", text)):
            raise RefusedFeature("SERVICE", "this endpoint never calls another one")
        if not self.parses(_letters("LOAD").sub("lxad", text)):
            text = self._silenced(text)
            if not self.parses(_NEUTRAL.sub("lxad", text)):
                raise RefusedFeature("LOAD", "send the document itself to /graphs?graph=IRI")
        return text

    def _silenced(self, text: str) -> str:
        """The update with another place in each LOAD SILENT that is an operation."""
        found = list(_SILENT.finditer(text))
        if len(found) > _MOST_SILENT:
            raise RefusedFeature("LOAD", "send the document itself to /graphs?graph=IRI")
        for match in reversed(found):
            before, after = text[: match.start()], text[match.end() :]
            misspelt = f"{before}lxad{text[match.start() + 4 : match.end()]}{after}"
            if not self.parses(misspelt):
                text = f"{before}LOAD{match[1]}{_NOWHERE}{after}"
        return text


def _letters(word: str) -> re.Pattern[str]:
    """A word in any case, each letter as it is or as a code point escape."""

    def letter(sign: str) -> str:
        codes = "|".join(f"{ord(case):02X}" for case in (sign.upper(), sign.lower()))
        return rf"(?:{sign}|\\u00(?:{codes})|\\U000000(?:{codes}))"

    return re.compile("".join(map(letter, word)), re.IGNORECASE)


def with_dataset(text: str, using: Sequence[str], named: Sequence[str]) -> str:
    """The update with USING clauses, which the protocol's parameters stand for.

    Raises UsageError when the text names its graphs itself (SPARQL 1.1 Protocol 2.2.3).
    """
    if not using and not named:
        return text
    clauses = [f"USING <{iri}>" for iri in using] + [f"USING NAMED <{iri}>" for iri in named]
    clause = " ".join(clauses)
    parts, done, last = [], 0, ""
    for word, place in _top_words(text):
        if word in ("USING", "WITH"):
            raise UsageError(
                "the graphs are named twice: by using-graph-uri or using-named-graph-uri and by "
                f"{word} in the update; choose one"
            )
        if word == "WHERE":
            parts.append(text[done:place])
            if last == "DELETE":
                parts.append(_group_at(text, place) + " ")
            parts.append(f"{clause} ")
            done = place
        last = word
    return "".join(parts) + text[done:]


def _top_words(text: str) -> list[tuple[str, int]]:
    """The words outside all braces, in capitals, with their places; an empty one for a brace."""
    words, depth = [], 0
    for token in tokens(text):
        if token.text in "{}":
            depth += 1 if token.text == "{" else -1
            words.append(("", token.start))
        elif token.kind == "word" and depth == 0:
            words.append((token.text.upper(), token.start))
    return words


def _group_at(text: str, place: int) -> str:
    """The first group in braces from a place on."""
    start, depth = -1, 0
    for token in tokens(text[place:]):
        if token.text == "{":
            start = token.start if depth == 0 else start
            depth += 1
        elif token.text == "}":
            depth -= 1
            if depth == 0:
                return text[place + start : place + token.end]
    raise UsageError("the update has a group that doesn't end")
