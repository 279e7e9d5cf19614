"""What changed, as an Atom feed (RFC 4287): one entry a revision, newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.history import History
from rskg.endpoint.http.representation import digest
from rskg.endpoint.pages.visit import Visiting
from rskg.namespaces import BASE
from rskg.store import Revision

router = APIRouter()
MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
#: So many revisions are told; `/revisions` has all.
ENTRIES = 50
#: Characters that no XML document may hold (XML 1.0, 2.2).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@router.get("/feed", summary="What changed, newest first, as an Atom feed")
async def feed(request: Request, visit: Visiting) -> Response:
    """An entry for each of the last 50 revisions, which links to its page and its difference."""
    revisions: History = request.app.state.revisions
    known = [revisions.describe(number) for number in revisions.numbers()[-ENTRIES - 1 :]]
    body = atom(str(request.base_url).rstrip("/"), known)
    headers = visit.headers(digest(body))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


def atom(base: str, revisions: Sequence[Revision]) -> bytes:
    """The feed of a host at the address `base`, of revisions that come oldest first."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "id", f"{BASE}feed")
    _text(root, "title", "rskg: what changed in the knowledge graph of responsible sourcing")
    _text(root, "updated", revisions[-1].made)
    _text(ElementTree.SubElement(root, "author"), "name", "rskg")
    _link(root, "self", f"{base}/feed", MEDIA_TYPE)
    _link(root, "alternate", f"{base}/revisions", "text/html")
    before = [None, *revisions] if len(revisions) <= ENTRIES else list(revisions)
    for older, revision in reversed([*pairwise(before)]):
        if revision is not None:
            _entry(root, base, older, revision)
    text = ElementTree.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def _entry(
    root: ElementTree.Element, base: str, older: Revision | None, revision: Revision
) -> None:
    entry = ElementTree.SubElement(root, "entry")
    _text(entry, "id", f"{BASE}revisions/{revision.number}")
    name = f"Release {', '.join(revision.names)}: r" if revision.names else "R"
    _text(entry, "title", f"{name}evision {revision.number}, {revision.note}")
    _text(entry, "updated", revision.made)
    _link(entry, "alternate", f"{base}/revisions/{revision.number}", "text/html")
    said = [f"{revision.note}."]
    if older is not None:
        sides = f"from={older.number}&to={revision.number}"
        _link(entry, "related", f"{base}/revisions/diff?{sides}", "text/html")
    if revision.triples is not None:
        said.append(f"The default graph has {revision.triples:,} triples")
        if older is not None and older.triples is not None:
            said[-1] += f", {revision.triples - older.triples:+,} since revision {older.number}"
        said[-1] += "."
    _text(entry, "summary", " ".join(said))


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _NO_XML.sub(" ", text)


def _link(parent: ElementTree.Element, relation: str, address: str, media_type: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": relation, "href": address, "type": media_type})
