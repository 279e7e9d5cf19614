"""Every setting, in one tuple: the command line and the docs read it from here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from rskg.errors import UsageError

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)?")


@dataclass(frozen=True)
class Setting:
    """A setting: its environment variable, its default as text, what it is for."""

    variable: str
    default: str
    help: str

    def value(self) -> str:
        """The environment's value, else the default."""
        return os.environ.get(self.variable) or self.default

    def number(self) -> float:
        """The value as a number above 0; raises UsageError where it is none."""
        try:
            number = float(self.value())
        except ValueError as error:
            raise UsageError(f"{self.variable} takes a number, not {self.value()!r}") from error
        if not 0 < number < float("inf"):
            raise UsageError(f"{self.variable} takes a number above 0, not {self.value()!r}")
        return number


def duration(text: str) -> float:
    """Seconds from `30`, `30s` or `500ms`; raises UsageError."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or float(match[1]) == 0:
        raise UsageError(f"timeout takes seconds (30, 30s) or milliseconds (500ms), not {text!r}")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def inherited(**more: str) -> dict[str, str]:
    """The environment of a process that works for this one: all of its own but the secrets."""
    secret = {setting.variable for setting in SECRETS}
    return {name: value for name, value in os.environ.items() if name not in secret} | more


STORE = Setting("RSKG_STORE", ".rskg/store", "folder of the store")
FILES = Setting("RSKG_FILES", "", "folder that holds ontology/, shapes/, data/ and queries/")
MAX_REQUEST_BYTES = Setting("RSKG_MAX_REQUEST_BYTES", "1000000", "largest query text, in bytes")
MAX_WRITE_BYTES = Setting(
    "RSKG_MAX_WRITE_BYTES", "100000000", "largest update or document of a write, in bytes"
)
REQUEST_SECONDS = Setting(
    "RSKG_REQUEST_SECONDS",
    "30",
    "how long a request may take to arrive; its body has a second more for each 10 kB",
)
ADMIN_TOKEN = Setting(
    "RSKG_ADMIN_TOKEN", "", "the token that a write to a bare store must carry; none: no writes"
)
TOKEN = Setting("RSKG_TOKEN", "", "the token by which `rskg contribute` sends")
#: How the address of an engine starts, where a store may be one: `sparql+https://HOST/…`.
ENGINE_SCHEME = "sparql+"
ENGINE_USER = Setting("RSKG_ENGINE_USER", "", "who asks and writes where the store is an engine")
ENGINE_PASSWORD = Setting("RSKG_ENGINE_PASSWORD", "", "the password of that user")
QUERY_SECONDS = Setting("RSKG_QUERY_SECONDS", "30", "time budget of a query, in seconds")
QUERY_MEMORY = Setting("RSKG_QUERY_MEMORY", "1000000000", "memory budget of a query, in bytes")
QUERY_ROWS = Setting("RSKG_QUERY_ROWS", "1000000", "most rows in an answer")
QUERY_BYTES = Setting("RSKG_QUERY_BYTES", "100000000", "largest answer, in bytes")
WHOLE_BYTES = Setting(
    "RSKG_WHOLE_BYTES", "8000000", "an answer up to here is complete before its status is sent"
)
TRANSFER_SECONDS = Setting(
    "RSKG_TRANSFER_SECONDS", "60", "how long a larger answer may wait for its reader, in all"
)
KEEP_REVISIONS = Setting("RSKG_KEEP_REVISIONS", "20", "how many unnamed revisions are kept")
WORKERS = Setting(
    "RSKG_WORKERS", "", "how many short queries run at once (default: the cores; 8 on an engine)"
)
ACCESS_LOG = Setting(
    "RSKG_ACCESS_LOG", "on", "requests on standard error: off, on, network or client (who asked)"
)
AHEAD_SECONDS = Setting(
    "RSKG_AHEAD_SECONDS",
    "1",
    "how long a revision is the newest before its overview pages are prepared, in seconds, or off",
)
CHECK_SECONDS = Setting("RSKG_CHECK_SECONDS", "600", "time budget of a check of files, in seconds")
CHECK_MEMORY = Setting(
    "RSKG_CHECK_MEMORY", "4000000000", "memory budget of a check of files, in bytes"
)
CHECK_BYTES = Setting(
    "RSKG_CHECK_BYTES", "2000000000", "largest document to check, once unpacked, in bytes"
)
CHECK_TRIPLES = Setting("RSKG_CHECK_TRIPLES", "20000000", "most triples in a document to check")
CONTRIBUTION_BYTES = Setting(
    "RSKG_CONTRIBUTION_BYTES", "100000000", "largest contribution, packed or unpacked, in bytes"
)
CONTRIBUTION_TRIPLES = Setting(
    "RSKG_CONTRIBUTION_TRIPLES", "1000000", "most triples in a contribution"
)
CONTRIBUTION_SECONDS = Setting(
    "RSKG_CONTRIBUTION_SECONDS", "300", "time budget of a contribution, in seconds"
)
RECEIVE_SECONDS = Setting(
    "RSKG_RECEIVE_SECONDS", "60", "how long a sender may take beyond 100 kB a second"
)
VALIDATE_SECONDS = Setting(
    "RSKG_VALIDATE_SECONDS", "30", "time budget of a check over HTTP, in seconds"
)
VALIDATE_MEMORY = Setting(
    "RSKG_VALIDATE_MEMORY", "1000000000", "memory budget of a check over HTTP, in bytes"
)
VALIDATE_BYTES = Setting(
    "RSKG_VALIDATE_BYTES",
    "20000000",
    "largest request to /validate, and largest document in it once unpacked, in bytes",
)
VALIDATE_AT_ONCE = Setting(
    "RSKG_VALIDATE_AT_ONCE", "2", "how many checks over HTTP run at once; 20 more may wait"
)
MCP_HOSTS = Setting(
    "RSKG_MCP_HOSTS",
    "127.0.0.1 localhost [::1]",
    "the names by which clients and pages may ask /mcp (Host, Origin), at any port",
)

SETTINGS = (
    STORE,
    FILES,
    MAX_REQUEST_BYTES,
    MAX_WRITE_BYTES,
    REQUEST_SECONDS,
    ADMIN_TOKEN,
    TOKEN,
    QUERY_SECONDS,
    QUERY_MEMORY,
    QUERY_ROWS,
    QUERY_BYTES,
    WHOLE_BYTES,
    TRANSFER_SECONDS,
    KEEP_REVISIONS,
    AHEAD_SECONDS,
    WORKERS,
    ACCESS_LOG,
    CHECK_SECONDS,
    CHECK_MEMORY,
    CHECK_BYTES,
    CHECK_TRIPLES,
    CONTRIBUTION_BYTES,
    CONTRIBUTION_TRIPLES,
    CONTRIBUTION_SECONDS,
    RECEIVE_SECONDS,
    VALIDATE_SECONDS,
    VALIDATE_MEMORY,
    VALIDATE_BYTES,
    VALIDATE_AT_ONCE,
    MCP_HOSTS,
    ENGINE_USER,
    ENGINE_PASSWORD,
)
#: What no process needs but the one that was given it.
SECRETS = (ADMIN_TOKEN, TOKEN, ENGINE_PASSWORD)
