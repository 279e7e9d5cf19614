"""The shacl engine behind our own result type.

It gets documents as they are written, through a named pipe: its parser is ours, and a document
that isn't kept in memory twice is what makes a million statements fit. It numbers blank nodes in
the order of their first mention, those of the shapes first; we count from the data's first one.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import shacl

from rskg.errors import InputError, ShapesError
from rskg.report import Result
from rskg.syntax import BlankNode, Source, Triple
from rskg.validation import feed, inner

_FORMATS = {"nt": "ntriples", "ttl": "turtle"}
_BLANK = re.compile(r"_:0_b(\d+)")


class Engine:
    """Shapes, compiled once; raises ShapesError for ill-formed ones (SHACL 3.4.3)."""

    def __init__(self, shapes: Sequence[Triple]) -> None:
        shapes = inner.by_path(shapes)
        try:
            self._compiled = shacl.Shapes.from_text(lines(shapes), format="ntriples")
        except ValueError as error:
            raise ShapesError(f"the shapes can't be used: {_reason(error)}") from error
        ends = (end for triple in shapes for end in (triple.subject, triple.object))
        self._blank = len({end for end in ends if isinstance(end, BlankNode)})

    def run(self, data: Iterable[Triple]) -> list[Result]:
        """Every SHACL result over a graph in memory."""
        return self.run_lines(lines(data))

    def run_lines(self, text: str) -> list[Result]:
        """The same over a graph that is written as N-Triples."""
        try:
            return self._told(self._compiled.validate_text(text, format="ntriples"))
        except ValueError as error:
            raise ShapesError(f"the shapes can't be used: {_reason(error)}") from error

    def check(self, sources: Sequence[Source], context: bytes) -> list[Result]:
        """The same over documents, with a context as N-Triples that has no blank nodes.

        Raises InputError where a document's syntax is wrong.
        """
        try:
            form, alone = feed.form(sources), len(sources) == 1 and not context
            file = sources[0].plain() if alone else None
            if file and file.suffix == f".{form}":  # what needs no pipe is read from where it is
                return self._told(self._compiled.validate_file(str(file)))
            return self._stream(feed.text(sources, context), form)
        except ValueError as error:
            if str(error).startswith("parse error"):
                raise InputError(f"the documents can't be read: {error}") from error
            raise ShapesError(f"the shapes can't be used: {_reason(error)}") from error

    def _stream(self, text: Iterator[bytes], form: str) -> list[Result]:
        if not hasattr(os, "mkfifo"):
            whole = b"".join(text).decode()
            return self._told(self._compiled.validate_text(whole, format=_FORMATS[form]))
        with tempfile.TemporaryDirectory(prefix="rskg-") as folder, ThreadPoolExecutor(2) as pool:
            pipe = Path(folder) / f"data.{form}"
            os.mkfifo(pipe)
            reading = pool.submit(self._compiled.validate_file, str(pipe))
            writing = pool.submit(_write, pipe, text)
            reading.exception()
            _release(pipe)
            writing.result()  # what was wrong with the documents explains the engine's error
            return self._told(reading.result())

    def _told(self, report: shacl.Report) -> list[Result]:
        return [self._result(found) for found in report.results]

    def _result(self, found: shacl.Result) -> Result:
        source = found.source_shape or ""
        return Result(
            focus=self._renumbered(found.focus_node),
            path=found.path,
            value=found.value and self._renumbered(found.value),
            component=found.component,
            severity=found.severity,
            shape=(source if source.startswith("<") else found.root_shape or source).strip("<>"),
            messages=tuple(found.messages),
        )

    def _renumbered(self, term: str) -> str:
        blank = _BLANK.fullmatch(term)
        return f"_:b{int(blank[1]) - self._blank}" if blank else term


def run(data: Sequence[Triple], shapes: Sequence[Triple]) -> list[Result]:
    """Every SHACL result over the data graph; raises ShapesError for ill-formed shapes."""
    return Engine(shapes).run(data)


def lines(triples: Iterable[Triple]) -> str:
    """Triples as N-Triples."""
    return "".join(f"{triple} .\n" for triple in triples)


def _reason(error: ValueError) -> str:
    """The engine's words in one line, without what its SPARQL parser might have expected."""
    said = " ".join(str(error).split())
    place = re.match(r"SPARQL error: error at (\d+):(\d+)", said)
    if place:
        return f"the SPARQL of a constraint doesn't parse, line {place[1]} column {place[2]} of it"
    return said


def _write(pipe: Path, text: Iterator[bytes]) -> None:
    # a broken pipe: the engine found the syntax wrong and stopped reading, and will say so
    with suppress(BrokenPipeError), pipe.open("wb") as file:
        for chunk in text:
            file.write(chunk)


def _release(pipe: Path) -> None:
    """Open the pipe for reading once, so that a writer still waiting for a reader goes on."""
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
