"""What the browser runs: the files that Vite built from `web/` into `static/`, where they are.

Their names carry a hash of what they hold, so that browsers keep them for ever. Without them the
pages are plain HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.problems import NOT_FOUND, Problem

router = APIRouter()
FOLDER = Path(__file__).resolve().parent.parent / "static"
MANIFEST = "manifest.json"
FOR_EVER = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
#: How a file lies packed beside itself, the better coding first.
PACKED = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True)
class Asset:
    """A file of the bundle in one coding."""

    body: bytes
    media_type: str
    coding: str


class Bundle:
    """A folder that Vite built; empty where there is none."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, str], Asset] = {}

    @cached_property
    def _manifest(self) -> dict[str, dict[str, object]]:
        path = self._folder / MANIFEST
        if not path.is_file():
            return {}
        found: dict[str, dict[str, object]] = json.loads(path.read_text("utf-8"))
        return found

    @property
    def present(self) -> bool:
        """True where the browser's part was built."""
        return bool(self._manifest)

    def tags(self, entry: str) -> Markup:
        """The elements of a page's head that load an entry (`src/ENTRY`), none where it isn't."""
        found = self._manifest.get(f"src/{entry}")
        if found is None:
            return Markup()
        needed = [found, *self._needed(found, set())]
        styles = [name for chunk in needed for name in _names(chunk.get("css"))]
        ahead = [str(chunk["file"]) for chunk in needed[1:]]
        return Markup("\n").join(
            [
                *(_link("stylesheet", name) for name in dict.fromkeys(styles)),
                *(_link("modulepreload", name) for name in ahead),
                Markup('<script type="module" src="/assets/{}"></script>').format(found["file"]),
            ]
        )

    def _needed(self, chunk: dict[str, object], seen: set[str]) -> Iterable[dict[str, object]]:
        for name in _names(chunk.get("imports")):
            if name not in seen:
                seen.add(name)
                yield self._manifest[name]
                yield from self._needed(self._manifest[name], seen)

    @cached_property
    def _names(self) -> frozenset[str]:
        chunks = self._manifest.values()
        return frozenset(
            name
            for chunk in chunks
            for key in ("file", "css", "assets")
            for name in _names(chunk.get(key))
        )

    def asset(self, name: str, accepted: str) -> Asset | None:
        """A file of the bundle in the best coding that is accepted; None for any other name."""
        if name not in self._names:
            return None
        taken = {
            part.partition(";")[0].strip() for part in accepted.split(",") if "q=0" not in part
        }
        codings = [coding for coding in PACKED if coding in taken]
        for coding in (*codings, ""):
            found = self._read(name, coding)
            if found:
                return found
        return None

    def _read(self, name: str, coding: str) -> Asset | None:
        known = self._kept.get((name, coding))
        path = self._folder / (name + PACKED.get(coding, ""))
        if known is None and path.is_file():
            media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
            known = self._kept[name, coding] = Asset(path.read_bytes(), media_type, coding)
        return known


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, list) else []


def _link(relation: str, name: str) -> Markup:
    return Markup('<link rel="{}" href="/assets/{}">').format(relation, name)


@router.get("/assets/{name}", summary="A file that pages load", include_in_schema=False)
async def asset(request: Request, name: str) -> Response:
    """A file of the bundle, under a name that changes with what it holds."""
    bundle: Bundle = request.app.state.bundle
    found = bundle.asset(name, request.headers.get("accept-encoding", ""))
    if found is None:
        raise Problem(NOT_FOUND, f"There is nothing at {request.url.path}.")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if found.coding:
        headers["Content-Encoding"] = found.coding
    return Response(found.body, headers=headers, media_type=found.media_type)
