"""Pages as they were (RFC 7089): a date chooses a revision, and an answer tells its own.

An address without `revision=` is the original and its own time gate; with `Accept-Datetime` it
answers from the revision that was the newest then. `Content-Location` is where that answer stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from rskg.endpoint.problems import PARAMETER, Problem
from rskg.store import Revision

TIMEMAP = "application/link-format"
#: Addresses that show no state of the graph, or many.
_ASIDE = ("/sparql", "/revisions", "/feed", "/search", "/health", "/docs")


def remembers(request: Request) -> bool:
    """True for an address whose answers are states of the graph, where those are kept."""
    if request.method != "GET" or request.url.path.startswith(_ASIDE):
        return False
    return bool(request.app.state.revisions.keeps)


def made_at(revision: Revision) -> datetime:
    """When a revision was made."""
    return datetime.strptime(revision.made, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def then(header: str, revisions: Sequence[Revision]) -> int:
    """The newest of some revisions, oldest first, at the date of an `Accept-Datetime`.

    The first one for any date before it. Raises a Problem for what is no date.
    """
    try:
        wanted = parsedate_to_datetime(header)
    except ValueError as error:
        raise Problem(
            PARAMETER,
            f"Accept-Datetime takes a date like {format_datetime(datetime.now(UTC), usegmt=True)}.",
            {"parameter": "Accept-Datetime"},
        ) from error
    wanted = wanted.replace(tzinfo=wanted.tzinfo or UTC)
    known = [each for each in revisions if made_at(each) <= wanted]
    return (known or list(revisions[:1]))[-1].number


def headers(request: Request, revision: Revision) -> dict[str, str]:
    """What an answer from a revision says of when it was so, and where the others are."""
    original = _at(request, None)
    told = {"Memento-Datetime": format_datetime(made_at(revision), usegmt=True)}
    told["Link"] = (
        f'<{original}>; rel="original timegate", '
        f'</revisions/timemap{original}>; rel="timemap"; type="{TIMEMAP}"'
    )
    if "revision" not in request.query_params:
        told["Content-Location"] = _at(request, revision.number)
        told["Vary"] = "Accept, Accept-Datetime"
    return told


def timemap(base: str, original: str, revisions: Sequence[Revision]) -> str:
    """The states of an address in time, oldest first, in link format."""
    mark = "&" if "?" in original else "?"
    lines = [
        f'<{base}{original}>; rel="original timegate"',
        f'<{base}/revisions/timemap{original}>; rel="self"; type="{TIMEMAP}"',
    ]
    for place, each in enumerate(revisions):
        ends = [("first", place == 0), ("last", place == len(revisions) - 1)]
        relation = " ".join([*(name for name, holds in ends if holds), "memento"])
        date = format_datetime(made_at(each), usegmt=True)
        address = f"{base}{original}{mark}revision={each.number}"
        lines.append(f'<{address}>; rel="{relation}"; datetime="{date}"')
    return ",\n".join(lines) + "\n"


def _at(request: Request, number: int | None) -> str:
    """This address at a revision, or at none."""
    fields = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [(name, value) for name, value in fields if name != "revision"]
    if number is not None:
        kept.append(("revision", str(number)))
    path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii")
    path = path.partition("?")[0]
    return f"{path}?{urlencode(kept)}" if kept else path
