"""Where in a document of N-Triples each subject's lines stand, from one reading of it.

Lines about one subject that follow each other are a block. Where a subject may hide, by the layout
or by an escape, a whole stretch of text counts as about every subject.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

from rskg.syntax.lines import whole_lines
from rskg.syntax.sources import BOM, Source

#: More blocks than a document sorted by subject has: an index would be as large as the document.
MOST = 500_000
#: Elsewhere a line has its subject behind a space, without one behind it, or with an escape in it.
_BLOCK = re.compile(rb"^(<[^<>\s\\]*+>|_:[^<>\s]++) [^\n]*+\n?(?:\1 [^\n]*+\n?)*+", re.MULTILINE)
_ESCAPED = re.compile(rb"<[^<>\" ]*\\")


def odd(stretch: bytes) -> bool:
    """Whether a term may stand otherwise than between two spaces, or with an escape in it."""
    if any(mark in stretch for mark in (b"\t", b"><", b"\n ")) or stretch[:1] == b" ":
        return True
    if b"\r" in stretch and stretch.count(b"\r") != stretch.count(b"\r\n"):
        return True
    return b"\\" in stretch and bool(_ESCAPED.search(stretch))


class Blocks:
    """An index of a document's blocks, made when it is first asked.

    What it is asked for raises InputError as `Source.chunks` does.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._done = self._blank = False
        self._last: dict[bytes, int] = {}
        # of each block: the one before it about the same subject, and where it starts
        self._before, self._starts = array("q"), array("q")
        # of each stretch: where it starts, and the lines before it
        self._stretches, self._lines = array("q"), array("q")
        self._odd: set[int] = set()

    def usable(self) -> bool:
        """Whether the document has few enough blocks."""
        if not self._done:
            self._index()
            self._done = True
        return len(self._starts) <= MOST

    def certain(self) -> bool:
        """Whether moreover every subject stands where it is looked for, and no node is blank."""
        return self.usable() and not self._odd and not self._blank

    def _index(self) -> None:
        start = number = 0
        for stretch in whole_lines(self._source):
            self._stretches.append(start)
            self._lines.append(number)
            self._blank = self._blank or b"_:" in stretch
            if not self._note(stretch, start):
                self._odd.add(len(self._stretches) - 1)
            if len(self._starts) > MOST:
                self._last.clear()
                break
            start += len(stretch)
            number += stretch.count(b"\n")
        self._stretches.append(start)

    def _note(self, stretch: bytes, start: int) -> bool:
        """Take note of the blocks; False where there is more than blocks."""
        last, before, starts = self._last, self._before, self._starts
        reached = 0
        for found in _BLOCK.finditer(stretch):
            at, end = found.span()
            if at != reached:
                break
            reached = end
            subject = found[1]
            before.append(last.get(subject, -1))
            last[subject] = len(starts)
            starts.append(start + at)
        return reached == len(stretch)

    def about(self, subjects: Iterable[bytes]) -> bytes:
        """The lines about these subjects; for a document that is `certain`."""
        with self._source.open() as file:
            skipped = _skipped(file)
            return b"".join(_read(file, skipped, *self._span(n)) for n in self._of(subjects))

    def numbered(self, subjects: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        """Their blocks, each after the number of lines before it, and every stretch in which such
        a subject may hide.
        """
        found = ((self._stretch(self._starts[n]), n) for n in self._of(subjects))
        wanted = [pair for pair in found if pair[0] not in self._odd]
        wanted += [(stretch, -1) for stretch in self._odd]
        with self._source.open() as file:
            skipped = _skipped(file)
            for stretch, blocks in groupby(sorted(wanted), key=itemgetter(0)):
                first, line = self._stretches[stretch], self._lines[stretch]
                text = _read(file, skipped, first, self._stretches[stretch + 1])
                counted = 0
                for _, block in blocks:
                    start, end = self._span(block) if block >= 0 else (first, first + len(text))
                    line += text.count(b"\n", counted, start - first)
                    counted = start - first
                    yield line, text[counted : end - first]

    def _of(self, subjects: Iterable[bytes]) -> list[int]:
        """The blocks of these subjects, in their order."""
        self.usable()
        found = []
        for subject in subjects:
            block = self._last.get(subject, -1)
            while block >= 0:
                found.append(block)
                block = self._before[block]
        return sorted(found)

    def _span(self, block: int) -> tuple[int, int]:
        start = self._starts[block]
        end = self._stretches[self._stretch(start) + 1]
        return start, min(end, self._starts[block + 1]) if block + 1 < len(self._starts) else end

    def _stretch(self, place: int) -> int:
        return bisect_right(self._stretches, place) - 1


def _skipped(file: BinaryIO) -> int:
    return len(BOM) if file.read(len(BOM)) == BOM else 0


def _read(file: BinaryIO, skipped: int, start: int, end: int) -> bytes:
    file.seek(start + skipped)
    return file.read(end - start)
