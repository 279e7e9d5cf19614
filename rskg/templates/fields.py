"""What a template asks for: one field a property, as shapes and ontology say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rskg.syntax import Literal, NamedNode

#: The two columns that every template begins with: the row's own name, and its class.
ID, TYPE = "id", "type"
#: What parts several values of a cell; texts and addresses have semicolons of their own.
SEPARATOR = "|"
#: A row whose first cell begins so isn't read.
REMARK = "#"
#: The language of names and headings where none is asked for.
LANGUAGE = "en"


@dataclass(frozen=True)
class Choice:
    """A value of a list, what it is written as and what people call it."""

    term: NamedNode | Literal
    slug: str
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """Its IRI, "" for a literal."""
        return self.term.value if isinstance(self.term, NamedNode) else ""


@dataclass(frozen=True)
class Field:
    """A property that a row may have.

    `names` and `notes` are by language. `choices` are its list of values; `classes` of what else
    its values are, `datatypes` of its literals. `worded` is text in a language; `addresses` says
    that an IRI may stand, `texts` that a literal may. `stated`: of the row's statement.
    """

    path: str
    names: Mapping[str, str]
    notes: Mapping[str, str]
    required: bool
    single: bool
    choices: tuple[Choice, ...] = ()
    classes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    worded: bool = False
    addresses: bool = True
    texts: bool = True
    stated: bool = False

    @property
    def local(self) -> str:
        """The property's name without its namespace."""
        return local(self.path)


@dataclass(frozen=True)
class Template:
    """The table of one class: its fields in their order, and an invented row as cells by path.

    `companions` are the classes without which a row of this one doesn't conform, as a process needs
    who issues it: rows of all of them may stand in one table.
    """

    iri: str
    labels: Mapping[str, str]
    notes: Mapping[str, str]
    kind: str
    fields: tuple[Field, ...]
    classes: tuple[str, ...]
    example: Mapping[str, str]
    companions: tuple[Template, ...] = ()

    @property
    def together(self) -> tuple[Template, ...]:
        """This template and those that it needs."""
        return (self, *self.companions)

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields of all of them, each property once, those of the statement last."""
        every = {one.path: one for each in reversed(self.together) for one in each.fields}
        order = dict.fromkeys(one.path for each in self.together for one in each.fields)
        found = [every[path] for path in order]
        return tuple(sorted(found, key=lambda one: one.stated))

    @property
    def name(self) -> str:
        """The class's name, as people give it."""
        return local(self.iri)

    def headings(self, language: str = LANGUAGE) -> list[str]:
        """The heading of each field: its name, with the language where its cells are words."""
        seen: set[str] = {ID, TYPE}
        found = []
        for one in self.columns:
            name = said(one.names, language) or one.local
            name = f"{name} ({one.local})" if name in seen else name
            seen.add(name)
            found.append(f"{name}@{language}" if one.worded else name)
        return found

    def field_of(self, heading: str) -> tuple[Field, str] | None:
        """The field that a heading names, in any language, and the language of its cells or ""."""
        name, _, language = heading.strip().partition("@")
        return (one, language.strip()) if (one := self._known.get(_folded(name))) else None

    @cached_property
    def _known(self) -> dict[str, Field]:
        """Each spelling of a heading; where two fields share a name, it is the first one's."""
        found: dict[str, Field] = {}
        for one in self.fields:
            names = [*one.names.values(), one.local, one.path]
            names += [f"{name} ({one.local})" for name in one.names.values()]
            for name in names:
                found.setdefault(_folded(name), one)
        return found


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def said(texts: Mapping[str, str], language: str = LANGUAGE) -> str:
    """The text in this language, else in ours, else any."""
    return texts.get(language) or texts.get(LANGUAGE) or next(iter(texts.values()), "")


def local(iri: str) -> str:
    """What stands behind the last `#` or `/`."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def listed(choices: Sequence[Choice], most: int = 12) -> str:
    """The first choices as words."""
    names = ", ".join(one.slug for one in choices[:most])
    return f"{names}, …" if len(choices) > most else names
