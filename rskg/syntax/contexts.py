"""The one JSON-LD context that a document may name by its IRI, put where it is named.

Nothing is ever fetched: any other context has to stand in the document itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import JSONDecoder

from rskg.errors import DocumentTooLarge
from rskg.namespaces import CONTEXT

#: A document names it once, or once for each of its parts; more would be a bomb.
MOST = 1000
REMOTE = (
    "a context other than "
    f"{CONTEXT} has to stand in the document itself: nothing is fetched from elsewhere"
)
_IRI = re.escape(CONTEXT).replace("/", r"\\?/")
_NAMED = re.compile(f'"{_IRI}"')
_NAMED_BYTES = re.compile(_IRI.encode())
_MEMBER = re.compile(r'"@context"\s*:\s*')
_SPACE = re.compile(r"[\s,]*")
_LONGEST = 2 * len(CONTEXT)


@dataclass(frozen=True)
class Placed:
    """A document with the context in its place, which leads back to the document as written.

    `starts` and `ends` are of the context in the new text, `spans` of its name in the old one.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def back(self, offset: int) -> int:
        """The offset in the document as written; that of the name for what is in the context."""
        last = bisect_right(self.starts, offset) - 1
        if last < 0:
            return offset
        start, end = self.spans[last]
        return start if offset < self.ends[last] else end + offset - self.ends[last]

    def line_and_column(self, line: int, column: int) -> tuple[int, int]:
        """The same for a line and column, which count from 1; the context has no line break."""
        start = 0
        for _ in range(line - 1):
            start = self.text.find("\n", start) + 1
        back = self.back(start)
        return line, self.back(start + column - 1) - back + 1


def are_named(chunks: Iterable[bytes]) -> bool:
    """Whether a document may name the context: a quick look."""
    before = b""
    for chunk in chunks:
        if _NAMED_BYTES.search(before + chunk):
            return True
        before = chunk[-_LONGEST:]
    return False


def placed(text: str, document: str, name: str, most: int | None) -> Placed:
    """The text with the context document's own context wherever it is named.

    Raises DocumentTooLarge for more than `MOST` of them, or for more characters than `most`.
    """
    spans = sorted(set(_spans(text)))
    context = document[document.index("{", 1) : document.rindex("}")]
    if len(spans) > MOST or (most is not None and len(text) + len(spans) * len(context) > most):
        said = f"the document names the context {len(spans):,} times: name it once, at the top"
        raise DocumentTooLarge(said, path=name)
    pieces, starts, ends, last, size = list[str](), list[int](), list[int](), 0, 0
    for start, end in spans:
        pieces += [text[last:start], context]
        starts.append(size + start - last)
        size = starts[-1] + len(context)
        ends.append(size)
        last = end
    whole = "".join([*pieces, text[last:]])
    return Placed(whole, tuple(starts), tuple(ends), tuple(spans))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the IRI stands as a context, alone or on a list."""
    for member in _MEMBER.finditer(text):
        place = member.end()
        if named := _NAMED.match(text, place):
            yield named.span()
        elif text.startswith("[", place):
            yield from _items(text, place + 1)


def _items(text: str, place: int) -> Iterator[tuple[int, int]]:
    decoder = JSONDecoder()
    while True:
        space = _SPACE.match(text, place)
        place = space.end() if space else place
        if named := _NAMED.match(text, place):
            yield named.span()
            place = named.end()
            continue
        try:
            _, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):  # the list's end, or what the parser will tell of
            return
