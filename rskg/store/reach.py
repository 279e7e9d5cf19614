"""What a query or update would reach beyond the store: found by tokens, decided by the parser.

The engine calls any host that SERVICE or LOAD names, and offers no switch and no syntax tree. Its
parser decides all the same: a text that still parses when each `service` in it is spelled wrong
uses none, however it hides them; and where SERVICE may stand, GRAPH may stand too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from pyoxigraph import Store

from rskg.errors import QuerySyntaxError, RefusedFeature
from rskg.namespaces import BASE
from rskg.store.tokens import Token, keywords, tokens

#: What relative IRIs of a query or an update resolve against, whichever host serves.
BASE_IRI = f"{BASE}sparql"
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
#: Every other operation of an update has one of these words (SPARQL 1.1 19.8, rule 29 on).
_MORE_THAN_INSERTS = {*_UPDATES - {"INSERT"}, "WHERE", "WITH", "USING"}
_QUERIES = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_PLACE = re.compile(r"error at (\d+):(\d+): ")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
ADVICE = "no other endpoint is listed here (--allow-service); query it yourself"
_LAST_LETTERS = {
    "SERVICE": re.compile("(?<=servic)e", re.ASCII | re.IGNORECASE),
    "LOAD": re.compile("(?<=loa)d", re.ASCII | re.IGNORECASE),
}


@dataclass(frozen=True)
class Service:
    """A SERVICE block of a query: its place in the text, and what it says.

    `target` is an IRI or a variable as written, `group` the pattern with its braces. `silent` is
    said by the query; `optional` is a block that is all of, or begins, an OPTIONAL.
    """

    start: int
    end: int
    target: Token
    group: str
    silent: bool
    optional: bool


def mentions_service(query: str) -> bool:
    """False when no SERVICE can be in it; quick."""
    return "SERVICE" in query.upper()


def calls_service(query: str) -> bool:
    """True when tokens find SERVICE: its answer may be another one tomorrow."""
    return mentions_service(query) and "SERVICE" in keywords(query)


def refuse_reach(query: str, prefixes: Mapping[str, str] | None = None) -> None:
    """Raise RefusedFeature when a query would reach another host or change the store.

    Raises QuerySyntaxError when it mentions SERVICE and does not parse.
    """
    refuse_updates(query)
    if services(query, prefixes):
        raise RefusedFeature("SERVICE", ADVICE)


def refuse_updates(query: str) -> None:
    """Raise RefusedFeature when a query would change the store."""
    text = query.upper()
    if any(word in text for word in _UPDATES):
        words = keywords(query)
        if words & _UPDATES and not words & _QUERIES:
            raise RefusedFeature("update", "this store is read-only, it changes by `rskg build`")


def only_inserts(update: str) -> bool:
    """True for an update that is made of INSERT DATA alone, which depends on nothing stored.

    Escaped code points are read differently by an engine that decodes them late: then False.
    """
    words = set() if _ESCAPE.search(update) else keywords(update)
    return {"INSERT", "DATA"} <= words and not words & _MORE_THAN_INSERTS


def services(query: str, prefixes: Mapping[str, str] | None = None) -> list[Service]:
    """The SERVICE blocks of a query, outermost only, in the order of the text.

    Raises QuerySyntaxError when the word is mentioned and the query does not parse.
    """
    if not mentions_service(query):
        return []
    refuse_unparsable(query, prefixes)
    return _blocks(query, list(tokens(query)))


def refuse_unparsable(query: str, prefixes: Mapping[str, str] | None = None) -> None:
    """Raise QuerySyntaxError, with line and column, for a text that is no query."""
    text = _misspelt(_as_graphs(query, list(tokens(query))))
    try:
        Store().query(text, base_iri=BASE_IRI, prefixes=_all_misspelt(prefixes))
    except SyntaxError as error:
        raise syntax_error(query, str(error)) from error


def _misspelt(text: str) -> str:
    """The text with another last letter for each `service` and `load`, in the same places."""
    for last in _LAST_LETTERS.values():
        text = last.sub(lambda letter: chr(ord(letter[0]) + 1), text)
    return text


def _all_misspelt(prefixes: Mapping[str, str] | None) -> dict[str, str]:
    return {_misspelt(name): iri for name, iri in (prefixes or {}).items()}


def _as_graphs(query: str, read: list[Token]) -> str:
    """The query with GRAPH for each SERVICE and SERVICE SILENT; every place stays what it was."""
    text = list(query)
    for token, after in zip_longest(read, read[1:]):
        if token.says("SERVICE"):
            text[token.start : token.end] = "GRAPH  "
            if after is not None and after.says("SILENT"):
                text[after.start : after.end] = "      "
    return "".join(text)


def _blocks(query: str, read: list[Token]) -> list[Service]:
    found: list[Service] = []
    for at, token in enumerate(read):
        if token.says("SERVICE") and not (found and token.start < found[-1].end):
            found.append(_block(query, read, at))
    return found


def _block(query: str, read: list[Token], at: int) -> Service:
    silent = read[at + 1].says("SILENT")
    opening = at + 2 + silent
    depth = 0
    for token in read[opening:]:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            break
    group = query[read[opening].start : token.end]
    optional = at > 1 and read[at - 1].text == "{" and read[at - 2].says("OPTIONAL")
    return Service(read[at].start, token.end, read[opening - 1], group, silent, optional)


def syntax_error(
    query: str, message: str, kind: str = "query"
) -> QuerySyntaxError | RefusedFeature:
    """What the engine says of a text that doesn't parse, as an error with its place.

    The engine reads code point escapes in strings and IRIs only, the language (SPARQL 1.1 19.2)
    anywhere: a SERVICE spelled with them is refused like any other.
    """
    if "SERVICE" in keywords(_unescaped(query)) - keywords(query):
        return RefusedFeature("SERVICE", ADVICE)
    place = _PLACE.match(message)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    if "Prefix not found" in message:
        return QuerySyntaxError("a prefix is used but not declared", line=line, column=column)
    if place is None:
        return QuerySyntaxError(message)
    rest = query.splitlines()[line - 1 : line] if line else []
    found = rest[0][max((column or 1) - 1, 0) :].strip()[:30] if rest else ""
    where = f"at `{found}`" if found else "where it ends"
    return QuerySyntaxError(f"the {kind} does not parse {where}", line=line, column=column)


def _unescaped(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _ESCAPE.sub(character, query)
