"""Reports to where they were asked for: `FORMAT` or `FORMAT=FILE`, several at once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from rskg.errors import OutputError, UsageError
from rskg.report.model import Report

_Told = Callable[[Report, str], str]


def _of(room: str, name: str) -> _Told:
    """A format's function, its module loaded when it is first called: a check is to start fast."""

    def told(report: Report, fail_on: str) -> str:
        return str(getattr(import_module(f"rskg.report.{room}"), name)(report, fail_on))

    return told


FORMATS: dict[str, _Told] = {
    "text": _of("text", "as_text"),
    "turtle": _of("graph", "as_turtle"),
    "jsonld": _of("graph", "as_jsonld"),
    "json": _of("flat", "as_json"),
    "csv": _of("flat", "as_csv"),
    "sarif": _of("sarif", "as_sarif"),
    "junit": _of("junit", "as_junit"),
    "github": _of("github", "as_github"),
    "html": _of("html", "as_html"),
}
_summary = _of("github", "as_summary")
#: Talk for the log, not data: it goes to standard error, where GitHub reads it as well.
_TALK = "github"
_SUMMARY = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True)
class Request:
    """A format, and the file that it goes to; None for the standard streams."""

    form: str
    path: Path | None = None


def requested(texts: Sequence[str]) -> tuple[Request, ...]:
    """What `--report` asked for; `text` where it asked for nothing.

    Raises UsageError for an unknown format, and for two that want the same place.
    """
    found = tuple(_request(text) for text in texts) or (Request("text"),)
    places = [request.path or request.form == _TALK for request in found]
    for place in places:
        if places.count(place) > 1:
            raise UsageError(
                f"two reports want {place if isinstance(place, Path) else 'the terminal'}: "
                "give each a file of its own, as in --report sarif=out.sarif"
            )
    return found


def write(report: Report, requests: Sequence[Request], fail_on: str) -> None:
    """Write each report; a file is there whole or not at all.

    Raises OutputError where a file can't be written.
    """
    for request in requests:
        text = FORMATS[request.form](report, fail_on)
        if request.path:
            _into(request.path, text)
        else:
            _say(text, sys.stderr.buffer if request.form == _TALK else sys.stdout.buffer)
        if request.form == _TALK and os.environ.get(_SUMMARY):
            _append(Path(os.environ[_SUMMARY]), _summary(report, fail_on))


def _request(text: str) -> Request:
    form, given, name = text.partition("=")
    if form not in FORMATS or (given and not name):
        raise UsageError(
            f"no report `{text}`: say FORMAT or FORMAT=FILE, with a format of {', '.join(FORMATS)}"
        )
    return Request(form, Path(name) if given else None)


def _say(text: str, stream: BinaryIO) -> None:
    stream.write(text.encode("utf-8", "replace"))
    stream.flush()


def _into(path: Path, text: str) -> None:
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode("utf-8", "replace"))
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        raise OutputError(f"the report {path} can't be written: {error.strerror}") from error


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8", errors="replace") as out:
            out.write(text)
    except OSError as error:
        raise OutputError(f"the summary {path} can't be written: {error.strerror}") from error
