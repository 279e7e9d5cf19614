"""The access log: a line of JSON a request, on standard error.

No text of a query, no parameter, no header and no path as it was sent: a query is told by its
digest, the address by its route. Of the client it says what the operator asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import sys
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from rskg.endpoint.http.representation import digest
from rskg.errors import UsageError
from rskg.settings import ACCESS_LOG

#: What may be logged: nothing, no clients, their networks, their addresses.
OFF, ON, NETWORK, CLIENT = CHOICES = ("off", "on", "network", "client")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "OPTIONS"))
#: How long lines are gathered before they are written, in seconds.
GATHERED = 0.1
_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
_NETWORKS = {4: 24, 6: 48}


class Entry(NamedTuple):
    """What is known of a request when it is over, at `time`; `size` is what was sent, in bytes."""

    time: float
    method: str
    route: str
    status: int
    size: int
    seconds: float
    revision: int | None
    query: str | None
    cut: bool
    client: str


class AccessLog:
    """Gathers lines and writes them together; belongs to the running loop."""

    def __init__(self, choice: str = ON) -> None:
        self._choice = choice
        self._entries: list[Entry] = []

    def note(self, entry: Entry) -> None:
        """Log a request."""
        if not self._entries:
            asyncio.get_running_loop().call_later(GATHERED, self.flush)
        self._entries.append(entry)

    def flush(self) -> None:
        """Write what was gathered; a log that can't be written holds nobody up."""
        entries, self._entries = self._entries, []
        lines = b"".join([line(entry, self._choice) for entry in entries])
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(lines.decode())
            sys.stderr.flush()


def log_of_settings() -> AccessLog | None:
    """The operator's access log, None for none; raises UsageError for an unknown choice."""
    choice = ACCESS_LOG.value().strip().lower()
    if choice not in CHOICES:
        raise UsageError(f"{ACCESS_LOG.variable} takes one of {', '.join(CHOICES)}, not {choice!r}")
    return None if choice == OFF else AccessLog(choice)


def line(entry: Entry, choice: str) -> bytes:
    """One line, with its end."""
    told: dict[str, object] = {
        "time": datetime.fromtimestamp(entry.time, UTC),
        "method": entry.method if entry.method in METHODS else "other",
        "route": entry.route,
        "status": entry.status,
        "bytes": entry.size,
        "ms": round(entry.seconds * 1000, 2),
    }
    if entry.revision is not None:
        told["revision"] = entry.revision
    if entry.query is not None:
        told["query"] = digest(entry.query)
    if entry.cut:
        told["cut"] = True
    if choice in (NETWORK, CLIENT) and entry.client:
        told["client"] = entry.client if choice == CLIENT else network(entry.client)
    return orjson.dumps(told, option=_OPTIONS)


def network(address: str) -> str:
    """The network that an address belongs to, a /24 or a /48; "" for what is no address."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network((known, _NETWORKS[known.version]), strict=False))
