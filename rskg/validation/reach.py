"""What the SPARQL in shapes may not do: reach beyond the data (SHACL 5.2.1, 5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rskg.errors import ShapesError
from rskg.namespaces import SH
from rskg.syntax import Literal, Triple

_TEXTS = {SH + name for name in ("select", "ask", "construct", "update")}
_FORBIDDEN = {"SERVICE", "FROM", "LOAD"}
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
#: What may hold any word, and then the words.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|'
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'(?:[^'\\\n]|\\.)*'|"
    r"<[^<>\s\"{}|^`\\]*>|#[^\n]*|[?$:@][\w-]*|[\w.-]*:[\w.-]*|(?P<word>\w+)",
    re.DOTALL,
)


def refuse(shapes: Iterable[Triple]) -> None:
    """Raise ShapesError where a constraint's SPARQL names another source of data."""
    for triple in shapes:
        if triple.predicate.value in _TEXTS and isinstance(triple.object, Literal):
            text = _ESCAPE.sub(lambda found: _letter(found[1] or found[2]), triple.object.value)
            words = {found["word"].upper() for found in _TOKEN.finditer(text) if found["word"]}
            for word in sorted(words & _FORBIDDEN):
                raise ShapesError(
                    f"{triple.subject}: {word} in a shape's SPARQL is refused: a check looks at "
                    "nothing but the files it is given"
                )


def _letter(code: str) -> str:
    return chr(min(int(code, 16), 0x10FFFF))
