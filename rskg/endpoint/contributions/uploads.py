"""A document as it comes in: into a file beside the revisions, bounded in size and in time."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.requests import Request

from rskg.contribution.documents import RECEIVING, suffix
from rskg.contribution.record import TABLES
from rskg.endpoint.exchange.requests import sent_type
from rskg.endpoint.http.negotiation import TRIPLE_FORMATS
from rskg.endpoint.problems import MEDIA_TYPE, TOO_LARGE, TOO_SLOW, UNWRITABLE, Problem
from rskg.settings import CONTRIBUTION_BYTES, RECEIVE_SECONDS
from rskg.syntax import GRAPH_FORMATS, format_named

#: How a body may be packed, by what Content-Encoding says.
_PACKED = {"": "", "identity": "", "gzip": "gz", "x-gzip": "gz", "zstd": "zst"}
#: Media types that don't say what the body is.
_VAGUE = ("text/plain", "application/json", "application/xml", "text/xml")
#: What a sender has to keep up with, in bytes a second.
_SLOWEST = 100_000


@dataclass(frozen=True)
class Upload:
    """A document that was received: its file, its size, its format and how it is packed."""

    path: Path
    form: str
    packed: str
    size: int = 0

    def discard(self) -> None:
        """Remove the file, unless it was moved to where documents are kept."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def form_of(request: Request) -> str:
    """The short name of the format that is sent; a Problem for one that isn't read."""
    sent = sent_type(request)
    table = next((name for name, media_type in TABLES.items() if sent == media_type), None)
    if table is not None:
        return table
    form = format_named(sent, GRAPH_FORMATS) if sent not in _VAGUE else None
    taken = [*(one.media_type for one in TRIPLE_FORMATS), *TABLES.values()]
    if form is not None and form not in TRIPLE_FORMATS:
        raise Problem(
            MEDIA_TYPE,
            f"{sent} names graphs, and a contribution is one graph, named here: send the triples "
            "of that graph.",
            {"accepted": taken},
        )
    if form is None:
        raise Problem(
            MEDIA_TYPE,
            f"A document of type {sent or 'nothing'} isn't read here.",
            {"accepted": taken},
        )
    return form.name


def packing_of(request: Request) -> str:
    """How the body is packed: "", gz or zst; a Problem for anything else."""
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding not in _PACKED:
        raise Problem(
            MEDIA_TYPE,
            f"A body packed with {coding} isn't read here.",
            headers={"Accept-Encoding": "gzip, zstd"},  # RFC 9110 15.5.16
        )
    return _PACKED[coding]


async def received(request: Request, root: Path) -> Upload:
    """The body in a file, to be discarded at the end; a Problem when it is too large or slow."""
    form, packed = form_of(request), packing_of(request)
    length = request.headers.get("content-length", "0")
    _require_room(int(length) if length.isdigit() else 0)
    name = f"{RECEIVING}{os.getpid()}-{secrets.token_hex(8)}{suffix(form, packed)}"
    upload = Upload(root / name, form, packed)
    try:
        return replace(upload, size=await _written(request, upload.path))
    except OSError as error:
        upload.discard()
        raise Problem(UNWRITABLE, "The document can't be kept right now.") from error
    except BaseException:
        upload.discard()
        raise


async def _written(request: Request, path: Path) -> int:
    size, begun = 0, time.monotonic()
    grace = RECEIVE_SECONDS.number()
    pieces = request.stream()
    with path.open("wb") as file:
        while True:
            patience = begun + grace + size / _SLOWEST - time.monotonic()
            try:
                async with asyncio.timeout(max(patience, 0.001)):
                    piece = await anext(pieces, None)
            except TimeoutError as error:
                raise Problem(
                    TOO_SLOW,
                    f"After {time.monotonic() - begun:.0f} seconds there were {size} bytes.",
                    headers={"Connection": "close"},
                ) from error
            if piece is None:
                return size
            size += len(piece)
            _require_room(size)
            file.write(piece)


def _require_room(size: int) -> None:
    most = int(CONTRIBUTION_BYTES.number())
    if size > most:
        raise Problem(
            TOO_LARGE,
            f"A contribution has at most {most} bytes: send it in parts.",
            {"limit": most, "setting": CONTRIBUTION_BYTES.variable},
        )
