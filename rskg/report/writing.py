"""Reports to where they were asked for: `FORMAT` or `FORMAT=FILE`, several at once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rskg.errors import OutputError, UsageError
from rskg.report.flat import as_csv, as_json
from rskg.report.github import as_github, as_summary
from rskg.report.graph import as_jsonld, as_turtle
from rskg.report.html import as_html
from rskg.report.junit import as_junit
from rskg.report.model import Report
from rskg.report.sarif import as_sarif
from rskg.report.text import as_text

FORMATS: dict[str, Callable[[Report, str], str]] = {
    "text": as_text,
    "turtle": as_turtle,
    "jsonld": as_jsonld,
    "json": as_json,
    "csv": as_csv,
    "sarif": as_sarif,
    "junit": as_junit,
    "github": as_github,
    "html": as_html,
}
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
            _append(Path(os.environ[_SUMMARY]), as_summary(report, fail_on))


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
