"""How an answer identifies itself over HTTP: its ETag and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from uuid import uuid4

from rskg.store import Answer
from rskg.store.ask import Ask
from rskg.store.reach import calls_service

VERSIONS = '</revisions>; rel="version-history"'
VARY = "Accept"
CACHING = "public, no-cache"

RawHeaders = list[tuple[bytes, bytes]]

#: What is the same in the head of every answer to a query.
FIXED = [
    (b"link", VERSIONS.encode()),
    (b"vary", VARY.encode()),
    (b"cache-control", CACHING.encode()),
]


def digest(*parts: bytes | str | int) -> str:
    """A short hash of what decides an answer."""
    text = b"\0".join([p if isinstance(p, bytes) else str(p).encode() for p in parts])
    return blake2b(text, digest_size=12).hexdigest()


def identity(ask: Ask, revision: int, media_type: str) -> str:
    """The hash in the ETag of a query's answer; another one each time where others are asked."""
    once = uuid4().hex if calls_service(ask.query) else ""
    graphs = "|".join((*ask.default_graphs, "named", *ask.named_graphs))
    return digest(revision, ask.query, graphs, media_type, once)


def etag(revision: int, hashed: str) -> str:
    """A strong ETag (RFC 9110 8.8.3); it begins with the revision that answered."""
    return f'"{revision}-{hashed}"'


def said(revision: int, hashed: str, links: Sequence[str] = ()) -> dict[str, str]:
    """What every answer from the graph says about itself, with more links where there are."""
    return {
        "ETag": etag(revision, hashed),
        "Revision": str(revision),
        "Link": ", ".join((VERSIONS, *links)),
        "Vary": VARY,
        "Cache-Control": CACHING,
    }


def raw_headers(answer: Answer, ask: Ask, revision: int) -> RawHeaders:
    """The same for a complete answer to a query, with its type and length, as ASGI takes them."""
    return [*own_headers(answer, ask, revision), *FIXED]


def own_headers(answer: Answer, ask: Ask, revision: int) -> RawHeaders:
    """Those of them that are the answer's own."""
    form = answer.format
    hashed = identity(ask, revision, form.media_type)
    return [
        (b"content-type", _encoded(form.content_type)),
        (b"content-length", b"%d" % len(answer.body)),
        (b"etag", etag(revision, hashed).encode()),
        (b"revision", b"%d" % revision),
    ]


@lru_cache(maxsize=64)
def _encoded(text: str) -> bytes:
    return text.encode("latin-1")
