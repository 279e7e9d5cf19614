"""What a request wants: a page, or one of the formats that a resource offers.

The choice by q-values itself is `rskg.syntax.negotiate`; here a page joins the offer, and
`format=` with a short name overrules the Accept header.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from starlette.requests import Request

from rskg.errors import NotAcceptable
from rskg.syntax import GRAPH_FORMATS, SOLUTION_FORMATS, Format, format_named, negotiate

#: A page as one more offer.
PAGE = Format("html", "text/html", ("application/xhtml+xml",))
TRIPLE_FORMATS = tuple(form for form in GRAPH_FORMATS if form.name not in ("nq", "trig"))
DOCUMENT_FORMATS = (PAGE, *TRIPLE_FORMATS)
QUERY_FORMATS = (*SOLUTION_FORMATS, *GRAPH_FORMATS, PAGE)
ANSWER_FORMATS = (*SOLUTION_FORMATS, *GRAPH_FORMATS)
F = TypeVar("F", bound=Format)


def chosen(request: Request, offered: Sequence[F]) -> F:
    """The format of the answer by `format=` or by Accept; NotAcceptable where none fits."""
    name = request.query_params.get("format", "").strip()
    accept = accepted(request)
    choice = format_named(name, offered) if name else negotiate(accept, offered)
    if choice is None:
        raise NotAcceptable(name or accept or "", [form.media_type for form in offered])
    return choice


def accepted(request: Request) -> str | None:
    """What the Accept headers say together (RFC 9110 5.3); None where there is none."""
    return ", ".join(request.headers.getlist("accept")) or None


def is_page(form: Format) -> bool:
    """True when a person with a browser is to read the answer."""
    return form.name == PAGE.name


def wants_page(request: Request) -> bool:
    """True when the Accept header names HTML and prefers it to data."""
    accept = accepted(request) or ""
    if "html" not in accept.lower():
        return False
    choice = negotiate(accept, QUERY_FORMATS)
    return choice is not None and is_page(choice)


def suffix_of(path: str, offered: Sequence[Format]) -> tuple[str, Format | None]:
    """A path without its `.ttl`, `.html` …, and the format that the ending names."""
    stem, dot, ending = path.rpartition(".")
    form = next((form for form in offered if form.name == ending), None) if dot else None
    return (stem, form) if form else (path, None)
