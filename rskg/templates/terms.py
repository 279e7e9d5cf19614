"""From what stands in a cell to a term, or a sentence that says why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from rskg.cells import DATATYPES
from rskg.namespaces import THING, XSD, thing
from rskg.syntax import Literal, NamedNode, Term
from rskg.templates.fields import SEPARATOR, Choice, Field, listed, local
from rskg.templates.vocabulary import Vocabulary

_ADDRESS = re.compile(r"(?:https?|urn|mailto|doi):[^\s<>\"{}|\\^`]+")
_NAME = re.compile(r"([a-z][a-z0-9-]*):([A-Za-z0-9][\w.-]*)")
SLUG = re.compile(r"[A-Za-z0-9][\w.-]*")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*")
_PART = re.compile(rf"(?<!\\){re.escape(SEPARATOR)}")
#: A figure with a decimal comma; with three digits behind it, it may be one of thousands.
_FIGURE = re.compile(r"[+-]?[0-9]+(?:,(?:[0-9]{1,2}|[0-9]{4,}))?")
_MORE = {
    "gYearMonth": (re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"), "a month such as 2026-11"),
    "dateTime": (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?"),
        "a time such as 2026-11-22T10:00:00Z",
    ),
}
_KINDS = DATATYPES | _MORE


class NoTerm(ValueError):
    """A cell that is no value of its field; the sentence says why."""


@dataclass(frozen=True)
class Reader:
    """Reads the cells of one table: `row` finds the IRI of a row of the same table by its id."""

    vocabulary: Vocabulary
    prefixes: Mapping[str, str]
    row: Callable[[str, Field], str | None]

    def terms(self, one: Field, cell: str, language: str) -> list[Term]:
        """The values of a cell; raises NoTerm."""
        if one.worded and not language:
            raise NoTerm(f"say the language in the heading, as {one.local}@en")
        if language and not (one.worded or one.texts):
            raise NoTerm("this column takes no words, so its heading has no language")
        if language and not _LANGUAGE.fullmatch(language):
            raise NoTerm(f"`{language}` is no language: take a code such as en or fr")
        if language:
            return [Literal(cell.strip(), language=language)]
        parts = [part.replace(f"\\{SEPARATOR}", SEPARATOR).strip() for part in _PART.split(cell)]
        found = [self._term(one, part) for part in parts if part]
        if one.single and len(found) > 1:
            raise NoTerm(f"one value only; here are {len(found)}")
        return found

    def _term(self, one: Field, text: str) -> Term:
        for choice in one.choices:
            if text.casefold() in _spellings(choice):
                return choice.term
        if one.classes or one.choices:
            return NamedNode(self._thing(one, text))
        if one.datatypes:
            return _typed(one, text)
        if one.addresses:
            iri = self.iri(text)
            if iri:
                return NamedNode(iri)
            if not one.texts:
                raise NoTerm(f"`{text}` is no address: give one that starts with https://")
        return Literal(text)

    def _thing(self, one: Field, text: str) -> str:
        row = self.row(text, one)
        if row:
            return row
        closed = {c.iri.rpartition("/")[0] + "/" for c in one.choices if c.iri}
        iri = self.iri(text)
        if iri is None and SLUG.fullmatch(text):
            kinds = {kind for each in one.classes for kind in self.vocabulary.kinds(each)}
            if len(kinds) == 1:
                iri = thing(kinds.pop(), text)
        if iri is not None and not iri.startswith(tuple(closed) or ("\0",)):
            return iri
        if one.choices:
            raise NoTerm(f"`{text}` isn't on the list: {listed(one.choices)}")
        names = [name for each in one.classes for name in self.vocabulary.kinds(each)[:1]]
        such = f", such as {names[0]}:its-name" if names else ""
        raise NoTerm(f"`{text}` names nothing: give an id of this table or an IRI{such}")

    def iri(self, text: str) -> str | None:
        """The IRI that a text is, or abbreviates by a prefix or by the kind of a thing."""
        if _ADDRESS.fullmatch(text.strip("<>")):
            return text.strip("<>")
        name = _NAME.fullmatch(text)
        if name is None:
            return None
        return self.prefixes.get(name[1], f"{THING}{name[1]}/") + name[2]


def _spellings(choice: Choice) -> set[str]:
    kind = local(choice.iri.rpartition("/")[0])
    every = {choice.iri, choice.slug, f"{kind}:{choice.slug}", *choice.labels.values()}
    return {one.casefold() for one in every if one}


def _typed(one: Field, text: str) -> Literal:
    names = [datatype.removeprefix(XSD) for datatype in one.datatypes]
    for datatype, name in zip(one.datatypes, names, strict=True):
        written = text.lower() if name == "boolean" else text
        if name not in _KINDS or (_KINDS[name][0].fullmatch(written) and _is_day(name, written)):
            return Literal(written, datatype=NamedNode(datatype))
    wanted = " or ".join(dict.fromkeys(_KINDS[name][1] for name in names))
    raise NoTerm(f"`{text}` is not {wanted}{_unit(one, text)}")


def _unit(one: Field, text: str) -> str:
    if XSD + "decimal" in one.datatypes or XSD + "integer" in one.datatypes:
        if re.search(r"[0-9]\s*[^\W\d]+$", text):
            return "; a unit has a column of its own"
        meant = re.sub(r"[\s'\u2019]", "", text)
        write = f": {meant.replace(',', '.')}" if _FIGURE.fullmatch(meant) else ""
        return f"; a point before decimals, and no spaces or commas{write}"
    return ""


def _is_day(name: str, text: str) -> bool:
    try:
        return name != "date" or bool(date.fromisoformat(text))
    except ValueError:
        return False
