"""RDF terms as Python's own values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from rskg.namespaces import XSD
from rskg.syntax import Literal, NamedNode, Term

Value = str | int | float | bool | Decimal | dt.date | dt.datetime | None

_READ: dict[str, Callable[[str], Value]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
    XSD + "date": dt.date.fromisoformat,
    XSD + "dateTime": dt.datetime.fromisoformat,
    XSD + "gYear": int,
}


def value_of(term: Term | None) -> Value:
    """The number, date or truth that a literal says, else its text; an IRI as its text.

    What Python has no value for (a date with a zone, a text that is no number) stays text.
    """
    if term is None:
        return None
    if isinstance(term, Literal):
        read = _READ.get(term.datatype.value)
        try:
            return read(term.value) if read else term.value
        except (ValueError, InvalidOperation):
            return term.value
    return term.value if isinstance(term, NamedNode) else str(term)
