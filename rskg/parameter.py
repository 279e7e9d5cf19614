"""A parameter of a question: what may be said in it, and the RDF term that this stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rskg.errors import InputError, UsageError
from rskg.namespaces import XSD, thing
from rskg.syntax import Literal, NamedNode, Term

TYPES = ("iri", "string", "integer", "boolean")
_KEYS = {"name", "type", "description", "default", "scheme", "choices"}
_WHOLE = re.compile(r"[+-]?[0-9]+")
#: A wrong value is told up to here.
_MOST_TOLD = 80


@dataclass(frozen=True)
class Parameter:
    """A projected variable that the asker may set.

    `schemes` names the kinds whose things are the choices, so that a bare slug is enough: of the
    first kind, or of another where the graph knows it. `choices` are the only values of a string,
    where there are such.
    """

    name: str
    type: str
    description: str
    default: str | None = None
    schemes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    def slug(self, iri: str) -> str:
        """The last part of the IRI of a thing of its kinds; any other value as it is."""
        for scheme in self.schemes:
            if iri.startswith(thing(scheme, "")):
                return iri.removeprefix(thing(scheme, ""))
        return iri

    def term(self, value: str) -> Term:
        """The RDF term that a text value stands for; raises UsageError when it is none."""
        if self.type == "iri":
            return NamedNode(self._iri(value))
        if self.type == "integer":
            if not _WHOLE.fullmatch(value):
                raise self._wrong("a whole number", value)
            return Literal(value, datatype=NamedNode(XSD + "integer"))
        if self.type == "boolean":
            if value not in ("true", "false"):
                raise self._wrong("true or false", value)
            return Literal(value, datatype=NamedNode(XSD + "boolean"))
        if self.choices and value not in self.choices:
            raise self._wrong(f"one of {', '.join(self.choices)}", value)
        return Literal(value)

    def _iri(self, value: str) -> str:
        given = value if "://" in value or not self.schemes else thing(self.schemes[0], value)
        try:
            NamedNode(given)
        except ValueError as error:
            raise self._wrong("an IRI", value) from error
        return given

    def _wrong(self, wanted: str, value: str) -> UsageError:
        told = value if len(value) <= _MOST_TOLD else value[:_MOST_TOLD] + "…"
        near = get_close_matches(value, self.choices, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return UsageError(f"parameter {self.name} takes {wanted}, not `{told}`{hint}")


def parameter(entry: Mapping[str, object], path: Path) -> Parameter:
    """One entry under `parameters:` in a header; raises InputError where it says nothing clear."""
    name, kind = entry.get("name"), entry.get("type", "string")
    if not name or kind not in TYPES:
        raise InputError(f"a parameter needs a name and a type of {', '.join(TYPES)}", path=path)
    if unknown := set(entry) - _KEYS:
        raise InputError(f"parameter {name} has an unknown key `{min(unknown)}`", path=path)
    default, scheme = entry.get("default"), entry.get("scheme") or ()
    schemes = (scheme,) if isinstance(scheme, str) else scheme
    choices = entry.get("choices") or ()
    if not isinstance(schemes, list | tuple) or (schemes and kind != "iri"):
        raise InputError(f"the scheme of {name} is a kind of things, or several", path=path)
    if not isinstance(choices, list | tuple) or (choices and kind != "string"):
        raise InputError(f"the choices of {name} are a list of strings", path=path)
    made = Parameter(
        name=str(name),
        type=str(kind),
        description=str(entry.get("description") or ""),
        default=None if default is None else str(default),
        schemes=tuple(str(one) for one in schemes),
        choices=tuple(str(one) for one in choices),
    )
    if made.default is not None:
        try:
            made.term(made.default)
        except UsageError as error:
            raise InputError(f"the default of {error}", path=path) from error
    return made
