"""Which methods an address takes: what OPTIONS and a 405 tell (RFC 9110 9.3.7, 10.2.1)."""

from __future__ import annotations

from starlette.routing import Match
from starlette.types import Scope

#: HEAD is a GET, and OPTIONS is answered everywhere.
_ASKED = ("DELETE", "GET", "PATCH", "POST", "PUT", "QUERY")


def allowed(scope: Scope) -> str:
    """The value of Allow for the address of a request that an app has taken."""
    routes = scope["app"].routes
    found = {"HEAD", "OPTIONS"}
    for method in _ASKED:
        asked = {**scope, "method": method}
        if any(route.matches(asked)[0] is Match.FULL for route in routes):
            found.add(method)
    return ", ".join(sorted(found))
