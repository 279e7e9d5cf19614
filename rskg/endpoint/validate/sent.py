"""What a request to `/validate` brings: documents, shapes, and how the report is to be.

A body is a document, or a form: `document` (text, or files such as a table beside its map.rq),
`shapes` (the name of one of ours, or documents), `report`, `fail-on`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from rskg.endpoint.exchange.requests import FORM, bytes_of, coding_of, sent_type
from rskg.endpoint.problems import MEDIA_TYPE, PARAMETER, Problem
from rskg.settings import VALIDATE_BYTES
from rskg.syntax import GRAPH_FORMATS, format_named, source, source_of

MULTIPART = "multipart/form-data"
#: How a body may be packed, and the name's ending that says so.
PACKED = {"gzip": ".gz", "zstd": ".zst"}
_PACKED_TYPES = {"application/gzip": ".gz", "application/zstd": ".zst"}
#: Types that say nothing: the document says what it is by how it begins.
_ANY = ("", "text/plain", "application/octet-stream")
_TABLE = {"text/csv": ".csv", "application/sparql-query": ".rq"}
_ENDINGS = {"jsonld": ".jsonld", "rdfxml": ".rdf"}
_OTHERS = (".csv", ".rq")
#: The most documents of one request.
MOST = 100
_FIELDS = ("report", "fail-on")


@dataclass(frozen=True)
class Upload:
    """A document under the name that reports tell it by."""

    name: str
    content: bytes


@dataclass
class Sent:
    """What was sent; `choice` names a shape of ours, "" all of them."""

    documents: list[Upload] = field(default_factory=list)
    shapes: list[Upload] = field(default_factory=list)
    choice: str = ""
    report: str = ""
    fail_on: str = ""
    #: True for what was filled in on a page.
    by_form: bool = False


async def sent(request: Request) -> Sent:
    """Read the request; a Problem tells what is wrong with it."""
    told, kind = Sent(), sent_type(request)
    for name, value in request.query_params.multi_items():
        _field(told, name, value)
    if kind == MULTIPART:
        await _parts(told, request)
    elif kind == FORM:
        body = await bytes_of(request, VALIDATE_BYTES)
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        told.by_form = True
        for name, value in fields:
            _field(told, name, value)
    else:
        ending = PACKED.get(coding_of(request), "")
        _require_known(kind)
        body = await bytes_of(request, VALIDATE_BYTES, PACKED)
        told.documents.append(_upload("document", kind, body, told.documents, ending))
    if not told.documents:
        raise Problem(
            PARAMETER, "Send a document, or one as `document`.", {"parameter": "document"}
        )
    return told


def typed(text: str) -> Sent:
    """A document given as text, which says by how it begins what it is."""
    return Sent([_upload("document", "", text.encode(), [])])


def write(uploads: Sequence[Upload], folder: Path) -> tuple[str, ...]:
    """Put documents into a folder; their paths."""
    folder.mkdir(exist_ok=True)
    for upload in uploads:
        (folder / upload.name).write_bytes(upload.content)
    return tuple(str(folder / upload.name) for upload in uploads)


async def _parts(told: Sent, request: Request) -> None:
    body = await bytes_of(request, VALIDATE_BYTES)

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        form = await Request(request.scope, again).form(
            max_files=MOST, max_fields=MOST, max_part_size=len(body) + 1
        )
    except HTTPException as error:
        raise Problem(PARAMETER, f"The form can't be read: {error.detail}.") from error
    told.by_form = True
    try:
        for name, part in form.multi_items():
            if isinstance(part, str):
                _field(told, name, part)
            elif part.filename or part.size:
                await _file(told, name, part)
    finally:
        await form.close()


async def _file(told: Sent, name: str, part: UploadFile) -> None:
    uploads = {"document": told.documents, "shapes": told.shapes}.get(name)
    if uploads is None:
        raise _unknown(name)
    kind = (part.content_type or "").partition(";")[0].strip().lower()
    uploads.append(_upload(part.filename or name, kind, await part.read(), uploads))


def _field(told: Sent, name: str, value: str) -> None:
    text = value.strip()
    if name == "document":
        if text:
            body = value.replace("\r\n", "\n").encode()  # what browsers make of a line's end
            told.documents.append(_upload("document", "", body, told.documents))
    elif name == "shapes":
        if _is_name(text):
            told.choice = text
        else:
            told.shapes.append(_upload("shapes", "", value.encode(), told.shapes))
    elif name in _FIELDS:
        setattr(told, name.replace("-", "_"), text)
    else:
        raise _unknown(name)


def _is_name(text: str) -> bool:
    """A name of ours rather than a document."""
    return re.fullmatch(r"[\w-]*", text) is not None


def _unknown(name: str) -> Problem:
    takes = "document, shapes, report, fail-on"
    return Problem(PARAMETER, f"There is no field `{name}` here: {takes}.", {"parameter": name})


def _upload(
    name: str, kind: str, content: bytes, others: Sequence[Upload], ending: str = ""
) -> Upload:
    """The document under a name that is a file's, one of its own, and says what it is."""
    clean = re.sub(r"[^\w.-]", "_", PurePath(name.replace("\\", "/")).name).lstrip(".")[-80:]
    clean = clean or "document"
    if not (_is_known(clean) or ending):
        _require_known(kind)
        ending = _PACKED_TYPES.get(kind, "")
    if not _is_known(clean):
        clean += _ending(kind, content, packed=bool(ending)) + ending
    taken = {other.name for other in others}
    number = 1
    while clean in taken:
        number += 1
        clean = f"{number}-{clean}"
    return Upload(clean, content)


def _is_known(name: str) -> bool:
    return source(Path(name)) is not None or PurePath(name).suffix in _OTHERS


def _ending(kind: str, content: bytes, *, packed: bool) -> str:
    form = None if kind in _ANY else format_named(kind, GRAPH_FORMATS)
    if form is not None:
        return _ENDINGS.get(form.name, f".{form.name}")
    if kind in _TABLE:
        return _TABLE[kind]
    if packed:
        return ".trig"  # reads Turtle too
    form_of = source_of(content, "").form
    if form_of.name == "TriG" and b"{" not in content:
        return ".ttl"
    return f".{form_of.file_extension}"


def _require_known(kind: str) -> None:
    if kind in _ANY or kind in _TABLE or kind in _PACKED_TYPES:
        return
    if format_named(kind, GRAPH_FORMATS) is None:
        accepted = [*(form.media_type for form in GRAPH_FORMATS), *_TABLE, MULTIPART, FORM]
        raise Problem(
            MEDIA_TYPE, f"A document of type {kind} isn't read here.", {"accepted": accepted}
        )
