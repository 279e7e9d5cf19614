"""Raw writes: who may, and what they are told. Only a bare store takes them.

Bearer tokens: RFC 6750. A write is answered when its revision is published and every query from
then on is asked of it.
"""

from __future__ import annotations

import hmac
import logging

from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.problems import NO_TOKEN, NO_WRITES, NOT_FOUND, UNWRITABLE, Problem
from rskg.errors import StoreError
from rskg.settings import ADMIN_TOKEN
from rskg.store.writes.orders import Order
from rskg.store.writes.writer import UnknownGraph, Writer

LOG = logging.getLogger("rskg.endpoint")
_CHALLENGE = 'Bearer realm="rskg"'


def permit(request: Request) -> None:
    """Raise a Problem unless the store is bare and the request carries the admin's token."""
    if request.app.state.mode != "bare":
        raise Problem(
            NO_WRITES,
            "This store is built from files and contributions: offer yours at /contributions.",
            {"contributions": "/contributions"},
        )
    token = ADMIN_TOKEN.value()
    if not token:
        raise Problem(
            NO_WRITES, f"This server was started without {ADMIN_TOKEN.variable}: nobody may write."
        )
    scheme, _, given = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise Problem(
            NO_TOKEN,
            "A write needs the administrator's token.",
            headers={"WWW-Authenticate": _CHALLENGE},
        )
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise Problem(
            NO_TOKEN,
            "This isn't the administrator's token.",
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
        )


async def done(
    request: Request, order: Order, timeout: str | None = None, location: str | None = None
) -> Response:
    """Write; 201 when a graph is new, else 204, with the revision that holds it."""
    writer: Writer = request.app.state.writer
    evaluator: Evaluator = request.app.state.evaluator
    try:
        written = await writer.write(order, timeout)
    except UnknownGraph as error:
        raise Problem(NOT_FOUND, f"{str(error).capitalize()}.") from error
    except StoreError as error:
        LOG.warning("the store can't be written: %s", error)
        raise Problem(UNWRITABLE, f"{error}.", headers={"Retry-After": "5"}) from error
    evaluator.current()
    headers = {
        "Revision": str(written.revision),
        "Link": '</revisions>; rel="version-history"',
        "Cache-Control": "no-store",
    }
    if location is not None:
        headers["Location"] = location
    return Response(status_code=201 if written.created else 204, headers=headers)
