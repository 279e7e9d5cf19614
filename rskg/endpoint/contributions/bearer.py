"""Who contributes: a partner's token in the request (RFC 6750), and how often one was wrong."""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import UTC, datetime

from starlette.requests import Request

from rskg.contribution.partners import Grant, Partners
from rskg.endpoint.problems import FAILED_OFTEN, NO_TOKEN, NOT_YOURS, Problem

_CHALLENGE = 'Bearer realm="rskg"'
#: So many wrong tokens may come from one address in so many seconds.
MOST_FAILURES, WINDOW = 10, 60.0
#: So many addresses are remembered.
_ADDRESSES = 10_000


class Failures:
    """How many wrong tokens came from which address lately."""

    def __init__(self) -> None:
        self._since: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, address: str) -> float:
        """For how many seconds nobody is let in from there; 0 for none."""
        begun, number = self._since.get(address, (0.0, 0))
        left = begun + WINDOW - time.monotonic()
        return max(left, 0.0) if number >= MOST_FAILURES else 0.0

    def note(self, address: str) -> None:
        """Another wrong one came."""
        now = time.monotonic()
        begun, number = self._since.pop(address, (now, 0))
        self._since[address] = (begun, number + 1) if now - begun < WINDOW else (now, 1)
        if len(self._since) > _ADDRESSES:
            self._since.popitem(last=False)


def grant_of(request: Request) -> Grant:
    """What the request's token allows; a Problem without one, with a wrong one, or after many."""
    state = request.app.state
    if state.closed is not None:
        raise state.closed.problem()
    partners: Partners = state.partners
    failures: Failures = state.failures
    address = request.client.host if request.client else ""
    wait = failures.wait(address)
    if wait:
        raise Problem(
            FAILED_OFTEN,
            f"{MOST_FAILURES} wrong tokens came from your address within {WINDOW:.0f} seconds.",
            headers={"Retry-After": str(int(wait) + 1)},
        )
    scheme, _, given = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise Problem(
            NO_TOKEN, "A contribution needs a token.", headers={"WWW-Authenticate": _CHALLENGE}
        )
    grant = partners.holder(given.strip(), datetime.now(UTC))
    if grant is None:
        failures.note(address)
        raise Problem(
            NO_TOKEN,
            "This token isn't known, has expired or was revoked.",
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
        )
    return grant


def require_dataset(grant: Grant, dataset: str) -> None:
    """A Problem unless the token is for this dataset."""
    if dataset != grant.dataset:
        raise Problem(
            NOT_YOURS,
            f"This token is for the dataset {grant.dataset} alone.",
            {"dataset": grant.dataset},
            {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope"'},
        )
